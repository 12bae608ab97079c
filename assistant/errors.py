"""What can go wrong in the assistant, by who must act.

    AssistantError           every error this package raises
    ├── BadQuestion          the user: an empty or overlong question, an impossible date
    ├── NotFound             the user: no document with that id
    ├── ConfigurationProblem the operator: a setting that cannot be used
    ├── BadSubscription      the operator: a table of subscriptions.toml that cannot be used
    ├── HomeProblem          the operator: ASSISTANT_HOME cannot be read, written or is full
    ├── StoreProblem         the operator: the store is damaged or from a newer version
    ├── IndexProblem         nobody: an index is missing or damaged; it is rebuilt from the store
    └── EncoderProblem       the operator: the encoder is missing, altered or of an unknown shape

A message says what happened, the offending value and what to do. The core raises, surfaces render.
"""


class AssistantError(Exception):
    """Base of every error raised by `assistant`."""


class BadQuestion(AssistantError):
    """The question or one of its options cannot be used."""


class NotFound(AssistantError):
    """There is no such document."""


class ConfigurationProblem(AssistantError):
    """A setting or an option cannot be used as it is."""


class BadSubscription(AssistantError):
    """A subscription cannot be used as it is written."""


class HomeProblem(AssistantError):
    """The folder that holds the assistant's state cannot be used."""


class StoreProblem(AssistantError):
    """The document store cannot be used."""


class IndexProblem(AssistantError):
    """An index is missing, damaged or was made by another encoder or splitter."""


class EncoderProblem(AssistantError):
    """The encoder cannot be loaded or is not the one that was pinned."""
