"""Finds the results of runs on the disk: a summary, and beside it the table and the video that it speaks of."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

from engines.errors import LibraryError
from realtime.library.records import Entry, FaceSummary, State
from realtime.library.thumbnail import thumbnail_of
from realtime.sinks.table import TableFormat

_ANNOTATED = (".annotated.mp4", ".annotated.mkv", ".annotated.mov", ".annotated.jpg", ".annotated")
_RAW = (".mp4", ".mkv", ".mov")
_ENDINGS = tuple(f".{kind}" for kind in get_args(TableFormat))


def find_results(path: Path) -> Iterator[tuple[Entry, bytes | None]]:
    """Each run whose results lie in the folder ``path``, or the one that a summary or a table belongs to.

    With each comes its thumbnail, a JPEG, None where no picture can be read. Raises ``LibraryError`` if there is none.
    """
    if path.is_dir():
        found = [entry for file in sorted(path.glob("*.json")) if (entry := _read(file)) is not None]
        if not found:
            raise LibraryError(f"{path} holds no results: choose a folder that mien video has written to.")
    else:
        entry = _read(path if path.suffix == ".json" else path.with_suffix(".json"))
        if entry is None:
            raise LibraryError(f"{path} belongs to no results: choose the summary (.json) or the table of a video.")
        found = [entry]
    return ((entry, thumbnail_of(entry)) for entry in found)


def read_results(summary: Path) -> Entry:
    """The run that ``summary`` speaks of. Raises ``LibraryError`` if it cannot be read, or is no summary."""
    entry = _read(summary)
    if entry is None:
        raise LibraryError(f"{summary} is no summary of a run, or cannot be read: read the video anew.")
    return entry


def _read(summary: Path) -> Entry | None:
    try:
        told = json.loads(summary.read_text(encoding="utf-8"))
        date = datetime.fromtimestamp(summary.stat().st_mtime, UTC)
        return _entry(summary.absolute(), told, date)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None  # of another kind, as JSON files may be


def _entry(summary: Path, told: dict[str, Any], date: datetime) -> Entry:
    video, annotated = _video(summary, told)
    source = _source(told["source"])
    entry = Entry(
        title=summary.stem,
        source=source,
        date=date,
        duration=float(told["duration_s"]),
        video=video,
        table=_beside(summary, _ENDINGS),
        summary=summary,
        annotated=annotated,
        classes=tuple(str(name) for name in told["classes"]),
        model=str(told.get("model", "")),
        faces=tuple(_face(face) for face in told["faces"]),
        state=State.COMPLETE if told["complete"] else State.PARTIAL,
    )
    # Results that lie beside the video they were made of: that is what was read, not what was written.
    return replace(entry, video=None) if entry.video == entry.source_file else entry


def _face(told: dict[str, Any]) -> FaceSummary:
    return FaceSummary(
        face_id=int(told["face_id"]),
        frames=int(told["frames"]),
        first=float(told["first_time_s"]),
        last=float(told["last_time_s"]),
        label=str(told["label"]),
        shares={str(name): float(share) for name, share in told["mean_probabilities"].items()},
    )


def _video(summary: Path, told: dict[str, Any]) -> tuple[Path | None, bool]:
    """What was written, and whether readings are drawn into it: as a recording's summary says, else by the names."""
    if isinstance(told.get("video"), str):
        return summary.with_name(Path(told["video"]).name), bool(told.get("annotated"))
    annotated = _beside(summary, _ANNOTATED)
    return (annotated, True) if annotated is not None else (_beside(summary, _RAW), False)


def _beside(summary: Path, endings: tuple[str, ...]) -> Path | None:
    """The file that is called as ``summary`` is but for one of ``endings``, the first that there is."""
    return next((path for ending in endings if (path := summary.with_name(summary.stem + ending)).exists()), None)


def _source(text: str) -> str:
    """As the summary has it, but a file by its absolute path: the next program may run elsewhere."""
    path = Path(text).expanduser()
    return str(path.absolute()) if path.exists() else text
