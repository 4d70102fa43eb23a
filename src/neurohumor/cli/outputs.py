"""What a verb leaves behind: written whole beside its place, then moved there; nothing is left of what was not finished."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from types import TracebackType

from neurohumor.errors import FileError


def check_place(folder: Path) -> None:
    """Raises FileError if files could not be left in this folder; makes nothing."""
    place = folder.absolute()
    while not place.exists() and place != place.parent:
        place = place.parent
    if not place.is_dir():
        raise FileError(f"{place} is no folder", where=str(folder), remedy="choose another place with --out")
    if not os.access(place, os.W_OK | os.X_OK):
        raise FileError(f"nothing can be written in {place}", where=str(folder), remedy="choose another place with --out")


class Draft:
    """A folder beside `folder` for files in the making; on leaving in peace they move into `folder`, else they vanish."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._draft: Path | None = None

    def __enter__(self) -> Path:
        check_place(self.folder)
        self.folder.absolute().parent.mkdir(parents=True, exist_ok=True)
        self._draft = Path(tempfile.mkdtemp(prefix=f".{self.folder.name or 'out'}-", dir=self.folder.absolute().parent))
        return self._draft

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        assert self._draft is not None
        try:
            if kind is None:
                self.folder.mkdir(parents=True, exist_ok=True)
                for made in sorted(self._draft.iterdir()):
                    os.replace(made, self.folder / made.name)
        finally:
            shutil.rmtree(self._draft, ignore_errors=True)
