"""Entries, and the results of a run as the command line leaves them."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from realtime.library import Entry, FaceSummary
from realtime.records import UNKNOWN_POINTS, Face, Reading
from realtime.sinks import Summary, TableFormat, open_table
from tests.realtime.sinks.made import pair
from tests.realtime.sources.helpers import write_video

CLASSES = ("neutral", "happiness")
FPS = 10


def entry(title: str = "Talk", *, day: int = 1, duration: float = 60.0, happy: float = 0.75, **more: object) -> Entry:
    """An entry without files, with one face."""
    face = FaceSummary(1, 100, 0.0, duration, "happiness", {"neutral": 1 - happy, "happiness": happy})
    date = datetime(2026, 5, day, 12, 30, tzinfo=UTC)
    return Entry(title, "camera 0", date, duration, classes=CLASSES, faces=(face,), **more)  # type: ignore[arg-type]


def results(
    folder: Path,
    name: str = "talk",
    *,
    source: str = "camera 0 (Desk)",
    frames: int = 30,
    faces_from: int = 10,
    table: TableFormat = "parquet",
    complete: bool = True,
    **about: object,
) -> Path:
    """Table and summary of a run at ten frames a second, with face 1 from frame ``faces_from`` on.

    Returns the summary, which has ``about`` in it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    summary = Summary(folder / f"{name}.json", CLASSES, {"source": source, "model": "tiny", "still": False, **about})
    written = open_table(folder / f"{name}.{table}", CLASSES, table)
    for index in range(frames):
        shares = np.array([0.25, 0.75], np.float32)
        faces = (
            (Face(1, np.array([1, 2, 3, 4], np.float32), UNKNOWN_POINTS, 0.9, shares, 0.2),)
            if index >= faces_from
            else ()
        )
        frame, _ = pair(index, index / FPS, size=(4, 4))
        for sink in (summary, written):
            sink.write(frame, Reading(index, index / FPS, CLASSES, faces))
    written.close(complete=complete)
    summary.close(complete=complete)
    return folder / f"{name}.json"


def video(path: Path, frames: int = 30) -> Path:
    """Ten frames a second that brighten from black to white."""

    def draw(index: int) -> np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]:
        return np.full((120, 160, 3), 255 * index // (frames - 1), np.uint8)

    return write_video(path, [index / FPS for index in range(frames)], draw=draw)
