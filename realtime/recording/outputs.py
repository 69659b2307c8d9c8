"""The files of a recording that is under way, written together."""

from collections.abc import Iterator
from contextlib import ExitStack

import numpy as np

from realtime.recording.journal import Journal
from realtime.recording.plan import Plan
from realtime.records import Frame, Reading
from realtime.sinks import AnnotatedVideo, FileSink, RawVideo, Summary, Video, open_table

_NO_PICTURE = np.zeros((1, 1, 3), np.uint8)


def without_picture(reading: Reading) -> Frame:
    """A frame for sinks that look at none."""
    return Frame(_NO_PICTURE, reading.index, reading.time)


def time_of(reading: Reading) -> float:
    """When a reading came, on the recording's own clock."""
    return reading.time


class Outputs:
    """A journal, a table, a summary and a video, as the plan wants them. For one thread at a time.

    Only the video and the journal outlive a failure; :func:`realtime.recording.recover` makes the others of them.
    """

    def __init__(self, plan: Plan) -> None:
        """Raises ``OutputError``, with nothing left behind, if one of them cannot be written."""
        self._plan = plan
        self._video: Video | None = None
        self._rows: list[FileSink] = []
        with ExitStack() as opened:
            self._journal = Journal(plan)
            opened.callback(self._journal.remove)
            if plan.table_path and plan.table:
                self._rows.append(open_table(plan.table_path, plan.classes, plan.table))
                opened.callback(self._rows[-1].abort)
            self._rows.append(Summary(plan.summary_path, plan.classes, plan.about, arrival=time_of))
            opened.callback(self._rows[-1].abort)
            if plan.video_path:
                kind = AnnotatedVideo if plan.video == "annotated" else RawVideo
                self._video = kind(plan.video_path, recoverable=True)
            opened.pop_all()

    @property
    def bytes_written(self) -> int:
        return sum(sink.bytes_written for sink in self._sinks())

    def write_row(self, reading: Reading) -> None:
        """Write what was read. Raises ``OutputError`` or ``OSError``, as all that follows."""
        self._journal.write(reading)
        for sink in self._rows:
            sink.write(without_picture(reading), reading)

    def write_picture(self, frame: Frame, reading: Reading) -> None:
        """Write a picture; its rows come by :meth:`write_row`."""
        if self._video is not None:
            self._video.write(frame, reading)

    def note(self, **about: object) -> None:
        """Add to what the summary will say."""
        self._plan.about.update(about)
        self._journal.note(about)

    def flush(self, *, sync: bool) -> None:
        """Outlive a crash from here on; with ``sync`` a power cut as well, which may take long."""
        self._journal.flush(sync=sync)
        if sync and self._video is not None:
            self._video.sync()

    def close(self, *, complete: bool) -> None:
        """Finish all files, the summary last."""
        for sink in self._sinks():
            sink.close(complete=complete)
        self._journal.remove()

    def give_up(self) -> None:
        """End after a failure: what can be recovered stays."""
        for sink in self._sinks():
            sink.give_up()
        self._journal.close()

    def abort(self) -> None:
        """End and leave nothing."""
        for sink in self._sinks():
            sink.abort()
        self._journal.remove()

    def _sinks(self) -> Iterator[FileSink]:
        if self._video is not None:
            yield self._video
        yield from self._rows
