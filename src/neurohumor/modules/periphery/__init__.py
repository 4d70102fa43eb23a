"""Pools outside the brain."""
