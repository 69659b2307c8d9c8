"""Annotated pictures: what an annotated video is to a video, for pictures that stand by themselves."""

import contextlib
from pathlib import Path

import cv2

from engines.errors import OutputError
from realtime.overlay import draw
from realtime.records import Frame, Reading
from realtime.sinks.base import FileSink, Sink

_JPEG_QUALITY = 92
_NAME = "[0-9]" * 6 + ".jpg"


class AnnotatedPicture(FileSink):
    """One picture with its reading drawn onto it, as a JPEG. Of several frames the last one stays."""

    def _put(self, frame: Frame, reading: Reading) -> None:
        bgr = cv2.cvtColor(draw(frame.image, reading), cv2.COLOR_RGB2BGR)
        _, encoded = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])
        self._partial.write_bytes(encoded.tobytes())

    def _finish(self, *, complete: bool) -> bool:  # noqa: ARG002 - a picture is whole however the run ended
        return self._partial.stat().st_size > 0


class AnnotatedPictures(Sink):
    """A folder with one annotated picture a frame, named by its index; each appears when it is whole.

    Those of an earlier run are replaced, and at the end those that are left of it go.
    """

    def __init__(self, folder: Path) -> None:
        """Raises ``OutputError`` if the folder cannot be made."""
        try:
            folder.mkdir(exist_ok=True)
        except OSError as error:
            raise OutputError(
                f"Cannot make the folder {folder}: {error.strerror}; choose another with --out."
            ) from error
        self._folder = folder
        self._made: list[Path] = []
        self._ended = False

    def write(self, frame: Frame, reading: Reading) -> None:
        """See :meth:`realtime.sinks.base.Sink.write`."""
        if self._ended:
            raise OutputError(f"{self._folder} is already finished: nothing more can be written to it.")
        path = self._folder / f"{frame.index:06d}.jpg"
        with AnnotatedPicture(path) as picture:
            picture.write(frame, reading)
        self._made.append(path)

    def close(self, *, complete: bool = True) -> None:  # noqa: ARG002 - each picture is finished when it is written
        """See :meth:`realtime.sinks.base.Sink.close`."""
        if not self._ended:
            self._ended = True
            for path in set(self._folder.glob(_NAME)) - set(self._made):
                path.unlink(missing_ok=True)

    def abort(self) -> None:
        """Remove what this run has written."""
        if not self._ended:
            self._ended = True
            for path in self._made:
                path.unlink(missing_ok=True)
            with contextlib.suppress(OSError):  # it held other files before
                self._folder.rmdir()
