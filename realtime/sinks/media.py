"""What programs that show a video beside its codings need to know of the file."""

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path

import av


@dataclass(frozen=True, slots=True)
class Media:
    """A video or sound file.

    ``start`` is where players begin to count, in seconds of the file's own clock: when its first picture or sound
    comes, whichever is earlier. ``duration`` is in seconds, ``fps`` in frames a second; None where the file does not
    say.
    """

    path: Path
    start: float
    duration: float | None
    fps: float | None
    sound: bool

    @classmethod
    def of(cls, path: Path) -> "Media | None":
        """What ``path`` is, or None where it is no file that can be read."""
        if not path.is_file():
            return None
        with (
            contextlib.suppress(av.error.FFmpegError, OSError),
            av.open(str(path.absolute()), metadata_errors="replace", options={"protocol_whitelist": "file"}) as file,
        ):
            rate = file.streams.video[0].average_rate if file.streams.video else None
            start = 0.0 if file.start_time is None else file.start_time / av.time_base
            duration = None if file.duration is None else file.duration / av.time_base
            return cls(path.absolute(), start, duration, float(rate) if rate else None, bool(file.streams.audio))
        return None

    def seen_from(self, folder: Path) -> str:
        """Its path from ``folder``, with slashes, by which it is found when both are moved together."""
        try:
            return Path(os.path.relpath(self.path, folder.absolute())).as_posix()
        except ValueError:  # on another drive
            return self.path.as_posix()
