"""Starter library → the store, once for each edition of it; what a person removed stays removed."""

from hashlib import sha256

from assistant.ingest import add_documents
from assistant.library import Library
from assistant.rows import content_hash
from sources import starter

_LOADED = "starter_library"


def load_starter(library: Library) -> bool:
    """Store the starter library unless this home has this edition; returns whether it did."""
    documents = list(starter.documents())
    events = list(starter.events())
    told = "".join([*map(content_hash, documents), *map(repr, events)])
    edition = sha256(told.encode()).hexdigest()
    if library.store.meta(_LOADED) == edition:
        return False
    removed = library.store.removed()
    add_documents(library, [document for document in documents if document.id not in removed])
    library.store.tell_anew(starter.PREFIX, events)
    library.store.set_meta(_LOADED, edition)
    return True
