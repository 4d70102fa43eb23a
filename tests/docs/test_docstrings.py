"""Docstrings of the code become Markdown that reads well."""

from __future__ import annotations

import pytest

pytest.importorskip("griffe", reason="the extra docs is not installed")

from tools.pages.docstrings import as_markdown


def test_aligned_lines_become_a_list():
    text = "What it is.\n\nwhat      a Family, a Model\n          or a System\ndays      how long; see `windows`\nThe rest is prose."
    assert as_markdown(text) == (
        "What it is.\n\n- `what`: a Family, a Model\n  or a System\n- `days`: how long; see `windows`\nThe rest is prose."
    )


def test_brackets_are_no_links():
    assert as_markdown("states [people][time] of `a[b]`") == "states \\[people\\]\\[time\\] of `a[b]`"


def test_blocks_of_code_stay():
    text = "As in\n\n    [Hpa.k]\n    value = 1\n\nand so on."
    assert as_markdown(text) == text
