"""Measures how grounded the answers are. Nothing else imports it."""
