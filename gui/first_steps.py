"""What to say where there is no picture: what happened, and one next step.

Decides by what is known of the failure and of the machine alone; :class:`~gui.message.Message` shows the result.
"""

import os
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from gui.language import tr
from realtime.options import DEMO

_ENDING = re.compile(r"\.[A-Za-z]\w{0,4}$")
"""Of a file's name; that of a camera may have a full stop in it, too, as in USB2.0 Camera."""
_STREAMS = ("rtsp://", "rtsps://", "http://", "https://")


class Action(StrEnum):
    """What a button beside the words does."""

    TRY_AGAIN = "try again"
    OPEN_FILE = "open file"
    DEMO = "demo"
    SETTINGS = "settings"


@dataclass(frozen=True, slots=True)
class Screen:
    """A title, what to do, and up to two buttons, the more likely one first."""

    title: str
    detail: str = ""
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known when a source fails.

    ``source`` is what was to be shown. ``cameras`` are the names of the cameras here by their numbers, None while
    nobody has looked. ``denied`` says that the system keeps cameras from this user. ``platform`` is as
    ``sys.platform``.
    """

    source: str | int | Path
    cameras: Mapping[int, str] | None = None
    denied: bool = False
    platform: str = sys.platform

    @property
    def is_camera(self) -> bool:
        """Whether the source is a camera, by number or by name, here or not."""
        if isinstance(self.source, Path):
            return False
        return self._text.isdecimal() or self.is_here or _is_name_of_camera(self._text)

    @property
    def is_here(self) -> bool:
        """Whether the camera is among those that were found."""
        cameras = self.cameras or {}
        if self._text.isdecimal():
            return int(self._text) in cameras
        return any(self._text and self._text.casefold() in name.casefold() for name in cameras.values())

    @property
    def is_stream(self) -> bool:
        """Whether the source is a live stream."""
        return not isinstance(self.source, Path) and self._text.lower().startswith(_STREAMS)

    @property
    def _text(self) -> str:
        return str(self.source).strip()


def screen_of(failure: str, situation: Situation) -> Screen:
    """What to say after ``failure``, the one line of a ``MienError``."""
    if "--engine auto" in failure:
        auto = tr("Choose the automatic one in the settings: it needs no graphics card.")
        return Screen(tr("This engine cannot run here"), auto, (Action.SETTINGS,))
    if situation.is_camera:
        return _camera(failure, situation)
    if situation.is_stream:
        return Screen(
            tr("The stream does not answer"),
            tr("Check its address, and that the camera is on."),
            (Action.TRY_AGAIN, Action.OPEN_FILE),
        )
    return Screen(tr("Cannot start"), sentence(failure), (Action.OPEN_FILE, Action.DEMO))


def lost(failure: str, situation: Situation) -> Screen:
    """What to say where a source that was shown ended in ``failure``."""
    if situation.is_stream or situation.is_camera:
        return Screen(tr("The picture was lost"), sentence(failure), (Action.TRY_AGAIN, Action.OPEN_FILE))
    return Screen(tr("Stopped"), sentence(failure), (Action.OPEN_FILE, Action.TRY_AGAIN))


def demo_line() -> str:
    """What is to be said while the demo is shown."""
    return tr("This is a demo: the faces are drawn, and their readings mean nothing.")


def processor_line() -> str:
    """What is to be said once where there is no graphics card."""
    return tr("No graphics card is needed: the processor does the reading.")


def is_denied(devices: Iterable[Path] | None = None) -> bool:
    """Whether there are cameras here that this user may not read; ``devices`` in the place of Linux's own."""
    if devices is None:
        devices = Path("/dev").glob("video*") if sys.platform == "linux" else ()
    readable = [os.access(device, os.R_OK | os.W_OK) for device in devices]
    return bool(readable) and not any(readable)


def _is_name_of_camera(text: str) -> bool:
    """Whether ``text`` is a camera's name as far as its looks go: those are remembered, and sought when it is gone."""
    is_other = text.partition(":")[0] == DEMO or "://" in text or os.path.exists(text)  # noqa: PTH110 - never raises
    return bool(text) and not is_other and Path(text).name == text and not _ENDING.search(text)


def _camera(failure: str, situation: Situation) -> Screen:
    again_or_file = (Action.TRY_AGAIN, Action.OPEN_FILE)
    if situation.denied:
        join = tr("Add your account to the group “video”, then sign out and in again:")
        return Screen(
            tr("Mien may not use the camera"), f"{join}\nsudo usermod -aG video $USER", (Action.OPEN_FILE, Action.DEMO)
        )
    if situation.cameras is not None and not situation.cameras:
        connect = tr("Connect one and press Start. Or open a file, or look at the demo.")
        return Screen(tr("No camera found"), connect, (Action.OPEN_FILE, Action.DEMO))
    if situation.cameras and not situation.is_here:
        return Screen(tr("This camera is not connected"), tr("Connect it, or choose another one above."), again_or_file)
    if " gives no picture" in failure:
        return Screen(tr("The camera gives no picture"), tr("Unplug it and plug it in again."), again_or_file)
    return Screen(tr("The camera does not open"), _how_to_open(situation.platform), again_or_file)


def _how_to_open(platform: str) -> str:
    """A system that keeps a camera to itself cannot be told from another program that uses it, but for Linux."""
    if platform == "darwin":
        return tr(
            "In System Settings > Privacy & Security > Camera, allow it to the program that Mien was started from. "
            "If it is allowed, another program uses the camera: close that one."
        )
    if platform == "win32":
        return tr(
            "In Settings > Privacy & security > Camera, allow it to desktop apps. "
            "If it is allowed, another program uses the camera: close that one."
        )
    return tr("Another program uses it: close that one.")


def sentence(line: str) -> str:
    """``line`` with a capital and a stop, for a place where it stands alone."""
    line = line.strip()
    return f"{line[:1].upper()}{line[1:]}{'' if line.endswith(('.', '!', '?')) else '.'}"
