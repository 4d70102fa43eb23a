"""Stopping a long solve from outside: Ctrl-C, or a progress callback that says so."""

from __future__ import annotations

import signal
import threading
import time as clocks
from types import FrameType
from typing import TYPE_CHECKING, Any

from neurohumor.engine.certified import output_rows
from neurohumor.engine.problem import Batch, Program, Progress, Solved, Stiff

if TYPE_CHECKING:
    from types import TracebackType


class Interruptible:
    """Within it the first Ctrl-C lets the engine stop at its next report and keep what it has; the second is as ever.

    It also adds up what was done over all people and solves: hours, for the caller's progress, the engine's `counts`,
    and the errors it `achieved` where it was asked to certify them.
    """

    def __init__(self, progress: Progress | None, total: float) -> None:
        self._progress, self._total = progress, total
        self._done = 0.0
        self._asked = False
        self._before: Any = None
        self._set = False
        self.began = clocks.perf_counter()
        self.counts: dict[str, int] = {}
        self.achieved: dict[str, float] = {}

    def __enter__(self) -> Interruptible:
        if threading.current_thread() is threading.main_thread():
            self._before = signal.getsignal(signal.SIGINT)
            if callable(self._before):
                signal.signal(signal.SIGINT, self._on_signal)
                self._set = True
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        if self._set:
            signal.signal(signal.SIGINT, self._before)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._asked = True
        signal.signal(signal.SIGINT, self._before)

    def asked(self) -> bool:
        """Whether to stop; tells the caller that work goes on."""
        if not self._asked and self._progress is not None and self._progress(self._done, self._total) is False:
            self._asked = True
        return self._asked

    def settled(self, found: int, sought: int) -> None:
        """Tell the caller, where it cares to be told, how many people are settled."""
        note = getattr(self._progress, "note", None)
        if note is not None:
            note(f"settling: {found} of {sought} people" if sought > 1 else "settling")

    def solve(self, program: Program, batch: Batch, options: Stiff, *, hours_each: float) -> Solved | None:
        """Solve, reporting hours; None where it was interrupted before anything came of it."""
        if self.asked():  # also tells the caller that a stretch begins, so that a short one can be stopped at all
            return None
        before = self._done
        whole = hours_each * len(batch.start)

        def report(done: float, total: float) -> bool:
            self._done = before + (whole * done / total if total > 0 else whole)
            return not self.asked()

        try:
            solved = program.solve(batch, options, report)
        except KeyboardInterrupt:
            self._asked = True
            return None
        self._done = before + whole
        for name, count in solved.counts.items():
            self.counts[name] = self.counts.get(name, 0) + count
        if solved.achieved is not None:
            for row, error in zip(program.system.states, solved.achieved, strict=True):
                self._achieved(row.full, float(error))
        if solved.achieved_outputs is not None:
            for name, error in zip(output_rows(program.system), solved.achieved_outputs, strict=True):
                self._achieved(name, float(error))
        if self._progress is not None:
            self._progress(self._done, self._total)
        return solved

    def _achieved(self, name: str, error: float) -> None:
        if error == error:  # NaN: nothing could be compared
            self.achieved[name] = max(error, self.achieved.get(name, 0.0))
