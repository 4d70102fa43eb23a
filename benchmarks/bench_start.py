"""How long the package and the command line take to start, in fresh processes."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

TIMES = 11


def seconds(command: list[str]) -> list[float]:
    taken = []
    for _ in range(TIMES):
        began = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        taken.append(time.perf_counter() - began)
    return taken


def main() -> None:
    commands = {
        "python -c ''": [sys.executable, "-c", ""],
        "import neurohumor": [sys.executable, "-c", "import neurohumor"],
        "neurohumor --help": [str(Path(sys.executable).with_name("neurohumor")), "--help"],
    }
    for name, command in commands.items():
        taken = seconds(command)
        print(f"{name:20s} median {statistics.median(taken):.3f} s, best {min(taken):.3f} s, worst {max(taken):.3f} s")


if __name__ == "__main__":
    main()
