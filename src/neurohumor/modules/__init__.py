"""The science: one file for each published or own module."""
