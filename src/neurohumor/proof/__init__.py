"""Experiments as files, claims, gallery and cross-checks."""
