"""Fuel, oxygen and ATP of the brain."""
