"""The one flat list of settings: `ASSISTANT_*` environment variables or a `.env` file.

Read once at the entry point and passed on. It builds nothing.
"""

from pathlib import Path
from typing import Literal

from platformdirs import user_data_path
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Every setting, with its default. `ASSISTANT_HOME=/data assistant doctor` shows the result."""

    model_config = SettingsConfigDict(
        env_prefix="ASSISTANT_", env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    home: Path = Field(
        default_factory=lambda: user_data_path("assistant"),
        description="Folder that holds all state: store, indexes, the exported encoder.",
    )
    database_url: str = Field(
        default="",
        description="SQLAlchemy URL of the document store; empty: SQLite in the home folder.",
    )
    encoder: str = Field(
        default="all-MiniLM-L6-v2",
        description="Encoder: the bundled default, or a sentence-transformers name or folder.",
    )
    encoder_precision: Literal["int8", "fp32"] = Field(
        default="int8",
        description="int8 indexes about twice as fast; fp32 gives sentence-transformers' vectors.",
    )
    starter_library: bool = Field(
        default=True,
        description="Load the starter library when there are no documents yet, and on serve.",
    )
    max_file_mb: int = Field(default=100, ge=1, description="Largest file `add` accepts, in MB.")
    max_question_chars: int = Field(
        default=2000, ge=1, description="Longest question accepted, in characters."
    )
    stale_after_days: int = Field(
        default=90,
        ge=1,
        description="Age of the newest relevant source, in days, from which an answer says so.",
    )
    contact: str = Field(
        default="",
        description="E-mail or web address told to the sites that `sync` reads, as they ask.",
    )
    host: str = Field(default="127.0.0.1", description="Address that `serve` listens on.")
    port: int = Field(default=7860, ge=0, le=65535, description="Port that `serve` listens on.")
