"""Entries as rows of the index, and back."""

import json
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from realtime.library.database import Row
from realtime.library.records import Entry, FaceSummary, State

SELECT = """
    SELECT id, title, source, video, annotated, "table", summary, date, duration, classes, model, faces, state
    FROM entries
"""
"""Gives rows for :func:`entry_of`."""

INSERT = """
    INSERT INTO entries
        (title, source, video, annotated, "table", summary, date, duration, classes, model, faces, state)
    VALUES
        (:title, :source, :video, :annotated, :table, :summary, :date, :duration, :classes, :model, :faces, :state)
"""
UPDATE = """
    UPDATE entries SET
        title = :title, source = :source, video = :video, annotated = :annotated, "table" = :table,
        summary = :summary, date = :date, duration = :duration, classes = :classes, model = :model,
        faces = :faces, state = :state
    WHERE id = :id
"""
"""This and :data:`INSERT` take what :func:`values_of` gives."""


def values_of(entry: Entry) -> dict[str, Any]:
    """An entry as its row has it."""
    return {
        "id": entry.id,
        "title": entry.title,
        "source": entry.source,
        "video": text_of(entry.video),
        "annotated": int(entry.annotated),
        "table": text_of(entry.table),
        "summary": text_of(entry.summary),
        "date": entry.date.timestamp(),
        "duration": entry.duration,
        "classes": json.dumps(entry.classes, ensure_ascii=False),
        "model": entry.model,
        "faces": json.dumps([_plain(face) for face in entry.faces], ensure_ascii=False),
        "state": str(entry.state),
    }


def entry_of(row: Row) -> Entry:
    """The entry that a row of :data:`SELECT` holds."""
    number, title, source, video, annotated, table, summary, date, duration, classes, model, faces, state = row
    return Entry(
        title,
        source,
        date_of(date),
        duration,
        _path(video),
        _path(table),
        _path(summary),
        bool(annotated),
        tuple(json.loads(classes)),
        model,
        tuple(FaceSummary(**face) for face in json.loads(faces)),
        State(state),
        number,
    )


def readable_entry_of(row: Row) -> Entry | None:
    """:func:`entry_of`, None for a row that is damaged or of another version of Mien: the others can be read."""
    try:
        return entry_of(row)
    except (ArithmeticError, AttributeError, OSError, TypeError, ValueError):
        return None


def date_of(seconds: float) -> datetime:
    """A date in UTC."""
    return datetime.fromtimestamp(seconds, UTC)


def text_of(path: Path | None) -> str | None:
    """A path as it is kept."""
    return None if path is None else str(path)


def _plain(face: FaceSummary) -> dict[str, Any]:
    return {**{each.name: getattr(face, each.name) for each in fields(face)}, "shares": dict(face.shares)}


def _path(text: str | None) -> Path | None:
    return None if text is None else Path(text)
