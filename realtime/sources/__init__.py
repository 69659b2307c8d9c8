"""Where frames come from: cameras, streams, video files, pictures and a synthetic source, opened by one function."""

from pathlib import Path
from urllib.parse import urlsplit

from engines.errors import SourceError
from realtime.options import CAMERA_FORMAT, CameraFormat
from realtime.sources.base import Notice, Source, SourceInfo, say
from realtime.sources.camera import CameraSource
from realtime.sources.devices import CameraDescription, Device, list_cameras, open_number, open_url
from realtime.sources.pictures import FOREIGN_SUFFIXES, PICTURE_SUFFIXES, PictureSource
from realtime.sources.synthetic import SyntheticSource
from realtime.sources.video import VideoSource

__all__ = [
    "CameraDescription",
    "CameraSource",
    "PictureSource",
    "Source",
    "SourceInfo",
    "SyntheticSource",
    "VideoSource",
    "list_cameras",
    "open_camera",
    "open_source",
    "open_stream",
]

_STREAMS = frozenset({"http", "https", "rtsp", "rtsps"})


def open_source(spec: str | int | Path, *, notice: Notice = say, camera_format: CameraFormat = CAMERA_FORMAT) -> Source:
    """Open what ``spec`` names; the caller closes it.

    A number (``0``, ``"0"``) is a camera; ``"synthetic"`` or ``"synthetic:N"`` is ten seconds of N drawn faces; a URL
    (rtsp, rtsps, http, https) is a live stream; a folder or a picture gives pictures; another file is a video; anything
    else is a part of a camera's name, in any case. A ``Path`` is only ever a file or a folder.

    ``notice`` is told, from the thread that reads, when a camera goes away and comes back, and which pictures of a
    folder cannot be read; a camera is asked for ``camera_format``. Raises ``SourceError``.
    """
    if isinstance(spec, Path):
        return _open_path(spec, notice)
    text = str(spec).strip()
    if text.isdecimal():
        return open_camera(int(text), notice=notice, camera_format=camera_format)
    kind, _, count = text.partition(":")
    if kind == "synthetic":
        return SyntheticSource(faces=_count(count))
    if "://" in text:
        return open_stream(text, notice=notice)
    path = Path(text).expanduser()
    if text and _exists(path):
        return _open_path(path, notice)
    number = _number_of(text)
    if number is not None:
        return open_camera(number, notice=notice, camera_format=camera_format)
    if path.suffix or path.name != text:
        raise SourceError(f"{text} does not exist: check the name")
    raise SourceError(f"there is no file, folder or camera called '{text}': check the name; {_cameras_here()}")


def open_camera(number: int, *, notice: Notice = say, camera_format: CameraFormat = CAMERA_FORMAT) -> CameraSource:
    """Open the camera ``number`` of this machine, asked for ``camera_format`` every time.

    Lost, it is looked for by its name, since its number may change.
    """
    name = {c.number: c.name for c in list_cameras()}.get(number)

    def opener() -> Device | None:
        now = number if name is None else _find_again(name, number)
        return None if now is None else open_number(now, camera_format)

    called = f"camera {number}" if name is None else f"camera {number} ({name})"
    return CameraSource(called, opener, notice=notice, missing=_what_to_do)


def open_stream(url: str, *, notice: Notice = say) -> CameraSource:
    """Open the live stream at ``url``: RTSP, or Motion JPEG over HTTP or HTTPS."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        host = None
    if not host or parts.scheme.lower() not in _STREAMS:
        raise SourceError(f"{url} is not a stream that can be read: give one of {', '.join(sorted(_STREAMS))}")
    shown = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()  # a password is nobody's business
    return CameraSource(
        shown, lambda: open_url(url), notice=notice, missing=lambda: "check the address and that the camera is on"
    )


def _open_path(path: Path, notice: Notice) -> Source:
    if (_exists(path) and path.is_dir()) or path.suffix.lower() in PICTURE_SUFFIXES | FOREIGN_SUFFIXES:
        return PictureSource(path, notice=notice)
    return VideoSource(path)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError as error:  # a folder on the way is closed to this user, or the name is too long
        raise SourceError(f"{path} cannot be read ({error.strerror}): check the name and its permissions") from error


def _count(text: str) -> int:
    if text and not (text.isdecimal() and int(text) <= 256):
        raise SourceError(f"synthetic:{text} is no number of faces: write synthetic, or synthetic:4")
    return int(text or 1)


def _number_of(name: str) -> int | None:
    """The camera whose name has ``name`` in it, an exact match first."""
    cameras = [c for c in list_cameras() if name and name.casefold() in c.name.casefold()]
    return min(cameras, key=lambda c: (len(c.name), c.number)).number if cameras else None


def _find_again(name: str, number: int) -> int | None:
    same = [c.number for c in list_cameras() if c.name == name]
    return number if number in same else next(iter(same), None)


def _what_to_do() -> str:
    return f"plug it in, or close the program that uses it; {_cameras_here()}"


def _cameras_here() -> str:
    cameras = list_cameras()
    if not cameras:
        return "no camera was found on this machine"
    return "cameras here: " + ", ".join(f"{c.number} ({c.name})" for c in cameras)
