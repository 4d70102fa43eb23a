"""Clocks and sleep."""
