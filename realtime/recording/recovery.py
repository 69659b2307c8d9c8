"""Makes whole files of a recording that was cut off by a crash, a power cut or a full disk."""

from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import av
import av.error
from av.container import InputContainer
from av.video.stream import VideoStream

from engines.errors import OutputError
from realtime.recording.journal import Past
from realtime.recording.outputs import time_of, without_picture
from realtime.recording.plan import JOURNALS, Plan
from realtime.sinks import FileSink, Summary, open_table
from realtime.sinks.base import partial_of, to_disk

_HEAD_BYTES = 4096
"""A video no larger has no second of pictures yet."""


def unfinished(folder: Path) -> list[Path]:
    """The journals of the recordings in ``folder`` that were cut off; none where there is no such folder.

    What a program that is alive still writes is not among them.
    """
    found = []
    with suppress(OSError):
        for path in sorted(folder.glob(JOURNALS)):
            with suppress(OutputError):
                if not Past.read(path).under_way:
                    found.append(path)
    return found


def recover(journal: Path) -> tuple[Path, ...]:
    """Finish the recording that ``journal`` belongs to, and return its files; none where nothing had been recorded.

    The video is copied, so it needs its size once more; nothing is encoded anew. The summary says that the recording is
    not complete. Raises ``OutputError``, with all that is needed for another attempt left, where a file cannot be
    written.
    """
    past = Past.read(journal)
    plan = past.plan
    _write_rows(past)
    if plan.video_path:
        _restore_video(partial_of(plan.video_path), plan.video_path)
    with suppress(OSError):
        journal.unlink()
    return tuple(path for path in plan.paths if path.exists())


def _write_rows(past: Past) -> None:
    """The table and the summary, unless they were finished."""
    plan = past.plan
    with ExitStack() as opened:
        sinks = [opened.enter_context(sink) for sink in _missing(plan)]
        recorded = False
        for reading in past.readings():
            recorded = True
            for sink in sinks:
                sink.write(without_picture(reading), reading)
        for sink in sinks:
            if recorded:
                sink.close(complete=False)
            else:
                sink.abort()


def _missing(plan: Plan) -> Iterator[FileSink]:
    """One after the other, so that the first is ended if the second cannot be opened."""
    if plan.table and plan.table_path and not plan.table_path.exists():
        yield open_table(plan.table_path, plan.classes, plan.table)
    if not plan.summary_path.exists():
        yield Summary(plan.summary_path, plan.classes, plan.about, arrival=time_of)


def _restore_video(partial: Path, path: Path) -> None:
    """Make a plain file of one that was not finished, without what follows its last whole picture."""
    if not partial.exists() or path.exists():
        return
    target = path.with_name(f".{path.name}.restoring")
    try:
        pictures = _copy(partial, target)
        if pictures:
            to_disk(target)
            target.replace(path)
        partial.unlink()
    except (OSError, av.error.FFmpegError) as error:
        reason = getattr(error, "strerror", None) or error
        raise OutputError(
            f"Cannot finish {path}: {reason}; what was recorded is kept beside it. Make room, and start Mien again."
        ) from error
    finally:
        with suppress(OSError):
            target.unlink()


def _copy(partial: Path, target: Path) -> int:
    """How many pictures there were."""
    if partial.stat().st_size <= _HEAD_BYTES:
        return 0
    with av.open(str(partial)) as source:
        stream = source.streams.video[0]
        with av.open(str(target), "w", format="mp4", options={"movflags": "faststart"}) as copied:
            into = copied.add_stream_from_template(stream)
            pictures = 0
            for packet in _whole_packets(source):
                packet.stream = into
                copied.mux(packet)
                pictures += 1
            return pictures


def _whole_packets(source: InputContainer) -> "Iterator[av.Packet[VideoStream]]":
    packets = source.demux(source.streams.video[0])
    while True:
        try:
            packet = next(packets)
        except (StopIteration, av.error.InvalidDataError):
            return
        if packet.dts is not None and not packet.is_corrupt:
            yield packet
