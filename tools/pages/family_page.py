"""The page of a family of models: its parts and where they are, its shelf, its wiring, and the experiments it serves."""

from __future__ import annotations

from collections.abc import Mapping

from tools.pages import links, wires
from tools.pages.markdown import cell, code, filled_table, level_bar, many, table

from neurohumor import models
from neurohumor.build.flatten import flatten
from neurohumor.build.wire import wire
from neurohumor.evidence.evidence import MEANING, counts
from neurohumor.lang.decl import Influence
from neurohumor.lang.family import Family
from neurohumor.lang.model import Model, Part
from neurohumor.show.numbers import typed
from neurohumor.units import Quantity


def page(name: str) -> str:
    """The whole page as Markdown."""
    family = models.load(name)
    everybody = links.everybody(family)
    woman = next(iter(everybody.values()))
    pieces = [
        f"# {name}\n\n{family.doc}\n",
        _size(everybody),
        f'```python\nimport neurohumor\n\n{name} = neurohumor.load("{name}")\n```\n',
        _picture(woman),
        _parts(family, everybody),
        _shelf(family),
        _influences(woman),
        _wiring(woman),
        _served(name),
    ]
    return "\n".join(piece for piece in pieces if piece)


def _size(everybody: Mapping[str, Model]) -> str:
    rows = []
    for who, model in everybody.items():
        system = flatten(model)
        rows.append((who, *(str(len(x)) for x in (model.parts, system.states, system.params, system.inputs, system.derived))))
    known = counts(next(iter(everybody.values())))
    tally = "; ".join(f"{count} {MEANING[level]}" for level, count in known.items() if count)
    columns = ("person", "parts", "states", "numbers", "inputs", "derived rows")
    return table(columns, rows, right=range(1, 6)) + f"\n{level_bar(known)}\nNumbers: {tally}.\n"


def _picture(model: Model) -> str:
    drawn = wires.picture(model)
    if not drawn:
        return ""
    words = "A row hears a column; a larger dot, more quantities; their names show when it is pointed at.\n\n"
    return f'## Who hears whom\n\n{words}<div class="wires" data-search-exclude>{drawn}</div>\n'


def _parts(family: Family, everybody: Mapping[str, Model]) -> str:
    rows = []
    for name, (part, who) in _present(everybody).items():
        only = "" if len(who) == len(everybody) else f" ({', '.join(who)})"
        rows.append((code(name) + only, _module(part), part.here or "no place", _values(part)))
    return "## Parts\n\n" + filled_table(("part", "module", "here", "numbers set here"), rows)


def _present(everybody: Mapping[str, Model]) -> dict[str, tuple[Part, list[str]]]:
    found: dict[str, tuple[Part, list[str]]] = {}
    for who, model in everybody.items():
        for name, part in model.parts.items():
            found.setdefault(name, (part, []))[1].append(who)
    return found


def _module(part: Part) -> str:
    name = part.module.__name__
    return f"[{name}](../modules/{name}.md)" + (" (stand-in)" if part.module.stand_in else "")


def _values(part: Part) -> str:
    return ", ".join(f"`{name}` {value if isinstance(value, Quantity) else typed(value)}" for name, value in part.values.items())


def _shelf(family: Family) -> str:
    rows = [
        (
            code(name),
            cell(item.doc),
            ", ".join(_module(part) for part in item.parts.values()),
            "; ".join(f"{substance}, {route}" for substance, route in sorted(item.takes())),
            ", ".join(code(each) for each in item.replaces),
        )
        for name, item in family.shelf.items()
    ]
    if not rows:
        return ""
    words = "Taken in when a protocol gives what they take, or by name: `family.choose(...)`.\n\n"
    return "## On the shelf\n\n" + words + filled_table(("item", "what it is", "modules", "takes", "replaces"), rows)


def _influences(model: Model) -> str:
    rows = [
        (
            code(f"{name}.{x.name}"),
            code(x.target.replace("{here}", part.here)),
            code(x.by.quantity.replace("{here}", part.here)),
            x.claim,
            x.grade,
        )
        for name, part in model.parts.items()
        for x in part.module.of(Influence)
    ]
    return "## Influences\n\n" + table(("influence", "acts on", "hears", "claim", "grade"), rows) if rows else ""


def _wiring(model: Model) -> str:
    rows = [(code(row.port), code(row.quantity), row.state, cell(row.what)) for row in wire(model).table()]
    words = (
        "Of the reference woman. *Wired*: another part tells it; *driven*: the protocol says it; *given*: the person says it; "
        "*held*: it stays at its nominal.\n\n"
    )
    return "## Wiring\n\n" + words + table(("input", "hears", "state", "from"), rows) if rows else ""


def _served(name: str) -> str:
    served = [one for one in links.experiments().values() if any(arm.model == name for arm in one.arms.values())]
    if not served:
        return ""
    return "## Experiments\n\n" + "".join(f"- [{one.id}](../experiments/{one.id}.md): {cell(one.title)}\n" for one in served)


def index() -> str:
    """The list of families."""
    rows = []
    for name in models.names():
        family = models.load(name)
        model = next(iter(links.everybody(family).values()))
        rows.append((f"[{name}]({name}.md)", cell(family.doc), many(len(model.parts), "part"), many(len(flatten(model).states), "state")))
    words = "A family says which modules are present, where, and which more stand on its shelf. `neurohumor.load(name)` gives it.\n\n"
    return "# Models\n\n" + words + table(("family", "what it is", "parts", "states"), rows)
