"""Synthesis, release, reuptake and breakdown of transmitters."""
