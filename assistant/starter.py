"""Starter library → the store, once per home: a summary that was removed does not come back."""

from assistant.ingest import add_documents
from assistant.library import Library
from sources import starter

_LOADED = "starter_library"


def load_starter(library: Library) -> bool:
    """Store the starter library unless this home has had it; returns whether anything was added."""
    if library.store.meta(_LOADED):
        return False
    add_documents(library, list(starter.documents()))
    library.store.add_events(starter.events())
    library.store.set_meta(_LOADED, "loaded")
    return True
