"""An open, executable, unit-checked model of hormones, neurotransmitters and brain energy.

Every public name is loaded when it is first used, so that importing the package costs nothing.
"""

_FROM = {
    "neurohumor.models": ("load",),
    "neurohumor.life.person": ("Person",),
    "neurohumor.life.protocol": ("Protocol",),
    "neurohumor.life.day": (
        "burst", "clamp", "dose", "exercise", "infusion", "light", "meal", "set_", "skip", "sleep", "task", "threat",
    ),
    "neurohumor.life.files": ("read_person", "read_protocol"),
    "neurohumor.life.event_rows": ("read_events", "write_events"),
    "neurohumor.life.event_table": ("table_of",),
    "neurohumor.build.check": ("check",),
    "neurohumor.build.flatten": ("flatten",),
    "neurohumor.build.wire": ("wire",),
    "neurohumor.sbml.read": ("read_sbml",),
    "neurohumor.sbml.write": ("write_sbml",),
    "neurohumor.engine.program": ("compile",),
    "neurohumor.engine.problem": ("Stiff",),
    "neurohumor.engine.status": ("Status",),
    "neurohumor.engine.schedule": ("Change",),
    "neurohumor.engine.solve": ("simulate",),
    "neurohumor.engine.baseline": ("settle",),
    "neurohumor.engine.run": ("Run",),
    "neurohumor.engine.storage": ("read_run",),
    "neurohumor.study.population": ("sample",),
    "neurohumor.proof.readouts": ("readouts",),
    "neurohumor.show.explain": ("explain",),
}  # fmt: skip
_HOME = {name: module for module, names in _FROM.items() for name in names}


def __getattr__(name: str) -> object:
    if name == "__version__":
        from importlib.metadata import version

        return version("neurohumor")
    if name not in _HOME:
        raise AttributeError(f"module 'neurohumor' has no attribute {name!r}")
    from importlib import import_module

    found = getattr(import_module(_HOME[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME, "__version__"})
