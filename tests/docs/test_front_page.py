"""What the first page says of the model and how to use it is what the model says and does."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest


@pytest.mark.slow
def test_the_python_of_the_first_page_runs(root, capsys):
    page = (root / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert blocks
    for block in blocks:
        exec(compile(block, "README.md", "exec"), {})
    assert re.search(r"\d+(\.\d+)? nmol/L at \d\d:\d\d", capsys.readouterr().out)


def test_the_badge_is_that_of_the_model(root):
    told = subprocess.run([sys.executable, root / "tools" / "front_page.py", "--check"], capture_output=True, text=True, timeout=60)
    assert told.returncode == 0, told.stderr


def test_the_figure_of_the_first_page_is_there(root):
    page = (root / "README.md").read_text(encoding="utf-8")
    figures = re.findall(r"!\[[^]]+\]\(([^)]+)\)", page)
    assert figures
    assert all((root / name).is_file() for name in figures)
