"""The page of a module: picture, equations, numbers with their evidence, ports, and where it serves."""

from __future__ import annotations

import inspect
from html import escape

from tools.pages import links
from tools.pages.equations import Equation, chapters
from tools.pages.formulas import shown
from tools.pages.markdown import cell, code, fenced, filled_table, folded, level_bar, many, table
from tools.pages.ports import picture

from neurohumor import models
from neurohumor.errors import EvidenceError
from neurohumor.evidence.evidence import GRADES, LEVELS, MEANING, Level, citations, counts, entry, level, references
from neurohumor.lang.decl import Event, Influence, Input, Lag, Output, Param, State, Takes
from neurohumor.lang.expr import show
from neurohumor.lang.module import Module
from neurohumor.show.listing import bounds_text, summary_of
from neurohumor.show.numbers import typed

TIMESCALES = {
    "fast": "fast: settles within hours",
    "day": "day: follows the day, or makes it",
    "slow": "slow: days to months",
    "autonomous": "autonomous: oscillates by itself",
}


def page(module: type[Module]) -> str:
    """The whole page as Markdown."""
    pieces = [
        f"# {module.__name__}\n\n{summary_of(module)}\n",
        _facts(module),
        f'<div class="ports" data-search-exclude>{picture(module)}</div>\n',
        _legend(module),
        _account(module),
        _equations(module),
        _states(module),
        _numbers(module),
        _ports(module),
        _influences(module),
        _events(module),
        _sources(module),
    ]
    return "\n".join(piece for piece in pieces if piece)


# ── Head ──────────────────────────────────────────────────────────────────────────────────────────


def _facts(module: type[Module]) -> str:
    rows = [
        ("file", f"`neurohumor/{links.file_of(module)}`"),
        ("equations", _origin(module)),
        ("timescale", TIMESCALES[module.timescale]),
        ("models", _families(module)),
        ("experiments", _experiments(module)),
        ("more", ", ".join(f"[{title}](../science/{name}.md)" for name, title in links.narratives(module))),
    ]
    if module.stand_in:
        rows.insert(1, ("stand-in", "a labelled placeholder, to be replaced by a real module; every report says so"))
    return table(("", ""), [row for row in rows if row[1]])


def _origin(module: type[Module]) -> str:
    if not module.source:
        return "our own"
    reference = references()[module.source]
    kept = "kept as published (frozen)" if module.frozen else "after the paper"
    return f"[{reference.short}]({reference.address}), {kept}"


def _families(module: type[Module]) -> str:
    found = []
    for name, (present, shelved) in links.modules_of_families().items():
        if module.__name__ in present:
            found.append(f"[{name}](../models/{name}.md)")
        elif module.__name__ in shelved:
            found.append(f"[{name}](../models/{name}.md) (shelf)")
    return ", ".join(found) or "none yet: it stands for itself"


def _experiments(module: type[Module]) -> str:
    served = [name for name, held in links.modules_of_experiments().items() if module.__name__ in held]
    return ", ".join(f"[{name}](../experiments/{name}.md)" for name in served)


def _legend(module: type[Module]) -> str:
    words = ["Dashed lines gather any number of givers"] if any(x.gather for x in module.of(Input)) else []
    words += ["doses arrive where a line begins with a dot"] if module.of(Takes) else []
    words += ["gains of influences are coloured"] if module.of(Influence) else []
    here = any("{here}" in x.quantity for x in (*module.of(Input), *module.of(Output)))
    words += ["`{here}` is the place at which a model puts the module"] if here else []
    text = "; ".join(words)
    return f"{text[0].upper()}{text[1:]}.\n" if text else ""


def _account(module: type[Module]) -> str:
    """What the file says of itself, its picture in characters kept."""
    loaded = inspect.getmodule(module)
    text = (inspect.getdoc(loaded) or "").strip() if loaded is not None else ""
    own = (inspect.getdoc(module) or "").strip().partition("\n")[2].strip()
    told = "\n\n".join(each for each in (text, own) if each)
    return f'## In its author\'s words\n\n<div class="account" markdown>\n\n{fenced(told)}\n</div>\n' if told else ""


# ── Equations ─────────────────────────────────────────────────────────────────────────────────────


