"""`subscriptions.toml` in the home folder → what to keep up to date. Knows no store, no network."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from assistant.errors import BadSubscription, HomeProblem
from sources.registry import LOADERS

NAME = "subscriptions.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """One table of the file: a name, the loader it uses and the options of that."""

    name: str
    source: str
    options: Mapping[str, Any]


def read_subscriptions(home: Path, wanted: Sequence[str] = ()) -> tuple[Subscription, ...]:
    """Return the subscriptions, or just those `wanted`; writes a useful file when there is none.

    Raises BadSubscription naming what cannot be used, HomeProblem when the folder cannot.
    """
    path = home / NAME
    try:
        if not path.exists():
            home.mkdir(parents=True, exist_ok=True)
            default = files("assistant").joinpath(f"data/{NAME}").read_text(encoding="utf-8")
            path.write_text(default, encoding="utf-8")
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise HomeProblem(
            f"{str(path)!r} cannot be used: {error.strerror}. Set ASSISTANT_HOME to a folder that "
            "can be written."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSubscription(f"{str(path)!r} is not TOML: {error}. Mend it there.") from error
    found = {name: _subscription(name, table, path) for name, table in tables.items()}
    unknown = [name for name in wanted if name not in found]
    if unknown:
        raise BadSubscription(
            f"No subscription {unknown[0]!r} in {str(path)!r}; there are: {', '.join(found)}."
        )
    return tuple(found[name] for name in (wanted or found))


def _subscription(name: str, table: object, path: Path) -> Subscription:
    if not isinstance(table, dict):
        raise BadSubscription(
            f"{name!r} in {str(path)!r} is not a table; write it as [{name}] with source = … below."
        )
    options: dict[str, Any] = {str(key): value for key, value in table.items()}
    source = options.pop("source", None)
    if not isinstance(source, str) or source not in LOADERS:
        raise BadSubscription(
            f"Subscription {name!r} has source = {source!r}; use one of {', '.join(LOADERS)}."
        )
    return Subscription(name=name, source=source, options=options)
