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
from typing import Any

import numpy as np

from neurohumor.engine.guide import Guide
from neurohumor.engine.problem import Moment, Pending, Program
from neurohumor.engine.provenance import digest, source_digest
from neurohumor.engine.settled import Settled
from neurohumor.engine.status import Code, Status

_VERSION = 2
_IN_MEMORY, _ON_DISK = 4096, 2000
_GUIDES, _GUIDES_ON_DISK = 16, 50
_ARRAYS = ("y", "p", "u", "slopes")
_GUIDE = ("first", "asked", "kept", "factor", "size")


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
        self._guides: OrderedDict[str, Guide | None] = OrderedDict()

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
        if key:
            self._remember(key, settled)
            self._write(f"{key}.settled", _packed(settled))

    def guide(self, key: str) -> tuple[bool, Guide | None]:
        """Whether it is known what guides the search in a system, and the guide: None where it is known that there is none."""
        if key not in self._guides:
            body = self._read_file(f"{key}.guide")
            try:
                if body is None:
                    return False, None
                self._guides[key] = _unpacked_guide(body)
            except (ValueError, KeyError, TypeError, EOFError):
                return False, None
        return True, self._guides[key]

    def put_guide(self, key: str, guide: Guide | None) -> None:
        """Keep a guide, or that there is none."""
        self._guides[key] = guide
        while len(self._guides) > _GUIDES:
            self._guides.popitem(last=False)
        self._write(f"{key}.guide", _packed_guide(guide))

    def _write(self, name: str, body: bytes) -> None:
        if self._folder is None:
            return
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            handle, partial = tempfile.mkstemp(prefix=".", suffix=".partial", dir=self._folder)
            with os.fdopen(handle, "wb") as stream:
                stream.write(hashlib.sha256(body).digest() + body)
            os.replace(partial, self._folder / name)
            self._prune("*.settled", _ON_DISK)
            self._prune("*.guide", _GUIDES_ON_DISK)
        except OSError:
            return

    def _remember(self, key: str, settled: Settled) -> None:
        self._memory[key] = settled
        self._memory.move_to_end(key)
        while len(self._memory) > _IN_MEMORY:
            self._memory.popitem(last=False)

    def _read(self, key: str) -> Settled | None:
        body = self._read_file(f"{key}.settled")
        try:
            return None if body is None else _unpacked(body)
        except (ValueError, KeyError, TypeError, EOFError):
            return None

    def _read_file(self, name: str) -> bytes | None:
        """What a file holds; None where it is not there or is damaged."""
        if self._folder is None:
            return None
        try:
            content = (self._folder / name).read_bytes()
        except OSError:
            return None
        check, body = content[:32], content[32:]
        return body if hashlib.sha256(body).digest() == check else None

    def _prune(self, pattern: str, most: int) -> None:
        assert self._folder is not None
        files = list(self._folder.glob(pattern))
        if len(files) <= most:
            return
        files.sort(key=lambda f: f.stat().st_mtime)
        for old in files[: len(files) - most * 9 // 10]:
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
    head = {
        "drift": dict(settled.drift),
        "status": {**asdict(settled.status), "code": settled.status.code.name},
        "periods": settled.periods,
        "nearness": settled.nearness,
        **_head(settled.moment),
    }
    return _bytes(head, {name: getattr(settled.moment, name) for name in _ARRAYS})


def _unpacked(body: bytes) -> Settled:
    head, arrays = _loaded(body)
    status = Status(**{**head["status"], "code": Code[head["status"]["code"]]})
    return Settled(_moment(head, arrays), head["drift"], status, head["periods"], head["nearness"])


def _packed_guide(guide: Guide | None) -> bytes:
    if guide is None:
        return _bytes({"none": True}, {})
    arrays = {name: getattr(guide.moment, name) for name in _ARRAYS} | {name: getattr(guide, name) for name in _GUIDE}
    return _bytes({"days": guide.days, "steps": guide.steps, **_head(guide.moment)}, arrays)


def _unpacked_guide(body: bytes) -> Guide | None:
    head, arrays = _loaded(body)
    if head.get("none"):
        return None
    own = {name: arrays[name] for name in _GUIDE}
    return Guide(_moment(head, arrays), **own, days=head["days"], steps=head["steps"])


def _head(moment: Moment) -> dict[str, Any]:
    return {"time": moment.time, "truths": list(moment.truths), "pending": [asdict(p) for p in moment.pending]}


def _moment(head: dict[str, Any], arrays: dict[str, Any]) -> Moment:
    pending = tuple(Pending(p["event"], p["due"], None if p["values"] is None else tuple(p["values"])) for p in head["pending"])
    return Moment(head["time"], **{name: arrays[name] for name in _ARRAYS}, truths=tuple(head["truths"]), pending=pending)


def _bytes(head: dict[str, Any], arrays: dict[str, Any]) -> bytes:
    stream = io.BytesIO()
    np.savez(stream, head=np.frombuffer(json.dumps(head).encode(), dtype=np.uint8), **arrays)
    return stream.getvalue()


def _loaded(body: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    with np.load(io.BytesIO(body), allow_pickle=False) as file:
        return json.loads(bytes(file["head"]).decode()), {name: np.asarray(file[name]) for name in file.files if name != "head"}
