"""Plots, diagrams and reports."""