def _equations(module: type[Module]) -> str:
    found = chapters(module)
    if not found:
        return ""
    pieces = [
        "## Equations\n",
        "Symbols are the names of the code, split at the underscore: `Vmax_TH` is printed as V with the subscript max,TH. "
        "[x]₊ is x where it is above zero, else zero. ∅ is what lies beyond the module. The time t is in hours.\n",
    ]
    source = []
    for chapter in found:
        pieces.append(f"### {chapter.title}\n")
        pieces.append('<div class="laws" data-search-exclude>' + "".join(map(_law, chapter.equations)) + "</div>\n")
        source += [f"% {chapter.title}", *(f"{each.formula.latex} \\\\" for each in chapter.equations)]
    pieces.append(folded("The same as LaTeX", fenced("\n".join(source), "latex")))
    return "\n".join(pieces)


def _law(equation: Equation) -> str:
    unit = f'<span class="unit">{escape(equation.unit)}</span>' if equation.unit not in ("", "1") else ""
    doc = escape(equation.doc)
    return f'<div class="law"><div class="formula">{shown(equation.formula)}</div><p><code>{equation.name}</code> {doc} {unit}</p></div>'


def _states(module: type[Module]) -> str:
    rows = [
        (code(x.name), code(show(x.initial)), cell(str(x.unit)), cell(_held(x)), cell(_contents(x)), cell(x.doc)) for x in module.of(State)
    ]
    rows += [(code(x.name), "", cell(str(x.unit)), f"lag, {many(x.stages, 'stage')}", "", cell(x.doc)) for x in module.of(Lag)]
    if not rows:
        return ""
    return "## States\n\n" + filled_table(("state", "initial", "unit", "kind", "holds", "meaning"), rows)


def _held(state: State) -> str:
    compartment = getattr(state, "compartment", None)
    return f"matter in {compartment.name}" if compartment is not None else type(state).__name__.lower()


def _contents(state: State) -> str:
    held = getattr(state, "content", None) or {}
    return ", ".join(key if count == 1 else f"{count:g} {key}" for key, count in held.items())


# ── Numbers ───────────────────────────────────────────────────────────────────────────────────────


def _numbers(module: type[Module]) -> str:
    params = module.of(Param)
    if not params:
        return ""
    rows = [number_row(module, each) for each in params]
    columns = ("number", "value", "meaning", "basis", "species", "known within", "people differ", "source", "checked")
    words = "; ".join(f"{count} {MEANING[name]}" for name, count in counts([module]).items() if count)
    return (
        f"## Numbers\n\n{many(len(params), 'number')}: {words}.\n\n{level_bar(counts([module]))}\n"
        + filled_table(columns, rows)
        + "\n*Known within* is the geometric standard deviation of our ignorance, *people differ* the coefficient of variation between "
        "people. *Checked* is what a second reader saw of the source ([levels](../concepts.md#how-each-number-is-known)).\n"
    )


def number_row(module: type[Module], param: Param) -> tuple[str, ...]:
    """A parameter: name, value, meaning, basis, species, known within, spread, source, checked."""
    value = code(show(param.formula)) if param.formula is not None else typed(param.value)
    unit = "" if str(param.unit) == "1" else f"&nbsp;{cell(str(param.unit))}"
    limits = "" if param.bounds == (0.0, float("inf")) else f" ({bounds_text(*param.bounds)})"
    within = f"×/÷ {param.gsd:g}" if param.gsd > 1 else ""
    differ = f"{100 * param.cv:g} %" if param.cv else ""
    meaning = cell(param.doc) + cell(limits)
    return code(param.name), value + unit, meaning, param.basis, param.origin, within, differ, cited(param.cite), checked(module, param)


def cited(cite: str) -> str:
    """A cite as links to its sources."""
    if not cite:
        return ""
    try:
        found = citations(cite)
    except EvidenceError:
        return cell(cite)
    return "; ".join(f"[{one.short}]({one.address}){' ' + cell(locus) if locus else ''}" for one, locus in found)


def checked(module: type[Module], param: Param) -> str:
    """How a number is known, with a mark of its colour and where it was seen."""
    found: Level = level(module, param)
    second = entry(module.__name__, param.name)
    seen = f' title="{escape(second.seen).replace("|", "&#124;")}"' if second is not None and second.seen else ""
    return f'<span class="level"><span class="mark {found}"{seen}></span>{found.replace("_", " ")}</span>'


