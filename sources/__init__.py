"""Documents: loading them, normalising them once, splitting them, and what became of them.

Knows no model, no index and no user. Nothing here imports `assistant` or `eval`.
"""
