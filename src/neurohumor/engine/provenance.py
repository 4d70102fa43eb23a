"""Where a run comes from: versions, seeds, options and hashes, enough to make it again."""

from __future__ import annotations

import hashlib
import json
import platform
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Provenance:
    """What made a run.

    package, git       version, and the commit of the checkout it ran from ("" where it is installed)
    fingerprints       of the systems, one per kind of person
    options, settled   of the solver; whether people were settled first
    inputs             SHA-256 of what went in, by name: people, protocol, changes
    wall               seconds from call to result; made: when, ISO 8601 UTC
    counts, achieved   what the engine did; with Stiff(certify=True) the largest error of each state and output, to be compared with rtol
    """

    package: str
    git: str
    python: str
    platform: str
    numpy: str
    scipy: str
    backend: str
    fingerprints: tuple[str, ...]
    seed: int
    options: Mapping[str, Any]
    settled: bool
    inputs: Mapping[str, str]
    wall: float
    made: str
    counts: Mapping[str, int] = field(default_factory=dict)
    achieved: Mapping[str, float] = field(default_factory=dict)

    def as_json(self) -> str:
        """As JSON text, keys sorted."""
        return json.dumps(asdict(self), indent=2, sort_keys=True, default=str)


@cache
def version_of(package: str) -> str:
    """The installed version of a package, read without importing it; "unknown" where it is not installed."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"


@cache
def source_digest() -> str:
    """SHA-256 of the source that turns a system into numbers, so that what an older version computed is not taken for this one's."""
    package = Path(__file__).resolve().parents[1]
    hashed = hashlib.sha256()
    for folder in ("engine", "emit"):
        for file in sorted((package / folder).rglob("*.py")):
            hashed.update(file.relative_to(package).as_posix().encode() + file.read_bytes())
    return hashed.hexdigest()


@cache
def git_commit() -> str:
    """The commit of the checkout that this file lies in, read without running git; "" where there is none."""
    for folder in Path(__file__).resolve().parents:
        head = folder / ".git" / "HEAD"
        if head.is_file():
            return _commit_at(head.read_text(encoding="ascii", errors="replace").strip(), head.parent)
    return ""


def _commit_at(head: str, folder: Path) -> str:
    if not head.startswith("ref: "):
        return head
    name = head.removeprefix("ref: ")
    loose, packed = folder / name, folder / "packed-refs"
    if loose.is_file():
        return loose.read_text(encoding="ascii", errors="replace").strip()
    lines = packed.read_text(encoding="ascii", errors="replace").splitlines() if packed.is_file() else []
    return next((line.split()[0] for line in lines if line.endswith(" " + name)), "")


def versions() -> dict[str, str]:
    """Versions of what computes."""
    return {
        "package": version_of("neurohumor"),
        "git": git_commit(),
        "python": sys.version.split()[0],
        "platform": platform.platform(),
        "numpy": version_of("numpy"),
        "scipy": version_of("scipy"),
    }


def digest(thing: Any) -> str:
    """SHA-256 of a thing's content: data, dataclasses, mappings and sequences of them; the same on every machine."""
    hashed = hashlib.sha256()
    _feed(hashed, thing)
    return hashed.hexdigest()


def _feed(hashed: Any, thing: Any) -> None:
    if isinstance(thing, bytes):
        hashed.update(b"bytes" + thing)
    elif hasattr(thing, "tobytes"):
        hashed.update(f"array{thing.shape}{thing.dtype.str}".encode() + thing.tobytes())
    elif is_dataclass(thing) and not isinstance(thing, type):
        names = [n for n in thing.__dataclass_fields__ if thing.__dataclass_fields__[n].compare]
        _feed(hashed, (type(thing).__name__, *((n, getattr(thing, n)) for n in names)))
    elif isinstance(thing, Mapping):
        _feed(hashed, ("mapping", *sorted(((str(k), v) for k, v in thing.items()), key=lambda pair: pair[0])))
    elif isinstance(thing, (tuple, list)):
        hashed.update(f"({len(thing)}".encode())
        for item in thing:
            _feed(hashed, item)
    elif isinstance(thing, (set, frozenset)):
        _feed(hashed, ("set", *sorted(map(str, thing))))
    else:
        hashed.update(f"{type(thing).__name__}:{thing!r};".encode())
