"""Fixtures that several test files share: an encoder exported once, and assistants of few texts."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from loopback import Loopback
from services import Services

from assistant.build import build
from assistant.ingest import add_documents
from assistant.pipeline import Assistant
from assistant.settings import Settings
from sources.types import Document

ENCODER = "all-MiniLM-L6-v2"

MakeAssistant = Callable[[Sequence[Document]], Assistant]


@pytest.fixture(scope="session")
def encoder_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder into which the bundled encoder has been exported."""
    from assistant.embeddings import load_encoder

    folder = tmp_path_factory.mktemp("encoder")
    load_encoder(ENCODER, folder)
    return folder


@pytest.fixture(scope="module")
def make_assistant(
    encoder_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[MakeAssistant]:
    """Make assistants, each with a home of its own, that know just the documents given."""
    made: list[Assistant] = []

    def make(documents: Sequence[Document]) -> Assistant:
        home = tmp_path_factory.mktemp("home")
        (home / "encoders").symlink_to(encoder_home / "encoders")
        settings = Settings(_env_file=None, home=home, database_url="", encoder=ENCODER)  # type: ignore[call-arg]
        assistant = build(settings, lambda message: None)
        add_documents(assistant.library, list(documents))
        assistant.library.sync()
        made.append(assistant)
        return assistant

    yield make
    for assistant in made:
        assistant.library.close()


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[Loopback, list[Services]]]:
    """A server for all tests (closing one takes half a second), and the services just now."""
    all_services = [Services()]
    with Loopback(lambda request: all_services[-1].answer(request)) as server:
        yield server, all_services


@pytest.fixture
def services(running: tuple[Loopback, list[Services]]) -> Services:
    running[0].requests.clear()
    running[1].append(Services())
    return running[1][-1]


@pytest.fixture
def server(running: tuple[Loopback, list[Services]], services: Services) -> Loopback:
    return running[0]
