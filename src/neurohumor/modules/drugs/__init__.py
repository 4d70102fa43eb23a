"""Drugs: kinetics and loads on their targets."""
