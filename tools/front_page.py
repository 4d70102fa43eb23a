"""Renew what the first page shows of the model itself: the badge of evidence and the figure of one office day."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE, FIGURE = ROOT / "README.md", ROOT / "docs" / "figures" / "office_day.svg"
CURVES = (
    ("brain.adenosine", "nmol/L", "adenosine in brain"),
    ("blood.cortisol", "nmol/L", "cortisol in blood"),
    ("cortex.serotonin", "nmol/L", "serotonin outside cells, cortex"),
    ("striatum.dopamine", "nmol/L", "dopamine outside cells, striatum"),
    ("blood.glucose", "mmol/L", "glucose in blood (stand-in)"),
    ("brain.cmrglc", "umol/g/min", "glucose used by the brain"),
)


def renewed(page: str) -> str:
    """The page with the badge of the whole human: every number that a reference adult has."""
    import neurohumor
    from neurohumor.evidence.badge import with_badge
    from neurohumor.evidence.evidence import counts
    from neurohumor.life.person import REFERENCE_WOMAN

    return with_badge(page, counts(neurohumor.load("human").model(REFERENCE_WOMAN)))


def draw(path: Path) -> None:
    """Draw two days of the example person, office hours with a presentation at 14:00."""
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "office day"
    import matplotlib.pyplot as plt

    import neurohumor

    everyday = ROOT / "examples" / "everyday"
    person, day = neurohumor.read_person(everyday / "person.toml"), neurohumor.read_protocol(everyday / "office_day.toml")
    run = neurohumor.simulate(neurohumor.load("human"), person, day, days=2)
    asleep = run["brain.asleep"]
    shown = [one for one in CURVES if one[0] in run.quantities]
    figure, axes = plt.subplots(len(shown), 1, figsize=(8, 1.15 * len(shown) + 0.6), sharex=True, constrained_layout=True)
    for axis, (name, unit, title) in zip(axes, shown, strict=True):
        series = run[name].to(unit)
        axis.plot(series.times, series.values, color="#1f5f8b", linewidth=1.6)
        axis.fill_between(asleep.times, 0, 1, where=asleep.values > 0.5, transform=axis.get_xaxis_transform(), color="#e8edf5", linewidth=0)
        axis.set_title(title, loc="left", fontsize=9)
        axis.set_ylabel(unit, fontsize=8)
        axis.tick_params(labelsize=8)
        axis.set_ylim(bottom=0)
        axis.spines[["top", "right"]].set_visible(False)
    axes[-1].set_xlim(asleep.times[0], asleep.times[-1])
    axes[-1].set_xticks(range(0, 49, 6), [f"{h % 24:02d}:00" for h in range(0, 49, 6)])
    path.parent.mkdir(exist_ok=True)
    figure.savefig(path, metadata={"Date": None, "Creator": None})


def main() -> None:
    """Write both; with --check only say whether the badge is as the model has it."""
    page = PAGE.read_text(encoding="utf-8")
    new = renewed(page)
    if "--check" in sys.argv:
        sys.exit(0 if new == page else "README.md: the badge is not that of the model; run python tools/front_page.py")
    PAGE.write_text(new, encoding="utf-8")
    draw(FIGURE)


if __name__ == "__main__":
    main()
