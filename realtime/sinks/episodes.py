"""Files with the episodes of a run: as a table for anything, and for two programs in which people code behaviour."""

import csv
from abc import abstractmethod
from collections.abc import Callable, Sequence
from pathlib import Path

from realtime.episodes import Episode, Timeline
from realtime.products import EpisodeFormat
from realtime.records import Frame, Reading
from realtime.sinks.base import FileSink
from realtime.sinks.boris import boris_project
from realtime.sinks.elan import elan_document
from realtime.sinks.media import Media

_HEADER = (
    "face_id",
    "label",
    "start_s",
    "end_s",
    "duration_s",
    "frames",
    "mean_probability",
    "peak_probability",
    "peak_s",
)


def open_episodes(
    path: Path,
    classes: Sequence[str],
    format: EpisodeFormat,  # noqa: A002
    media: Media | None = None,
) -> "Episodes":
    """A file at ``path`` for the episodes of readings of ``classes``, which were made of ``media``.

    Raises ``OutputError`` if it cannot be written there.
    """
    if format == "csv":
        return EpisodeTable(path, classes)
    return CodedEpisodes(path, classes, media, {"elan": elan_document, "boris": boris_project}[format])


class Episodes(FileSink):
    """What the formats have in common."""

    def __init__(self, path: Path, classes: Sequence[str]) -> None:
        super().__init__(path)
        self._timeline = Timeline(classes)
        with self._all_or_nothing():
            self._start()

    def _put(self, frame: Frame, reading: Reading) -> None:  # noqa: ARG002
        for episode in self._timeline.add(reading):
            self._add(episode)

    def _finish(self, *, complete: bool) -> bool:  # noqa: ARG002
        for episode in self._timeline.end():
            self._add(episode)
        return True

    def _start(self) -> None:
        """Write what comes before the first episode."""

    @abstractmethod
    def _add(self, episode: Episode) -> None:
        """Take one episode, in the order in which they end."""


class EpisodeTable(Episodes):
    """Comma-separated values in UTF-8: a row for each episode, on the clock of the table of readings."""

    def _start(self) -> None:
        file = self._resources.enter_context(self._partial.open("w", encoding="utf-8", newline=""))
        self._writer = csv.writer(file)
        self._writer.writerow(_HEADER)

    def _add(self, episode: Episode) -> None:
        seconds = (episode.start, episode.end, episode.end - episode.start)
        read = (episode.mean, episode.peak, episode.peak_time)
        self._writer.writerow(
            (
                episode.face_id,
                episode.label,
                *(round(each, 6) for each in seconds),
                episode.frames,
                *(None if each is None else round(each, 6) for each in read),
            )
        )


Write = Callable[[Sequence[Episode], Sequence[str], Path, Media | None], bytes]
"""Makes the file at a path of episodes of classes, which count from the beginning of the media."""


class CodedEpisodes(Episodes):
    """A file for a program that shows the episodes beside the video: it is made at the end, of all of them.

    Their times count from where players begin to count, or from the first frame where there is no file to play.
    """

    def __init__(self, path: Path, classes: Sequence[str], media: Media | None, write: Write) -> None:
        super().__init__(path, classes)
        self._classes = tuple(classes)
        self._media = media
        self._write = write
        self._zero = None if media is None else media.start
        self._episodes: list[Episode] = []

    def _put(self, frame: Frame, reading: Reading) -> None:
        if self._zero is None:
            self._zero = reading.time
        super()._put(frame, reading)

    def _add(self, episode: Episode) -> None:
        self._episodes.append(episode)

    def _finish(self, *, complete: bool) -> bool:
        super()._finish(complete=complete)
        zero = self._zero or 0.0
        self._partial.write_bytes(
            self._write([each.since(zero) for each in self._episodes], self._classes, self.path, self._media)
        )
        return True
