"""What the restricted language has beyond Python's own arithmetic; whoever runs it puts real ones in their place."""

from __future__ import annotations

from typing import Any


def kernel(address: int, *given: Any) -> int:
    """Call machine code at an address with arrays and whole numbers."""
    raise NotImplementedError("the control loop has not been prepared to run")


def fetch_add(array: Any, index: int, amount: int) -> int:
    """Add to an element that other threads add to as well; its value before."""
    raise NotImplementedError("the control loop has not been prepared to run")
