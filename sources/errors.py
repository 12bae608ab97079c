"""What can go wrong with a source, by who must act.

    SourceError              every error this package raises
    ├── FileProblem          the file or folder cannot be used: missing, too large, not readable
    ├── ParseProblem         the content is not what its name says, or is damaged
    ├── EmptySource          nothing to read in it
    ├── BadMetadata          a title, date, kind or option that was given is not usable
    ├── Unreachable          a server did not answer, or not properly: try again later
    └── Refused              a page cannot be used: forbidden, too large, behind a wall, empty

A message says what happened, the offending value and what to do.
"""


class SourceError(Exception):
    """Base of every error raised by `sources`."""


class FileProblem(SourceError):
    """The file or folder cannot be used."""


class ParseProblem(SourceError):
    """The content is damaged or is not what its name says."""


class EmptySource(SourceError):
    """There is no text in it."""


class BadMetadata(SourceError):
    """A value given for a document is not usable."""


class Unreachable(SourceError):
    """A server did not answer, or not properly; trying again later may help."""


class Refused(SourceError):
    """A server forbids it, or what it sends cannot be used; trying again will not help."""
