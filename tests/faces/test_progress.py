"""Progress: silent on short work and on pipes, a bar with the time left on a terminal, never asking to stop."""

from __future__ import annotations

import io
import sys

import pytest

from neurohumor.cli import progress
from neurohumor.cli.messages import printable
from neurohumor.cli.progress import Watch


class Terminal(io.StringIO):
    """What calls itself a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("patience", "terminal", "shown"), [(0.0, True, True), (3600.0, True, False), (0.0, False, False)])
def test_a_bar_is_shown_where_it_helps(patience: float, terminal: bool, shown: bool, monkeypatch: pytest.MonkeyPatch):
    screen = Terminal() if terminal else io.StringIO()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr(progress, "PATIENCE_S", patience - 1e-9)
    monkeypatch.setenv("TERM", "xterm")
    with Watch("living", first="settling") as watch:
        for done in (0.0, 0.0, 12.0, 24.0):
            assert watch(done, 24.0) is True
    assert bool(screen.getvalue()) is shown
    assert not shown or ("living" in screen.getvalue() and "left" in screen.getvalue())


def test_what_steers_a_terminal_is_replaced():
    assert printable("a\x1b[31mb\x07\u202ec\u200bd\te\n") == "a\ufffd[31mb\ufffd\ufffdc\ufffdd\te\n"
    assert printable("µg/dL × ÷ ä 漢 ─") == "µg/dL × ÷ ä 漢 ─"
