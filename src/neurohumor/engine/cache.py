"""Settled baselines kept in memory and on disk, found again by what they depend on.

A file is written whole or not at all, carries its own checksum, and holds numbers only; one that cannot be read is as if
it were not there.  NEUROHUMOR_CACHE names the folder; "off" keeps nothing on disk.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import sys
import tempfile
from collections import OrderedDict
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from neurohumor.engine.problem import Moment, Pending, Program
from neurohumor.engine.provenance import digest, source_digest
from neurohumor.engine.status import Code, Status

if TYPE_CHECKING:
    from neurohumor.engine.baseline import Settled

_VERSION = 1
_IN_MEMORY, _ON_DISK = 4096, 2000
_ARRAYS = ("y", "p", "u", "slopes")


def key_of(program: Program, person: Any, how: Any) -> str:
    """What a baseline depends on, as text: equations, engine, the person's numbers and habits, and how it was sought.

    Empty where the system has no fingerprint: then nothing is kept.
    """
    if not program.system.fingerprint:
        return ""
    return digest((_VERSION, source_digest(), program.backend, program.system.fingerprint, person, how))


class SettledCache:
    """Baselines by key; `folder` None keeps them in memory alone."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._memory: OrderedDict[str, Settled] = OrderedDict()

    @staticmethod
    @cache
    def usual() -> SettledCache:
        """The cache that all simulations share."""
        return SettledCache(cache_folder())

    def get(self, key: str) -> Settled | None:
        """The baseline of a key, or None."""
        if not key:
            return None
        found = self._memory.get(key) or self._read(key)
        if found is None:
            return None
        self._remember(key, found)
        return replace(found, cached=True)

    def put(self, key: str, settled: Settled) -> None:
        """Keep a baseline; a disk that cannot be written is no fault."""
        if not key:
            return
        self._remember(key, settled)
        if self._folder is None:
            return
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            body = _packed(settled)
            handle, name = tempfile.mkstemp(prefix=".", suffix=".partial", dir=self._folder)
            with os.fdopen(handle, "wb") as stream:
                stream.write(hashlib.sha256(body).digest() + body)
            os.replace(name, self._folder / f"{key}.settled")
            self._prune()
        except OSError:
            return

    def _remember(self, key: str, settled: Settled) -> None:
        self._memory[key] = settled
        self._memory.move_to_end(key)
        while len(self._memory) > _IN_MEMORY:
            self._memory.popitem(last=False)

    def _read(self, key: str) -> Settled | None:
        if self._folder is None:
            return None
        try:
            content = (self._folder / f"{key}.settled").read_bytes()
            check, body = content[:32], content[32:]
            return _unpacked(body) if hashlib.sha256(body).digest() == check else None
        except (OSError, ValueError, KeyError, TypeError, EOFError):
            return None

    def _prune(self) -> None:
        assert self._folder is not None
        files = list(self._folder.glob("*.settled"))
        if len(files) <= _ON_DISK:
            return
        files.sort(key=lambda f: f.stat().st_mtime)
        for old in files[: len(files) - _ON_DISK * 9 // 10]:
            old.unlink(missing_ok=True)


def cache_folder() -> Path | None:
    """Where this user's baselines are kept: $NEUROHUMOR_CACHE, or the usual place of the system; None for "off"."""
    said = os.environ.get("NEUROHUMOR_CACHE", "")
    if said.lower() == "off":
        return None
    if said:
        return Path(said) / "settled"
    try:
        home = Path.home()
    except RuntimeError:
        return None
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = home / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")
    return base / "neurohumor" / "settled"


def _packed(settled: Settled) -> bytes:
    moment, status = settled.moment, settled.status
    head = {
        "drift": dict(settled.drift),
        "status": {**asdict(status), "code": status.code.name},
        "periods": settled.periods,
        "nearness": settled.nearness,
        "time": moment.time,
        "truths": list(moment.truths),
        "pending": [asdict(p) for p in moment.pending],
    }
    stream = io.BytesIO()
    arrays = {name: getattr(moment, name) for name in _ARRAYS}
    np.savez(stream, head=np.frombuffer(json.dumps(head).encode(), dtype=np.uint8), **arrays)
    return stream.getvalue()


def _unpacked(body: bytes) -> Settled:
    from neurohumor.engine.baseline import Settled

    with np.load(io.BytesIO(body), allow_pickle=False) as file:
        head = json.loads(bytes(file["head"]).decode())
        arrays = {name: np.asarray(file[name], dtype=float) for name in _ARRAYS}
    pending = tuple(Pending(p["event"], p["due"], None if p["values"] is None else tuple(p["values"])) for p in head["pending"])
    moment = Moment(head["time"], **arrays, truths=tuple(head["truths"]), pending=pending)
    status = Status(**{**head["status"], "code": Code[head["status"]["code"]]})
    return Settled(moment, head["drift"], status, head["periods"], head["nearness"])
