"""Cerebrospinal fluid."""
