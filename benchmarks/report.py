"""The page on speed, docs/engine_speed.md, and its figures, from what the other scripts printed as JSON.

python benchmarks/report.py [FOLDER]     the folder holds peers*.json, limit.json, ours.json (default: out/benchmarks)

Nothing is measured here, and nothing is on the page that was not measured: what a file does not hold is left out.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PEERS = {
    "roadrunner": "libRoadRunner", "amici": "AMICI", "sundae": "scikit-sundae CVODE", "lsoda": "SciPy LSODA", "bdf": "SciPy BDF",
    "radau": "SciPy Radau", "diffrax": "diffrax Kvaerno3",
}  # fmt: skip
TARGETS = {"AMICI": 25.0, "libRoadRunner": 50.0}
"""Times as many people per second at the same error, on a processor with AVX-512."""
AIMED = ("reed2008", "s100", "s200")
FIRST = ("human", "hpa_only", "reed2008", "s50", "s100", "s200", "s400")
SETUP = {"s100": 1.0, "s200": 2.0}
WARM, ALONE_MS, THREADS, SENSITIVITIES, FLAT = 0.1, 40.0, 1.8, 30.0, 1.1


def gathered(folder: Path) -> dict[str, Any]:
    """{"peers": [...], "limit": ..., "ours": ...}; what is not there is empty."""
    found: dict[str, Any] = {"peers": [_read(p) for p in sorted(folder.glob("peers*.json"), key=_place)]}
    for name in ("limit", "ours"):
        path = folder / f"{name}.json"
        found[name] = _read(path) if path.is_file() else {}
    return found


def _place(path: Path) -> tuple[int, str]:
    """What targets are set for comes first."""
    name = path.stem.removeprefix("peers_")
    return FIRST.index(name) if name in FIRST else len(FIRST), name


def _read(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


def page(found: dict[str, Any]) -> str:
    """The whole page as Markdown."""
    parts = [HEAD, *_machine(found), *_targets(found), *_equal(found), *_limit(found), *_ours(found), *_left_out(found)]
    return "\n".join(parts).rstrip() + "\n"


HEAD = """# How fast the engine is

Made by `make bench` from what the scripts in `benchmarks/` measured; [how the engine works](engine.md) stands on a page of its own.
Every engine is given the same equations, schedules and people, and is judged by the error that it achieves, not by the tolerance
that it was asked for: asked for the same, engines differ a thousandfold in what they deliver.

- **rms error**: over people, times and states, of error / (|y| + 0.001 of the largest |y| of that person and state), against the
  reference engine at 1e-11 (systems of more than 60 states: the native engine at 1e-10, itself compared as each problem says).
- **people/s/core**: by processor time on one pinned core, median of rounds in which all engines and tolerances take turns.
- **at rms 1e-5**: between the two nearest measurements, by straight lines in logarithms. Nothing is extrapolated: "≥" means that
  every measured error was smaller, and an engine that never came as near has no number.
- **sensitivities**: against plain runs of the same people, of one alone and of 64. **flat**: at most a tenth between most and least.
- Each engine at its best: batches where it takes them, analytical Jacobians, sparse matrices where it has them, the faster of two
  ways to follow a schedule. Absolute tolerances are the same for all: 0.001 rtol times a state's size.
