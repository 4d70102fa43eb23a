"""Minimisers that know no model."""