# ── Ports ─────────────────────────────────────────────────────────────────────────────────────────


def _ports(module: type[Module]) -> str:
    pieces = []
    heard = [
        (
            code(x.quantity),
            f"{typed(x.nominal)} {'' if str(x.unit) == '1' else cell(str(x.unit))}".strip(),
            x.gather or "",
            cell(x.doc),
            _linked(x.quantity, links.givers(), module),
        )
        for x in module.of(Input)
    ]
    if heard:
        pieces.append("## What it hears\n\n" + filled_table(("quantity", "nominal", "gathers", "meaning", "told by"), heard))
    doses = [(x.substance, x.route, code(x.into.name), cell(x.doc)) for x in module.of(Takes)]
    if doses:
        pieces.append("## What it takes\n\n" + table(("substance", "route", "into", "meaning"), doses))
    told = [(code(x.quantity), cell(str(x.unit)), cell(x.doc), _linked(x.quantity, links.hearers(), module)) for x in module.of(Output)]
    if told:
        pieces.append("## What it tells\n\n" + table(("quantity", "unit", "meaning", "heard by"), told))
    return "\n".join(pieces)


def _linked(quantity: str, among: tuple[links.Told, ...], module: type[Module]) -> str:
    if quantity.startswith("person."):
        return "the person"
    found = partners = links.partners(quantity, among, module)
    if len(partners) > 6:
        found = partners[:5]
    text = ", ".join(f"[{name}]({name}.md)" for name in found)
    return text if found is partners else f"{text} and {len(partners) - 5} more"


def _influences(module: type[Module]) -> str:
    rows = [
        (
            code(x.name),
            code(x.target),
            code(x.by.quantity),
            f"{x.claim}, grade {x.grade}: {GRADES[x.grade]}",
            f"{typed(x.emax.value)} ({bounds_text(*x.emax.bounds)})",
            cell(x.doc),
        )
        for x in module.of(Influence)
    ]
    if not rows:
        return ""
    columns = ("influence", "acts on", "hears", "claim", "emax (range)", "meaning")
    return (
        "## Influences\n\nEach is 1 on the reference orbit, and can be switched off alone "
        "([what that means](../concepts.md#influences-and-neutrality)).\n\n" + table(columns, rows)
    )


def _events(module: type[Module]) -> str:
    rows = []
    for x in module.of(Event):
        sets = ", ".join(f"{target.name} = {show(value)}" for target, value in x.sets.items())
        rows.append((code(x.name), code(show(x.trigger)), code(sets), cell(x.doc)))
    return "## Events\n\n" + table(("event", "when", "sets", "meaning"), rows) if rows else ""


def _sources(module: type[Module]) -> str:
    from neurohumor.evidence.evidence import bibliography

    found = bibliography([module])
    if not found:
        return ""
    lines = []
    for reference in found:
        words = str(reference).removesuffix(reference.address).rstrip()
        lines.append(f"- {cell(words)} <{reference.address}>\n")
    return "## Sources\n\n" + "".join(lines)


# ── The list of modules ───────────────────────────────────────────────────────────────────────────


def index() -> str:
    """The list of every module, by folder."""
    pieces = [
        "# Modules\n\nOne file for each part of the body. These pages are made from the code: what is shown here is what runs.\n",
        "A module hears and tells *quantities*; a [model](../models/index.md) says which modules are present, and at which places.\n",
    ]
    for folder, held in by_folder().items():
        rows = [(f"[{each.__name__}]({each.__name__}.md)", cell(summary_of(each)), _origin(each), _marks(each)) for each in held]
        pieces.append(f"## {folder.capitalize()}\n\n" + table(("module", "what it is", "equations", "numbers read / all"), rows))
    pieces.append("\n*Numbers read*: a second reader found the number in the source, its abstract, or a file that encodes it.\n")
    return "\n".join(pieces)


def by_folder() -> dict[str, list[type[Module]]]:
    """Every module, by its folder."""
    found: dict[str, list[type[Module]]] = {}
    for module in models.modules().values():
        found.setdefault(links.folder_of(module), []).append(module)
    return found


def _marks(module: type[Module]) -> str:
    tally = counts([module])
    read = sum(tally[name] for name in LEVELS[:4])
    return f"{read} / {sum(tally.values())}" + (", stand-in" if module.stand_in else "")
