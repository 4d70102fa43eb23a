"""Populations, sensitivity, fits and plans."""
