"""Fitting what the assistant ships as data, by reproducible commands."""
