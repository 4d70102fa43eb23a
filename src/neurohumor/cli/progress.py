"""Progress with the time left, shown on a terminal when something takes over a second."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

PATIENCE_S = 1.0


class Watch:
    """Told (done, total) again and again; shows a bar after a second, on stderr, and takes it away at the end.

    It never asks to stop: Ctrl-C does, and the engine hears it.
    """

    def __init__(self, title: str, *, first: str = "") -> None:
        self._title, self._first = title, first or title
        self._began = time.monotonic()
        self._shown: tuple[Progress, TaskID] | None = None

    def __enter__(self) -> Watch:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        if self._shown is not None:
            self._shown[0].stop()

    def __call__(self, done: float, total: float) -> bool:
        """Always True: go on."""
        if self._shown is None and time.monotonic() - self._began > PATIENCE_S and sys.stderr.isatty():
            self._shown = self._open()
        if self._shown is not None:
            bar, task = self._shown
            working = done > 0
            bar.update(task, description=self._title if working else self._first, completed=done, total=total if working else None)
        return True

    def note(self, text: str) -> None:
        """Say what goes on before anything is done."""
        self._first = text
        self(0.0, 1.0)

    def _open(self) -> tuple[Progress, TaskID]:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

        columns = TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn()
        bar = Progress(
            *columns, TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn(), console=Console(stderr=True), transient=True
        )
        bar.start()
        return bar, bar.add_task(self._first, total=None)
