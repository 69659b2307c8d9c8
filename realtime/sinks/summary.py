"""The summary of a run, as JSON: what was read with, how many frames and faces, and each face on the whole."""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import metadata
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engines.errors import OutputError
from realtime.episodes import Episode, Timeline, episode_labels
from realtime.records import Face, Frame, Reading
from realtime.sinks.base import FileSink


@dataclass(slots=True)
class _Seen:
    """One face over the run: sums, and its episodes, of which there are at most five a second."""

    first: float
    last: float
    total: NDArray[np.float64]
    frames: int = 0
    episodes: list[Episode] = field(default_factory=list)

    def add(self, face: Face, moment: float) -> None:
        self.frames += 1
        self.last = moment
        self.total += face.probabilities

    def report(self, face_id: int, classes: Sequence[str]) -> dict[str, object]:
        mean = self.total / self.frames
        return {
            "face_id": face_id,
            "frames": self.frames,
            "first_time_s": round(self.first, 6),
            "last_time_s": round(self.last, 6),
            "label": classes[int(mean.argmax())],
            "mean_probabilities": {name: float(f"{p:.6g}") for name, p in zip(classes, mean, strict=True)},
        }


def _over_time(episodes: Sequence[Episode], classes: Sequence[str]) -> dict[str, object]:
    """What a face's episodes come to. A transition is between two that follow without a gap."""
    labels = episode_labels(classes)
    lasted = {name: sum(each.end - each.start for each in episodes if each.label == name) for name in labels}
    seconds = sum(lasted.values())
    changes = Counter((one.label, next_.label) for one, next_ in pairwise(episodes) if one.end == next_.start)
    return {
        "seconds": round(seconds, 6),
        "share_of_time": {name: round(part / seconds, 6) if seconds else 0.0 for name, part in lasted.items()},
        "transitions": [{"from": one, "to": next_, "count": count} for (one, next_), count in changes.most_common()],
        "episodes": [_plain(each) for each in episodes],
    }


def _plain(episode: Episode) -> dict[str, object]:
    return {
        "label": episode.label,
        "start_s": round(episode.start, 6),
        "end_s": round(episode.end, 6),
        "frames": episode.frames,
        "mean_probability": None if episode.mean is None else round(episode.mean, 6),
        "peak_probability": None if episode.peak is None else round(episode.peak, 6),
        "peak_s": None if episode.peak_time is None else round(episode.peak_time, 6),
    }


def _now(_reading: Reading) -> float:
    return time.perf_counter()


class Summary(FileSink):
    """Counts a run and writes ``path`` at its end.

    ``about`` is put first, as it is: source, model, engine, detector and the like, and ``dropped`` where frames were.
    It is read at the end, so the owner may add to it during the run. ``first_time_s`` is the first frame's time, by
    which the table's times can be found in a copy that counts from its own beginning; ``duration_s`` is from there to
    the last one's; ``fps`` is the rate at which frames arrived, null for fewer than two; a face's ``label`` is the
    class with its largest mean. ``classes`` must be those of every reading. ``arrival`` is when a reading came, in
    seconds: now, unless given. ``legend``, which says how to read the table, is put last. Of pictures (``still``),
    which have no time, no face has episodes. ``files`` are the results that it speaks of, of which it names those that
    there are as it ends: the last of all.
    """

    def __init__(
        self,
        path: Path,
        classes: Sequence[str],
        about: Mapping[str, object],
        *,
        arrival: Callable[[Reading], float] = _now,
        legend: Mapping[str, object] | None = None,
        still: bool = False,
        files: Callable[[], Iterable[Path]] | None = None,
    ) -> None:
        super().__init__(path)
        self._arrival = arrival
        self._files = files
        self._classes = tuple(classes)
        self._about = about
        self._legend = legend or {}
        self._timeline = None if still else Timeline(classes)
        self._frames = 0
        self._with_faces = 0
        self._faces: dict[int, _Seen] = {}
        self._first = self._last = 0.0
        self._began = self._arrived = 0.0

    def _put(self, frame: Frame, reading: Reading) -> None:  # noqa: ARG002
        if reading.classes != self._classes:
            raise OutputError(f"{self.path} has other classes than the reading: write to a new summary.")
        self._arrived = self._arrival(reading)
        if not self._frames:
            self._began, self._first = self._arrived, reading.time
        self._last = reading.time
        self._frames += 1
        self._with_faces += bool(reading.faces)
        for face in reading.faces:
            if face.face_id not in self._faces:
                self._faces[face.face_id] = _Seen(reading.time, reading.time, np.zeros(len(self._classes)))
            self._faces[face.face_id].add(face, reading.time)
        self._keep(self._timeline.add(reading) if self._timeline else ())

    def _keep(self, episodes: Sequence[Episode]) -> None:
        for each in episodes:
            self._faces[each.face_id].episodes.append(each)

    def _finish(self, *, complete: bool) -> bool:
        self._keep(self._timeline.end() if self._timeline else ())
        elapsed = self._arrived - self._began
        report = {
            **self._about,
            "mien": version(),
            "complete": complete,
            "classes": list(self._classes),
            "frames": self._frames,
            "frames_with_faces": self._with_faces,
            "dropped": self._about.get("dropped", 0),
            "first_time_s": round(self._first, 6),
            "duration_s": round(self._last - self._first, 6),
            "fps": round((self._frames - 1) / elapsed, 2) if elapsed else None,
            "faces": [self._report(face_id, seen) for face_id, seen in sorted(self._faces.items())],
            **self._legend,
        }
        if self._files is not None:
            report["files"] = [path.name for path in self._files() if path.exists()]
        text = json.dumps(report, indent=2, ensure_ascii=False, default=str)
        # What no text can hold, as in the name of a file, is read back as it was.
        self._partial.write_bytes(f"{text}\n".encode(errors="backslashreplace"))
        return True

    def _report(self, face_id: int, seen: _Seen) -> dict[str, object]:
        over_time = _over_time(seen.episodes, self._classes) if self._timeline else {}
        return {**seen.report(face_id, self._classes), **over_time}


def version() -> str:
    """Of this program, as it was installed."""
    try:
        return metadata.version("mien")
    except metadata.PackageNotFoundError:
        return "unknown"
