"""From LLVM text to addresses of functions, by way of a private cache of object code on disk."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import stat
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from neurohumor.errors import ModelError

FORMAT = "1"
_LOCK = threading.Lock()


@dataclass(frozen=True, slots=True)
class Host:
    """This machine: its processor, the features that code may use, and the lanes of its widest vector."""

    cpu: str
    features: str
    width: int
    version: str


@cache
def host() -> Host:
    """This machine.  Raises ModelError where its processor has no fused multiply-add, or there is no llvmlite for it."""
    try:
        import llvmlite.binding as llvm
    except ImportError as fault:
        raise ModelError("the native engine needs llvmlite, which is not there", remedy='use backend="reference"') from fault
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    has = llvm.get_host_cpu_features()
    arm = llvm.get_default_triple().startswith(("aarch64", "arm64"))
    if not arm and not (has.get("fma") and has.get("avx2")):
        raise ModelError("the native engine needs a processor with AVX2 and fused multiply-add", remedy='use backend="reference"')
    wide = bool(has.get("avx512f") and has.get("avx512dq"))
    flat = has.flatten() + (",-prefer-256-bit" if wide else "")
    version = ".".join(map(str, llvm.llvm_version_info))
    return Host(llvm.get_host_cpu_name(), flat, 2 if arm else 8 if wide else 4, version)


@cache
def generator() -> str:
    """A digest of every source file that takes part in making code: other code, other objects."""
    here = Path(__file__).parent
    files = sorted([*here.glob("*.py"), *(here.parents[1] / "emit").glob("tape*.py")])
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


@dataclass(slots=True)
class Code:
    """Loaded machine code.

    addresses  by name of function
    facts      what the maker told about it; travels with the object in the cache
    seconds    by stage of making; from_cache: whether it was read instead of made
    """

    addresses: dict[str, int]
    facts: dict[str, Any]
    from_cache: bool
    seconds: dict[str, float] = field(default_factory=dict)
    _kept: Any = None


def load(key: str, names: Sequence[str], make: Callable[[], tuple[str, dict[str, Any]]], *, level: int = 1, tidy: bool = False) -> Code:
    """The code known by `key`; `make` gives its LLVM text and facts (JSON) where the cache does not hold it.

    level  of code generation; tidy: run the optimiser over the text first
    """
    import time

    machine = host()
    whole = hashlib.sha256("\n".join((FORMAT, machine.version, machine.cpu, machine.features, generator(), str(level), key)).encode())
    path = _place(whole.hexdigest())
    began = time.perf_counter()
    with _LOCK:
        found = _read(path)
        seconds: dict[str, float] = {}
        if found is None:
            text, facts = make()
            seconds["text"] = time.perf_counter() - began
            obj = _compiled(text, level, tidy=tidy)
            seconds["compile"] = time.perf_counter() - began - seconds["text"]
            _write(path, obj, facts)
        else:
            obj, facts = found
        addresses, kept = _linked(obj, names, level)
    seconds["all"] = time.perf_counter() - began
    return Code(addresses, facts, found is not None, seconds, kept)


def _target(level: int) -> Any:
    import llvmlite.binding as llvm

    machine = host()
    return llvm.Target.from_default_triple().create_target_machine(
        cpu=machine.cpu, features=machine.features, opt=level, reloc="pic", codemodel="default"
    )


def _compiled(text: str, level: int, *, tidy: bool) -> bytes:
    import llvmlite.binding as llvm

    module = llvm.parse_assembly(text)
    module.verify()
    target = _target(level)
    if tidy:
        builder = llvm.create_pass_builder(target, llvm.create_pipeline_tuning_options(speed_level=2))
        builder.getModulePassManager().run(module, builder)
        module.verify()
    return target.emit_object(module)


def _linked(obj: bytes, names: Sequence[str], level: int) -> tuple[dict[str, int], Any]:
    import llvmlite.binding as llvm

    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), _target(level))
    engine.add_object_file(llvm.ObjectFileRef.from_data(obj))
    engine.finalize_object()
    return {name: engine.get_function_address(name) for name in names}, engine


def _place(name: str) -> Path | None:
    """Where an object lies, in a folder that nobody else can write to; None where there is none."""
    folder = _folder(os.environ.get("NEUROHUMOR_CACHE", ""))
    return folder / f"{name[:40]}.obj" if folder else None


@cache
def _folder(told: str) -> Path | None:
    if told == "off":
        return None
    if told:
        root = Path(told)
    elif sys.platform == "win32":
        root = Path(os.environ.get("LOCALAPPDATA", Path.home())) / "neurohumor"
    else:
        root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "neurohumor"
    folder = root / "native"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if sys.platform != "win32":
            found = folder.stat()
            if found.st_uid != os.getuid() or found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
                return None
    except (OSError, RuntimeError):
        return None
    return folder


def _read(path: Path | None) -> tuple[bytes, dict[str, Any]] | None:
    if path is None:
        return None
    try:
        whole = path.read_bytes()
    except OSError:
        return None
    digest, body = whole[:32], whole[32:]
    if len(body) < 8 or hashlib.sha256(body).digest() != digest:
        return None
    size = int.from_bytes(body[:8], "little")
    return body[8 + size :], json.loads(body[8 : 8 + size])


def _write(path: Path | None, obj: bytes, facts: Mapping[str, Any]) -> None:
    if path is None:
        return
    told = json.dumps(facts).encode()
    body = len(told).to_bytes(8, "little") + told + obj
    with contextlib.suppress(OSError):
        handle, name = tempfile.mkstemp(dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(hashlib.sha256(body).digest() + body)
            os.replace(name, path)
        except OSError:
            os.unlink(name)
            raise
