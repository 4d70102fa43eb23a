"""Which versions are installed."""

from __future__ import annotations

import re
from importlib import metadata


def version_of(package: str) -> str:
    """The version of an installed distribution, or an empty string."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def own_version() -> str:
    """The version of this package."""
    return version_of("neurohumor") or "unknown"


def required_packages() -> tuple[str, ...]:
    """The distributions that the package itself needs, as its metadata tells."""
    try:
        wanted = metadata.requires("neurohumor") or []
    except metadata.PackageNotFoundError:
        return ()
    return tuple(re.split(r"[ <>=!~;\[]", one, maxsplit=1)[0] for one in wanted if "extra ==" not in one)
