"""Hormone axes."""
