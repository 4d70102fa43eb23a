"""Runs as NetCDF-4 files, out and in again.

One HDF5 group per system and window: states, parameters and inputs as matrices in internal numbers (their names beside
them), and every kept quantity as a variable of its own, in its unit, for other tools.  The record at the root holds the rest.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from neurohumor.engine.problem import Moment, Pending, Program
from neurohumor.engine.provenance import Provenance
from neurohumor.engine.run import Block, Group, Run, WireLine, attributes_of
from neurohumor.engine.status import Code, Status
from neurohumor.engine.table import Table, from_record, to_record
from neurohumor.errors import FileError, ModelError

FORMAT = 1
_MATRICES = {"states": "state", "params": "param", "inputs": "input"}


def write_run(run: Run, path: Path, keep: Iterable[str] | None = None) -> Path:
    """Write a run, whole or not at all.  Raises FileError where the place cannot be written, UnknownName for an unknown name."""
    import h5netcdf

    keep = None if keep is None else tuple(keep)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with h5netcdf.File(partial, "w") as file:
            for key, value in attributes_of(run).items():
                file.attrs[key] = value
            told = [_write_group(file, run, number, keep) for number in range(len(run.groups))]
            record = json.dumps(_record(run, told), sort_keys=True).encode()
            file.dimensions = {"record_byte": len(record)}
            file.create_variable("record", ("record_byte",), data=np.frombuffer(record, dtype=np.uint8), **_squeezed(len(record)))
        os.replace(partial, path)
    except OSError as fault:
        raise FileError(
            f"the run cannot be written ({fault})", where=str(path), remedy="choose a folder that exists and can be written"
        ) from fault
    finally:
        partial.unlink(missing_ok=True)
    return path


def write_csv(run: Run, path: Path, names: Iterable[str] = ()) -> Path:
    """Write quantities over time as `Run.to_csv` says."""
    wanted = tuple(names) or run.quantities or run.names
    tables = []
    for k, name in enumerate(run.people):
        table = (run if run.single else run.person(k)).to_pandas(*wanted)
        table.insert(0, "person", name)
        tables.append(table)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with partial.open("w", encoding="utf-8", newline="") as file:
            for k, table in enumerate(tables):
                table.reset_index().set_index("person").to_csv(file, header=k == 0, na_rep="NaN", lineterminator="\n")
        os.replace(partial, path)
    except OSError as fault:
        raise FileError(
            f"the table cannot be written ({fault})", where=str(path), remedy="choose a folder that exists and can be written"
        ) from fault
    finally:
        partial.unlink(missing_ok=True)
    return path


def _squeezed(size: int) -> dict[str, Any]:
    return {"compression": "gzip", "compression_opts": 1, "shuffle": True} if size > 4096 else {}


def _write_group(file: Any, run: Run, number: int, keep: Iterable[str] | None) -> tuple[str, ...]:
    """One system's people; returns the names of the quantities kept."""
    group = run.groups[number]
    told = _kept_names(group, keep)
    for index, block in enumerate(group.blocks):
        folder = file.create_group(f"system_{number}/window_{index}")
        folder.dimensions = {"person": block.times.shape[0], "time": block.times.shape[1]}
        folder.attrs["people"] = json.dumps([run.people[k] for k in group.people])
        _put(folder, "hours", ("person", "time"), block.times, units="h", long_name="hours since local midnight of day 0")
        for name, kind in _MATRICES.items():
            data = getattr(block, name)
            if data is not None:
                _matrix(folder, name, kind, data, group.table)
        for name in told:
            values, column = group.values(index, name)
            _put(folder, name, ("person", "time"), values, units=str(column.unit), long_name=column.doc)
    folder = file.create_group(f"system_{number}/moments")
    sizes = {"person": len(group.moments), **{kind: len(getattr(group.moments[0], kind)) for kind in ("y", "p", "u", "truths")}}
    folder.dimensions = {name: size for name, size in sizes.items() if size}
    for name, dims in {"y": ("y",), "p": ("p",), "u": ("u",), "slopes": ("u",), "truths": ("truths",), "time": ()}.items():
        data = np.array([getattr(m, name) for m in group.moments], dtype=float)
        _put(folder, name, ("person", *dims), data)
    return told


def _kept_names(group: Group, keep: Iterable[str] | None) -> tuple[str, ...]:
    if keep is None:
        wanted = [q for q in group.table.quantities if group.answers(q)]
        return tuple(dict.fromkeys([*group.told, *wanted]))
    for name in keep:
        group.table.column(name)
    return tuple(dict.fromkeys([*group.told, *keep]))


def _matrix(folder: Any, name: str, kind: str, data: np.ndarray, table: Table) -> None:
    import h5py

    rows = table.of_kind(kind)  # type: ignore[arg-type]
    if rows and kind not in folder.dimensions:
        folder.dimensions[kind] = data.shape[-1]
        folder.create_variable(f"{kind}_name", (kind,), dtype=h5py.string_dtype(), data=np.array([c.name for c in rows], dtype=object))
        folder.create_variable(f"{kind}_unit", (kind,), dtype=h5py.string_dtype(), data=np.array([str(c.unit) for c in rows], dtype=object))
        folder.create_variable(f"{kind}_factor", (kind,), data=np.array([c.unit.factor for c in rows]))
    dims = ("person", "time", kind) if data.ndim == 3 else ("person", kind)
    _put(folder, name, dims, data, long_name=f"internal numbers; divide by {kind}_factor for {kind}_unit")