"""


def _machine(found: dict[str, Any]) -> list[str]:
    about = next((f["about"] for f in (*found["peers"], found["limit"], found["ours"]) if f), None)
    if about is None:
        return ["Nothing was measured."]
    versions = {k: v for f in found["peers"] for k, v in f["about"]["versions"].items()} or about["versions"]
    loads = [x for f in found["peers"] for pair in f["about"]["load"].values() for x in pair]
    lines = [
        f"Processor {about['processor']}, {about['cores']} cores, vectors of {about['lanes']} lanes, Python {about['python']}; "
        + ", ".join(f"{k} {v}" for k, v in versions.items() if k != "neurohumor") + "."
    ]  # fmt: skip
    if loads:
        lines.append(
            f"Load average while the engines were compared: {min(loads):.1f} to {max(loads):.1f} (1 per core is a full machine). "
            "Processor time leaves out waiting, but not what neighbours do to caches and clock: compare within one problem only."
        )
    return [*lines, ""]


def _speeds(found: dict[str, Any]) -> dict[str, dict[str, tuple[float, bool]]]:
    """Problem -> engine -> (people per second at equal error, whether that is a lower bound)."""
    out: dict[str, dict[str, tuple[float, bool]]] = {}
    for f in found["peers"]:
        for name, engines in f["at_equal_error"].items():
            bounds = f["about"]["at_least"].get(name, ())
            out.setdefault(name, {}).update({e: (v, e in bounds) for e, v in engines.items()})
    return out


def _targets(found: dict[str, Any]) -> list[str]:
    lines = ["## Targets", "", "| target | asked | measured | |", "| --- | --- | --- | --- |"]
    rows: list[tuple[str, float, float, bool]] = []
    for name in AIMED:
        speeds = _speeds(found).get(name, {})
        for engine, times in TARGETS.items():
            if "neurohumor" in speeds and engine in speeds:
                rows.append((f"{name}: times {engine} at rms 1e-5", times, speeds["neurohumor"][0] / speeds[engine][0], True))
    ours = found["ours"]
    for name, most in SETUP.items():
        if name in ours.get("setup", {}):
            rows.append((f"{name}: set-up cold, s", most, ours["setup"][name]["cold_s"], False))
            rows.append((f"{name}: set-up warm, s", WARM, ours["setup"][name]["warm_s"], False))
    alone = _speeds(found).get("s100", {}).get("neurohumor, one alone")
    if alone:
        rows.append(("one person, 100 states, 30 d of daily doses, rms 1e-5, ms", ALONE_MS, 1000.0 / alone[0], False))
    if "threads" in ours:
        rows.append(("two threads, times one", THREADS, ours["threads"]["median_gain"], True))
    many = {int(n): v for n, v in ours.get("throughput", {}).get("per_second", {}).items() if int(n) >= 64}
    if len(many) > 1:
        title = f"{ours['throughput']['problem']}: people/s, most to least, from {min(many)} to {max(many):,} people"
        rows.append((title.replace(",000", " 000"), FLAT, max(many.values()) / min(many.values()), False))
    for name, row in ours.get("sensitivities", {}).items():
        for whose, key in (("one person, in runs alone", "in_runs_alone"), ("each of 64 people, in runs of 64", "each_of_64_in_runs")):
            rows.append((f"{name}: {row['directions']} sensitivities of {whose}", SENSITIVITIES, row[key], False))
    for title, asked, got, more in rows:
        met = got >= asked if more else got <= asked
        lines.append(f"| {title} | {'≥' if more else '≤'} {asked:g} | {got:.3g} | {'met' if met else '**not met**'} |")
    return [*lines, ""] if rows else []


def _equal(found: dict[str, Any]) -> list[str]:
    lines: list[str] = []
    for f in found["peers"]:
        about = f["about"]
        for name, engines in f["at_equal_error"].items():
            best = engines.get("neurohumor")
            load, truth = about["load"][name], about["truth"][name]
            lines += [f"### {about['titles'][name]}", "", "| engine | people/s/core at rms 1e-5 | neurohumor is faster by | set-up, s | |"]
            lines.append("| --- | --- | --- | --- | --- |")
            setup = {r["engine"]: r["setup_s"] for r in f["rows"] if r["problem"] == name}
            for engine, speed in sorted(engines.items(), key=lambda pair: -pair[1]):
                bound = "≥ " if engine in about["at_least"].get(name, ()) else ""
                times = f"{'≤ ' if bound else ''}{_times(best / speed)}" if best and engine != "neurohumor" else ""
                remark = about["remarks"].get(name, {}).get(engine, "")
                lines.append(f"| {engine} | {bound}{_short(speed)} | {times} | {setup[engine]:.2f} | {remark} |")
            doubt = f"{truth['doubt']:.0e}"
            lines += ["", f"Load {load[0]} to {load[1]}; judged by the {truth['by']}: they differ by {doubt}.", ""]
            lines += [f"![Work and precision: {about['titles'][name]}](figures/engine_speed_{name}.svg)", ""]
    return ["## At equal error", "", *_summary(found), *lines] if lines else []


def _summary(found: dict[str, Any]) -> list[str]:
    """One row for each problem: our people per second, and how many times as many as each other engine's."""
    speeds = {name: engines for name, engines in _speeds(found).items() if "neurohumor" in engines}
    others = [title for title in PEERS.values() if any(title in engines for engines in speeds.values())]
    if not others:
        return []
    titles = {name: title for f in found["peers"] for name, title in f["about"]["titles"].items()}
    lines = [
        "Times as many people per second as", "", f"| at rms 1e-5 | neurohumor, people/s/core | {' | '.join(others)} |",
        "| --- | --- |" + " --- |" * len(others),
    ]  # fmt: skip
    for name, engines in speeds.items():
        best, cells = engines["neurohumor"][0], []
        for other in others:
            speed, bound = engines.get(other, (0.0, False))
            cells.append(f"{'≤ ' if bound else ''}{_times(best / speed)}" if speed else "")
        lines.append(f"| {titles[name]} | {_short(best)} | {' | '.join(cells)} |")
    return [*lines, ""]


