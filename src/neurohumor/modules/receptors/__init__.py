"""Occupancy, adaptation and signalling."""
