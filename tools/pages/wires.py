"""The picture of a model: which module hears which, a dot for each pair, as inline SVG."""

from __future__ import annotations

from html import escape

from neurohumor.build.wire import wire
from neurohumor.lang.model import Model

CELL, LETTER = 15, 6.7


def pairs(model: Model) -> dict[tuple[str, str], list[str]]:
    """The quantities that go from one module to another, by (teller, hearer)."""
    wiring = wire(model)
    found: dict[tuple[str, str], list[str]] = {}
    for each in wiring.wires.values():
        hearer = model.parts[each.part].module.__name__
        for giver in (*each.givers, *each.weights):
            if giver.part in model.parts:
                teller = model.parts[giver.part].module.__name__
                names = found.setdefault((teller, hearer), [])
                if giver.quantity not in names:
                    names.append(giver.quantity)
    return found


def picture(model: Model) -> str:
    """Rows hear, columns tell; modules in the order of their parts; a dot's title names the quantities."""
    met = pairs(model)
    names = list(dict.fromkeys(part.module.__name__ for part in model.parts.values()))
    hearers = [name for name in names if any(pair[1] == name for pair in met)]
    tellers = [name for name in names if any(pair[0] == name for pair in met)]
    if not met:
        return ""
    left = LETTER * max(len(name) for name in hearers) + 12
    top = 0.75 * LETTER * max(len(name) for name in tellers) + 26
    width, height = left + CELL * len(tellers) + top * 0.8, top + CELL * len(hearers) + 8
    pieces = [
        f'<svg class="wires" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" role="img" aria-label="Which module hears which">'
    ]
    for k, name in enumerate(tellers):
        x = left + CELL * (k + 0.5)
        pieces.append(f'<text transform="translate({x + 4:.1f} {top - 6:.1f}) rotate(-48)">{escape(name)}</text>')
        pieces.append(f'<path d="M{x:.1f} {top:.0f}V{height - 8:.0f}"/>')
    for k, name in enumerate(hearers):
        y = top + CELL * (k + 0.5)
        pieces.append(f'<text x="{left - 8:.0f}" y="{y + 4:.1f}" text-anchor="end">{escape(name)}</text>')
        pieces.append(f'<path d="M{left:.0f} {y:.1f}H{left + CELL * len(tellers):.0f}"/>')
    for (teller, hearer), quantities in met.items():
        x, y = left + CELL * (tellers.index(teller) + 0.5), top + CELL * (hearers.index(hearer) + 0.5)
        size = min(2.4 + 0.7 * len(quantities) ** 0.5, 6.5)
        own = ' class="own"' if teller == hearer else ""
        told = escape(f"{hearer} hears {teller}: {', '.join(quantities[:12])}{' …' if len(quantities) > 12 else ''}")
        pieces.append(f'<circle{own} cx="{x:.1f}" cy="{y:.1f}" r="{size:.1f}"><title>{told}</title></circle>')
    return "".join([*pieces, "</svg>"])
