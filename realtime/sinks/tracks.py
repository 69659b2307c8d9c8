"""What a video has beside its pictures, copied as it is: all sound, subtitles, chapters, and what it says of itself."""

import contextlib
import io
import math
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import av.error
from av.codec import CodecContext
from av.container import InputContainer, OutputContainer
from av.packet import Packet
from av.stream import Discard, Stream

from realtime.products import Codec
from realtime.sinks.encoders import Colours

_CANNOT = (av.error.FFmpegError, OSError, ValueError)
"""What FFmpeg raises where a file cannot hold a stream."""

_BAD_PACKET = (av.error.InvalidDataError, av.error.ArgumentError, av.error.PatchWelcomeError)
"""What it raises where it takes a single packet for damaged; a disk that is full is something else."""

_UNKNOWN_COLOURS = frozenset({0, 2, 3})
"""As FFmpeg numbers what is reserved or not said."""

_NOT_OF_THE_COPY = frozenset(
    {
        "major_brand",
        "minor_version",
        "compatible_brands",
        "encoder",
        "duration",
        "timecode",
        "handler_name",
        "vendor_id",
    }
)
"""What a file says of how it was written; and the time code of its first frame, whose rate is not that of the copy."""


_KINDS = {".mp4": "mp4", ".mkv": "matroska", ".mov": "mov"}
"""How a file may end, the most common first, and what FFmpeg calls that kind of file."""


def kind_of(path: Path) -> str:
    """The kind of file that is written to ``path``, as FFmpeg calls it: MP4 unless its name says otherwise."""
    return _KINDS.get(path.suffix, "mp4")


def suffix_for(source: Path, codec: Codec = "h264") -> str:
    """``.mp4``, or ``.mkv`` or ``.mov`` where that can hold more of the sound and the subtitles of ``source``.

    Its pictures are to be coded as ``codec``, for which QuickTime may know no way.
    """
    held = {suffix: 0 for suffix in _KINDS if (codec, suffix) != ("av1", ".mov")}
    with contextlib.suppress(*_CANNOT), _opened(source) as container:
        for stream in _copied(container):
            for suffix in held:
                held[suffix] += _holds(_KINDS[suffix], stream)
    return max(held, key=lambda suffix: held[suffix])


class Tracks:
    """Copies what ``source`` has beside its pictures into one video, packet by packet; for one thread.

    :meth:`attach` it to the video when that begins, then :meth:`copy` as its pictures go on.
    """

    def __init__(self, source: Path, notify: Callable[[str], None]) -> None:
        """Raises FFmpeg's error or an ``OSError`` if ``source`` cannot be opened."""
        self._source = source
        self._notify = notify
        self._container = _opened(source)
        self._targets: dict[int, _Target] = {}
        self._packets: Iterator[tuple[_Target, Packet[Stream]]] = iter(())
        self._next: tuple[_Target, Packet[Stream]] | None = None

    @property
    def rate(self) -> Fraction | None:
        """Frames a second of the source, on the whole, as far as it says."""
        return self._container.streams.video[0].average_rate

    @property
    def colours(self) -> Colours:
        """What the values of the source's pictures stand for."""
        video = self._container.streams.video[0].codec_context
        known = [1 if value in _UNKNOWN_COLOURS else value for value in (video.color_primaries, video.color_trc)]
        return Colours(*known)

    def attach(self, target: OutputContainer, first: float) -> float:
        """Announce all in ``target``, whose first picture has the time ``first`` in the source.

        Returns the time, in seconds of the source, that is 0 in ``target``: when sound or picture begins.
        """
        lost = []
        for stream in _copied(self._container):
            if _holds(target.format.name, stream):
                self._targets[stream.index] = _Target(stream, target)
            else:
                lost.append(f"{stream.type} ({_codec_of(stream) or 'of an unknown kind'})")
        if target.format.name == "matroska":
            for attached in self._container.streams.attachments:  # the fonts of subtitles
                target.add_stream_from_template(attached)
        for stream in self._container.streams:
            stream.discard = Discard.default if stream.index in self._targets else Discard.all
        if lost:
            kind = {"mp4": "MP4", "matroska": "Matroska", "mov": "QuickTime"}[target.format.name]
            self._notify(f"{self._source}: {kind} cannot hold its {' and '.join(lost)}: left out.")
        starts = [each.start for each in self._targets.values() if each.start is not None]
        origin = min([first, *(max(0.0, start) for start in starts)])
        self._describe(target, origin)
        for each in self._targets.values():
            each.origin = origin
        self._packets = self._read()
        self._next = next(self._packets, None)
        return origin

    def copy(self, until: float = math.inf) -> None:
        """Copy what starts no later than ``until``, in seconds of the source."""
        while self._next is not None and _time(self._next[1]) <= until:
            target, packet = self._next
            target.write(packet)
            self._next = next(self._packets, None)

    def close(self) -> None:
        self._container.close()
        lost = sum(target.lost for target in self._targets.values())
        if lost:
            packets = "a damaged packet" if lost == 1 else f"{lost} damaged packets"
            self._notify(f"{self._source}: {packets} of sound or subtitles could not be copied.")

    def _describe(self, target: OutputContainer, origin: float) -> None:
        said = self._container.metadata.items()
        target.metadata.update({name: text for name, text in said if name.lower() not in _NOT_OF_THE_COPY})
        chapters = self._container.chapters()
        for chapter in chapters:
            shift = round(Fraction(origin) / (chapter["time_base"] or 1))
            chapter["start"], chapter["end"] = max(0, chapter["start"] - shift), max(0, chapter["end"] - shift)
        if chapters:
            target.set_chapters(chapters)

    def _read(self) -> "Iterator[tuple[_Target, Packet[Stream]]]":
        if not self._targets:
            return
        streams = [self._container.streams[index] for index in self._targets]
        try:
            for packet in self._container.demux(*streams):
                if packet.dts is not None or packet.pts is not None:
                    yield self._targets[packet.stream_index], packet
        except IndexError:  # PyAV's way to end where a stream has begun after the file was opened
            return
        except av.error.FFmpegError as error:
            self._notify(f"{self._source}: sound and subtitles break off ({error.strerror}).")


