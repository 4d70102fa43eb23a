"""provenance.json: what made a run, from which files, with which packages."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from neurohumor.cli.versions import required_packages, version_of

if TYPE_CHECKING:
    from neurohumor.engine.run import Run


def provenance(run: Run, sources: Mapping[str, Path]) -> str:
    """As JSON text: versions, seed, solver, hashes of the input files, how each person fared, worst drift of the baseline."""
    told: dict[str, Any] = {
        **asdict(run.made_by),
        "files": {what: {"name": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()} for what, path in sources.items()},
        "packages": {name: version_of(name) for name in required_packages()},
        "people": len(run.people),
        "complete": run.ok,
        "statuses": [str(status) for status in run.failed],
        "drift_percent_per_day": [d if d == d else None for d in run.drift],
        "unheard": list(run.unheard),
        "use": "research and education; no medical advice",
    }
    return json.dumps(told, indent=2, sort_keys=True, default=str, ensure_ascii=False, allow_nan=False) + "\n"
