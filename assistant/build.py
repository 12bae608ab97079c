"""The only wiring: settings → a ready Assistant."""

from collections.abc import Callable

from assistant.embeddings import load_encoder
from assistant.library import Library
from assistant.pipeline import Assistant
from assistant.settings import Settings
from assistant.store import open_store


def build(settings: Settings, say: Callable[[str], None]) -> Assistant:
    """Open store, encoder and indexes; `say` hears what a person should know of it.

    Raises AssistantError. Does not load the starter library and does not index what is pending:
    the surfaces do, with progress.
    """
    home = settings.home.expanduser().resolve()
    store = open_store(store_url(settings))
    encoder = load_encoder(settings.encoder, home, settings.encoder_precision)
    return Assistant(Library(home, store, encoder, say), settings)


def store_url(settings: Settings) -> str:
    """Return the SQLAlchemy URL of the document store."""
    home = settings.home.expanduser().resolve()
    return settings.database_url or f"sqlite:///{home / 'store.sqlite'}"