class _Target:
    """One stream of sound or subtitles in the copy; ``origin`` is the time in the source that is 0 there."""

    def __init__(self, stream: Stream, container: OutputContainer) -> None:
        self.start = None if stream.type != "audio" else (stream.start_time or 0) * float(stream.time_base or 0)
        self.origin = 0.0
        self.lost = 0
        """Packets that the file would not take."""
        self._container = container
        self._has_pauses = _codec_of(stream) == "mov_text"
        self._as_text = _becomes_text(container.format.name, stream)
        self._stream = _announce(container, stream)
        self._last: int | None = None
        title = stream.metadata.get("title") or stream.metadata.get("name")
        said = {"title": title, "language": stream.language, "comment": stream.metadata.get("comment")}
        self._stream.metadata.update({name: text for name, text in said.items() if text})
        self._stream.disposition = stream.disposition

    def write(self, packet: "Packet[Stream]") -> None:
        if self._has_pauses and not _text_in(packet):
            return  # FFmpeg writes its own between two subtitles
        copied = _as_text(packet) if self._as_text else packet
        shift = round(Fraction(self.origin) / packet.time_base)
        shown = packet.pts if packet.pts is not None else packet.dts or 0
        dts = (shown if packet.dts is None else packet.dts) - shift
        if self._last is not None and dts <= self._last:
            # Times that jump back, as where a recorder was started again, would end the whole video.
            dts = self._last + max(1, packet.duration or 1)
        copied.dts = self._last = dts
        copied.pts = max(dts, shown - shift)
        copied.stream = self._stream
        try:
            self._container.mux(copied)
        except _BAD_PACKET:
            self.lost += 1


def _opened(source: Path) -> InputContainer:
    return av.open(str(source.absolute()), metadata_errors="replace", options={"protocol_whitelist": "file"})


def _copied(container: InputContainer) -> list[Stream]:
    return [stream for stream in container.streams if stream.type in ("audio", "subtitle")]


def _codec_of(stream: Stream) -> str:
    coder: CodecContext | None = stream.codec_context  # none where FFmpeg knows none
    return coder.name if coder else ""


def _holds(kind: str, stream: Stream) -> bool:
    """Whether a file of ``kind`` can hold ``stream``, by trying: what FFmpeg lists it does not always write."""
    if not _codec_of(stream):
        return False
    try:
        with av.open(io.BytesIO(), "w", format=kind) as tried:
            _announce(tried, stream)
            tried.start_encoding()
    except _CANNOT:
        return False
    return True


def _becomes_text(kind: str, stream: Stream) -> bool:
    """The subtitles of MP4 alone are not copied into Matroska as they are but as their text."""
    return kind == "matroska" and _codec_of(stream) == "mov_text"


def _announce(container: OutputContainer, stream: Stream) -> Stream:
    if not _becomes_text(container.format.name, stream):
        return container.add_stream_from_template(stream)
    return container.add_mux_stream("subrip", time_base=stream.time_base)


def _text_in(packet: "Packet[Stream]") -> bytes:
    """The text of one of MP4's subtitles, after whose length in two bytes it comes; nothing for a pause."""
    data = bytes(packet)
    return data[2 : 2 + int.from_bytes(data[:2], "big")]


def _as_text(packet: "Packet[Stream]") -> "Packet[Stream]":
    written: Packet[Stream] = Packet(_text_in(packet))
    written.time_base, written.duration = packet.time_base, packet.duration
    return written


def _time(packet: "Packet[Stream]") -> float:
    ticks = packet.pts if packet.pts is not None else packet.dts or 0
    return float(ticks * packet.time_base)