def _put(folder: Any, name: str, dims: tuple[str, ...], data: np.ndarray, **attributes: str) -> None:
    """One variable; what has no elements is noted by its shape, since NetCDF takes a length of 0 as one that grows."""
    if not data.size:
        folder.attrs[f"empty_{name}"] = json.dumps(data.shape)
        return
    variable = folder.create_variable(name, dims, data=np.ascontiguousarray(data, dtype=float), **_squeezed(data.size))
    for key, value in attributes.items():
        variable.attrs[key] = value


def _record(run: Run, told: list[tuple[str, ...]]) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "people": list(run.people),
        "single": run.single,
        "start": run.start,
        "end": run.end,
        "made_by": asdict(run.made_by),
        "statuses": [{**asdict(s), "code": s.code.name} for s in run.statuses],
        "groups": [
            {
                "table": to_record(g.table),
                "people": list(g.people),
                "windows": len(g.blocks),
                "told": list(names),
                "wiring": [asdict(line) for line in g.wiring],
                "unheard": [list(one) for one in g.unheard],
                "drift": list(g.drift),
                "pending": [[asdict(p) for p in m.pending] for m in g.moments],
            }
            for g, names in zip(run.groups, told, strict=True)
        ],
    }


def read_run(path: str | Path, *, model: Any = None) -> Run:
    """A run from a file that `Run.to_netcdf` wrote: the same names answer, without the model.

    model  a Family, Model, System or Program of the same fingerprint: then every derived row answers too
    Raises FileError for a file that is no such run, ModelError where the model is another.
    """
    import h5py

    path = Path(path)
    if not path.is_file():
        raise FileError("there is no such file", where=str(path), remedy="look at the path")
    try:
        with h5py.File(path, "r") as file:
            if "record" not in file:
                raise FileError("this is no run of neurohumor", where=str(path), remedy="give a file written by Run.to_netcdf")
            stored: Any = file["record"]
            record = json.loads(bytes(np.asarray(stored[...], dtype=np.uint8)).decode())
            if record.get("format") != FORMAT:
                raise FileError(
                    f"it has format {record.get('format')}, not {FORMAT}", where=str(path), remedy="read it with the version that wrote it"
                )
            groups = tuple(_read_group(file, number, told) for number, told in enumerate(record["groups"]))
            return _rebuilt(record, groups if model is None else tuple(_with_model(g, model) for g in groups))
    except (OSError, KeyError, TypeError, ValueError, IndexError) as fault:
        raise FileError(f"it cannot be read as a run ({fault})", where=str(path), remedy="make the file again") from fault


def _rebuilt(record: Mapping[str, Any], groups: tuple[Group, ...]) -> Run:
    made = record["made_by"]
    statuses = tuple(Status(**{**s, "code": Code[s["code"]]}) for s in record["statuses"])
    made_by = Provenance(**{**made, "fingerprints": tuple(made["fingerprints"])})
    return Run(groups, tuple(record["people"]), statuses, made_by, float(record["start"]), float(record["end"]), bool(record["single"]))


def _read_group(file: Any, number: int, told: Mapping[str, Any]) -> Group:
    names = tuple(told["told"])
    blocks = tuple(_read_block(file[f"system_{number}/window_{i}"], names) for i in range(int(told["windows"])))
    return Group(
        table=from_record(told["table"]),
        people=tuple(int(k) for k in told["people"]),
        blocks=blocks,
        moments=_read_moments(file[f"system_{number}/moments"], told["pending"]),
        told=names,
        wiring=tuple(WireLine(**line) for line in told["wiring"]),
        unheard=tuple(tuple(one) for one in told["unheard"]),
        drift=tuple(float(d) for d in told["drift"]),
    )


def _read_block(folder: Any, told: tuple[str, ...]) -> Block:
    def held(name: str) -> np.ndarray | None:
        return _get(folder, name) if name in folder or f"empty_{name}" in folder.attrs else None

    kept = np.stack([_get(folder, name) for name in told], axis=-1) if told else None
    return Block(_get(folder, "hours"), held("states"), held("params"), held("inputs"), kept)


def _get(folder: Any, name: str) -> np.ndarray:
    if f"empty_{name}" in folder.attrs:
        return np.zeros(json.loads(folder.attrs[f"empty_{name}"]))
    like_a_dimension = f"_nc4_non_coord_{name}"  # how NetCDF-4 keeps a variable that is called like a dimension but is none
    return np.asarray(folder[like_a_dimension if like_a_dimension in folder else name][...], dtype=float)


def _read_moments(folder: Any, pending: list[list[Mapping[str, Any]]]) -> tuple[Moment, ...]:
    data = {name: _get(folder, name) for name in ("time", "y", "p", "u", "slopes", "truths")}
    return tuple(
        Moment(
            float(data["time"][k]), data["y"][k], data["p"][k], data["u"][k], data["slopes"][k],
            tuple(bool(t) for t in data["truths"][k]),
            tuple(Pending(p["event"], p["due"], None if p["values"] is None else tuple(p["values"])) for p in waiting),
        )
        for k, waiting in enumerate(pending)
    )  # fmt: skip


def with_equations(run: Run, model: Any) -> Run:
    """A run that was read without its model, with it.  Raises ModelError where the model is another."""
    return replace(run, groups=tuple(_with_model(group, model) for group in run.groups))


def _with_model(group: Group, model: Any) -> Group:
    from neurohumor.engine.subject import program_of

    program: Program = program_of(model)
    if program.system.fingerprint != group.table.fingerprint:
        raise ModelError(
            f"{program.system.name} has another fingerprint than the model that made this run",
            remedy="give the model of that version and that person",
        )
    return replace(group, program=program)
