"""What can go wrong in the harness.

    EvalError               every error this package raises
    ├── CasesError          a file of cases, answers, scores or labels cannot be used
    └── NotComparable       two runs differ in what must be the same

A message names the file and line, the value, and what to do.
"""


class EvalError(Exception):
    """Base of every error raised by `eval`."""


class CasesError(EvalError):
    """A file cannot be used; the message names file and line."""


class NotComparable(EvalError):
    """Two runs have other cases, another library or another judge."""
