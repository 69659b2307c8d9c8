"""What scripts/demo does once everything is installed: demo.py [FILE].

With a file it reads that. Without, it opens the window on the camera; where there is no camera or no display, it makes
a short clip from a portrait that matplotlib ships, and reads that. The clip and the results go into ``mien-output``.
"""

import importlib.util
import os
import sys
from pathlib import Path
from typing import NoReturn

import cv2
import numpy as np
from numpy.typing import NDArray

from realtime.records import Reading
from realtime.sinks import AnnotatedVideo
from realtime.sources import SyntheticSource, list_cameras

_MAIN = Path(__file__).resolve().parents[1] / "main.py"
_OUT = Path("mien-output")
_CLIP_FRAMES = 100


def _mien(*arguments: str) -> NoReturn:
    """Go on as the command line, so that Ctrl-C reaches it alone."""
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, str(_MAIN), *arguments])


def _read_video(file: str) -> NoReturn:
    _mien("video", file, "--out", str(_OUT), "--annotate")


def _has_display() -> bool:
    return sys.platform != "linux" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _portrait() -> NDArray[np.uint8]:
    """Grace Hopper, in the public domain: uint8 ``[h, w, 3]`` RGB."""
    package = importlib.util.find_spec("matplotlib")
    if package is None or package.origin is None:
        sys.exit("The demo's portrait comes with matplotlib, which is not installed: name a video of your own instead.")
    image = cv2.imread(str(Path(package.origin).parent / "mpl-data" / "sample_data" / "grace_hopper.jpg"))
    if image is None:
        sys.exit("This matplotlib ships no portrait: name a video of your own instead, scripts/demo FILE.")
    return cv2.cvtColor(image, cv2.COLOR_BGR2RGB).astype(np.uint8)


def _make_clip(path: Path) -> None:
    """Write a video in which the portrait moves, grows, shrinks and turns slowly."""
    path.parent.mkdir(exist_ok=True)
    with SyntheticSource(portrait=_portrait(), frames=_CLIP_FRAMES) as source, AnnotatedVideo(path) as video:
        for frame in source:
            video.write(frame, Reading(frame.index, frame.time, (), ()))


def main(files: list[str]) -> NoReturn:
    """Run the demo on ``files`` (none or one)."""
    if files:
        _read_video(files[0])
    if _has_display() and list_cameras():
        _mien()
    clip = _OUT / "demo.mp4"
    print(f"No camera and display here: making {clip} from a portrait, and reading it.")
    _make_clip(clip)
    _read_video(str(clip))


if __name__ == "__main__":
    main(sys.argv[1:])
