"""Hormones and states acting on named targets, neutral at the reference."""