def _times(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}"


def _short(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def _limit(found: dict[str, Any]) -> list[str]:
    if not found["limit"]:
        return []
    about = found["limit"]["about"]
    conditions = f"Measured at rtol {about['rtol']:g}, everything included; the clock was measured beside every turn"
    lines = [
        "## The limit of the processor", "",
        "A step of one vector cannot take fewer cycles than (arithmetic vector operations) / 2 + 4 per division + 12 per elementary",
        f"function. {conditions} (load {about['load']:.1f}).",
        "", "| problem | states | people | arithmetic | divisions | functions | bound, cycles | measured | share |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]  # fmt: skip
    for r in found["limit"]["rows"]:
        numbers = " | ".join(str(r[k]) for k in ("states", "people", "arithmetic", "divisions", "functions"))
        lines.append(f"| {r['problem']} | {numbers} | {r['cycles_of_bound']:.0f} | {r['cycles_measured']:.0f} | {r['share']:.0%} |")
    return [*lines, ""]


def _ours(found: dict[str, Any]) -> list[str]:
    ours, lines = found["ours"], _from_what(found)
    lines = ["## Where the speed comes from", "", *lines] if lines else []
    if not ours:
        return lines
    lines = lines or ["## Where the speed comes from", ""]
    lines += [f"At rtol {ours['about']['rtol']:g}; load {ours['about']['load']:.1f}.", ""]
    if ours.get("widths"):
        all_widths = sorted({int(w) for row in ours["widths"].values() for w in row})
        lines.append("| people/s/core | " + " | ".join(f"{w} lane{'s' * (w > 1)}" for w in all_widths) + " |")
        lines.append("| --- |" + " --- |" * len(all_widths))
        lines += [f"| {n} | " + " | ".join(_short(row[str(w)]) for w in all_widths) + " |" for n, row in ours["widths"].items()] + [""]
    if ours.get("alone"):
        lines += [f"| one person alone, rtol {ours['about']['rtol']:g} | ms | best |", "| --- | --- | --- |"]
        lines += [f"| {r['title']} | {r['ms']:.1f} | {r['best_ms']:.1f} |" for r in ours["alone"].values()] + [""]
    if ours.get("throughput"):
        t = ours["throughput"]
        lines += [f"| people, all different ({t['problem']}) | people/s/core |", "| --- | --- |"]
        lines += [f"| {int(n):,} | {_short(v)} |".replace(",", " ") for n, v in t["per_second"].items()] + [""]
        if t["failed"]:
            reasons = dict.fromkeys(r.partition("): ")[2].partition(";")[0] for r in t["reasons"])
            most = f"{max(int(n) for n in t['per_second']):,}".replace(",", " ")
            lines += [f"Of {most} people {t['failed']} could not be solved, each told with time and reason: {'; '.join(reasons)}.", ""]
        else:
            lines += ["Everybody was solved. Solved in portions of 1024; of each only running summaries are kept.", ""]
    if "threads" in ours:
        t = ours["threads"]
        lines += [
            f"Two threads, {t['people']} people of {t['problem']}: {t['median_gain']:.2f} times one by the wall clock, round by round",
            f"(best against best {t['gain_of_best']:.2f}), load {t['load']:.1f} on {t['cores']} cores: one that others use is none.",
            f"By the processor time that one and two threads take, two free cores would give {t['gain_if_free']:.2f}.", "",
        ]  # fmt: skip
    if ours.get("sensitivities"):
        lines += [
            "Forward sensitivities, exact, by 20 parameters. The slopes of one person cannot share vectors with other people as plain runs",
            "of a crowd do: in runs of one among 64 they cost more than in runs of one alone.", "",
            "| sensitivities of one person | number | runs of one alone | runs of one among 64 | each of 64 people, in runs of 64 |",
            "| --- | --- | --- | --- | --- |",
        ]  # fmt: skip
        for n, s in ours["sensitivities"].items():
            numbers = " | ".join(f"{s[key]:.1f}" for key in ("in_runs_alone", "in_runs_among_64", "each_of_64_in_runs"))
            lines.append(f"| {n} | {s['directions']} | {numbers} |")
        lines.append("")
    if ours.get("setup"):
        lines += ["| set-up, s | cold | warm | control loop, once per machine |", "| --- | --- | --- | --- |"]
        lines += [f"| {n} | {s['cold_s']:.2f} | {s['warm_s']:.3f} | {s['loop_s']:.2f} |" for n, s in ours["setup"].items()] + [""]
    return lines


def _from_what(found: dict[str, Any]) -> list[str]:
    """Method, vectors and batches told apart."""
    lines = []
    for name, engines in _speeds(found).items():
        speed = {e: v for e, (v, _) in engines.items()}
        others = [speed[e] for e in ("AMICI", "libRoadRunner", "scikit-sundae CVODE") if e in speed]
        if not others or not {"neurohumor", "neurohumor, 1 lane", "neurohumor, one alone"} <= set(speed):
            continue
        whole, scalar, alone = (speed[e] for e in ("neurohumor", "neurohumor, 1 lane", "neurohumor, one alone"))
        gains = (scalar / max(others), whole / scalar, whole / max(others), alone / max(others))
        lines.append(f"| {name} | " + " | ".join(f"{g:.1f}" for g in gains) + " |")
    if not lines:
        return []
    head = "| times the fastest CVODE at rms 1e-5 | method and code: one lane | vectors: all lanes | both | one person alone |"
    return [head, "| --- | --- | --- | --- | --- |", *lines, ""]


def _left_out(found: dict[str, Any]) -> list[str]:
    said = [line for f in (*found["peers"], found["limit"]) if f for line in f["about"]["left_out"]]
    said = list(dict.fromkeys(said))
    for f in found["peers"]:
        for name in f["about"]["truth"]:
            here = {r["engine"] for r in f["rows"] if r["problem"] == name}
            absent = [title for short, title in PEERS.items() if title not in here and not any(f"{name}: {short} " in s for s in said)]
            if absent:
                said.append(f"{name}: not run: {', '.join(absent)}")
    return ["## Left out, and why", "", *(f"- {line}" for line in said)] if said else []


# ── figures ──────────────────────────────────────────────────────────────────────────────────────

COLOURS = {
    "neurohumor": "#c2185b", "neurohumor, one alone": "#e57fa8", "neurohumor, 1 lane": "#8e3b63", "AMICI": "#1f77b4",
    "libRoadRunner": "#2ca02c", "scikit-sundae CVODE": "#9467bd", "SciPy LSODA": "#ff7f0e", "SciPy BDF": "#8c564b",
    "SciPy Radau": "#7f7f7f", "diffrax Kvaerno3": "#17becf",
}  # fmt: skip


def figures(found: dict[str, Any], folder: Path) -> list[Path]:
    """One figure per problem: people per second and core against the error achieved."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    plt.rcParams["svg.hashsalt"] = "neurohumor"
    made: list[Path] = []
    for f in found["peers"]:
        for name in dict.fromkeys(r["problem"] for r in f["rows"]):
            rows = [r for r in f["rows"] if r["problem"] == name]
            figure, axes = plt.subplots(figsize=(7, 4.2), layout="constrained")
            for engine in dict.fromkeys(r["engine"] for r in rows):
                _line(axes, engine, [r for r in rows if r["engine"] == engine])
            axes.axvline(f["about"]["equal_error"], color="0.8", linewidth=1, zorder=0)
            axes.set(xscale="log", yscale="log", xlabel="rms error", ylabel="people per second and core", title=f["about"]["titles"][name])
            axes.invert_xaxis()
            axes.legend(fontsize=7, loc=6, bbox_to_anchor=(1.0, 0.5), frameon=False)
            path = folder / f"engine_speed_{name}.svg"
            figure.savefig(path, metadata={"Date": None})
            plt.close(figure)
            made.append(path)
    return made


def _line(axes: Any, engine: str, rows: Sequence[dict[str, Any]]) -> None:
    points = sorted((r["rms_error"], r["per_second_per_core"]) for r in rows if math.isfinite(r["rms_error"]))
    style = "-o" if engine.startswith("neurohumor") else "--s"
    axes.plot(*zip(*points, strict=True), style, color=COLOURS.get(engine, "0.5"), markersize=3.5, linewidth=1.2, label=engine)


def main() -> int:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "out" / "benchmarks"
    found = gathered(folder)
    if not any((*found["peers"], found["limit"], found["ours"])):
        print(f"{folder} holds no measurements; run make bench", file=sys.stderr)
        return 1
    (DOCS / "figures").mkdir(exist_ok=True)
    made = figures(found, DOCS / "figures")
    (DOCS / "engine_speed.md").write_text(page(found), encoding="utf-8")
    print(f"docs/engine_speed.md and {len(made)} figures")
    return 0


if __name__ == "__main__":
    sys.exit(main())
