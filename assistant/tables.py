"""The tables of the database. Only the store and its parts use them."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

SCHEMA = 1
"""Grows with every incompatible change; a store with a greater number is refused."""

metadata = MetaData()

meta = Table(
    "meta",
    metadata,
    Column("key", String, primary_key=True),
    Column("value", String, nullable=False),
)

documents = Table(
    "documents",
    metadata,
    Column("id", String, primary_key=True),
    Column("source", String, nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("kind", String, nullable=False),
    Column("publisher", Text, nullable=False),
    Column("published", Date, index=True),
    Column("effective", Date),
    Column("url", Text, nullable=False),
    Column("citation", String, nullable=False),
    Column("text", Text, nullable=False),
    Column("metadata", JSON, nullable=False),
    Column("sha256", String, nullable=False),
    Column("added_at", DateTime(timezone=True), nullable=False),
    Column("replaced_on", Date),
    Column("removed", Boolean, nullable=False),
)

passages = Table(
    "passages",
    metadata,
    Column("id", String, primary_key=True),
    Column("document", ForeignKey("documents.id"), nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("locator", Text, nullable=False),
    Column("sentences", JSON, nullable=False),
    Column("identifiers", JSON, nullable=False),
)

EVENT_COLUMNS = ("instrument", "kind", "on", "by", "until", "certainty", "note")

events = Table(
    "events",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("instrument", String, nullable=False, index=True),
    Column("kind", String, nullable=False),
    Column("on", Date, nullable=False),
    Column("by", String, nullable=False),
    Column("until", Date),
    Column("certainty", String, nullable=False),
    Column("note", Text, nullable=False),
)

indexed = Table(
    "indexed",
    metadata,
    Column("index", String, primary_key=True),
    Column("document", String, primary_key=True),
    Column("state", String, nullable=False),
)

vectors = Table(
    "vectors",
    metadata,
    Column("key", String, primary_key=True),
    Column("vector", LargeBinary, nullable=False),
)

marks = Table(
    "marks",
    metadata,
    Column("subscription", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("mark", String, nullable=False),
)

answers = Table(
    "answers",
    metadata,
    Column("id", String, primary_key=True),
    Column("asked_at", DateTime(timezone=True), nullable=False, index=True),
    Column("question", Text, nullable=False),
    Column("asker", String, nullable=False),
    Column("answer", JSON, nullable=False),
    Column("versions", JSON, nullable=False),
)
