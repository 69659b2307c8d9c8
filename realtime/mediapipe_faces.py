"""MediaPipe's face detection models, one at a time, silent and in one framing.

MediaPipe is imported with the first model, since that alone takes about a second.
"""

import os
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engines import network
from engines.assets import Assets
from engines.errors import EngineUnavailable, ModelError
from realtime.records import Detection


@dataclass(frozen=True, slots=True)
class FaceModelKind:
    """Which model, and how its box is brought to the framing of the short-range one.

    ``scale`` multiplies the box's side and ``drop`` lowers its centre by a share of the box's side.
    """

    name: str
    asset: str
    scale: float = 1.0
    drop: float = 0.0


SHORT = FaceModelKind("short", "detector-short")
FULL = FaceModelKind("full", "detector-full", scale=0.94, drop=0.04)
"""Full range frames a face wider and higher; measured by ``scripts/measure_framing.py``."""


def framed(box: tuple[float, float, float, float], kind: FaceModelKind) -> NDArray[np.float32]:
    """``box`` (x, y, width, height) as the model ``kind`` draws it, in the framing of the short-range one."""
    left, top, width, height = box
    sides = width * kind.scale, height * kind.scale
    corner = left + (width - sides[0]) / 2, top + height * kind.drop + (height - sides[1]) / 2
    return np.array([*corner, *sides], np.float32)


class FaceModel:
    """One face detection model. Raises as :func:`realtime.detector.make_detector` says."""

    engine = "mediapipe"

    def __init__(self, kind: FaceModelKind, confidence: float, assets: Assets) -> None:
        self.name = kind.name
        self._kind = kind
        path = assets.path(kind.asset)
        network.silence()
        with _quiet():
            self._mediapipe = _import()
            self._detector = self._make(path, confidence)
            # The first picture makes MediaPipe say once more how it runs; from here on it is silent.
            self.find(np.zeros((64, 64, 3), np.uint8))

    def find(self, image: NDArray[np.uint8]) -> list[Detection]:
        """Every detection in ``image`` uint8 ``[H, W, 3]`` RGB, boxes in the framing of the short-range model."""
        if self._detector is None:
            raise EngineUnavailable(f"The {self.name} face detector is closed: make a new one.")
        if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8 or 0 in image.shape:
            raise ValueError(f"image: expected uint8 [H, W, 3], got {image.dtype} {list(image.shape)}")
        picture = self._mediapipe.Image(image_format=self._mediapipe.ImageFormat.SRGB, data=np.ascontiguousarray(image))
        found = self._detector.detect(picture).detections
        return [self._record(each, image.shape[1], image.shape[0]) for each in found]

    def find_all(self, images: Sequence[NDArray[np.uint8]]) -> list[list[Detection]]:
        """What :meth:`find` finds in each of ``images``, one after the other: MediaPipe has no batches."""
        return [self.find(image) for image in images]

    def close(self) -> None:
        """Give back what MediaPipe holds; twice is once."""
        if self._detector is not None:
            with _quiet():
                self._detector.close()
            self._detector = None

    def _make(self, path: Path, confidence: float) -> Any:
        tasks = self._mediapipe.tasks
        options = tasks.vision.FaceDetectorOptions(
            base_options=tasks.BaseOptions(model_asset_path=str(path)), min_detection_confidence=confidence
        )
        try:
            return tasks.vision.FaceDetector.create_from_options(options)
        except (RuntimeError, ValueError) as error:
            reason = str(error).splitlines()[0]
            raise ModelError(
                f"MediaPipe cannot load the face detector {path} ({reason}): remove the file to have it fetched anew."
            ) from error

    def _record(self, found: Any, width: int, height: int) -> Detection:
        box = found.bounding_box
        points = [(point.x * width, point.y * height) for point in found.keypoints]
        return Detection(
            framed((box.origin_x, box.origin_y, box.width, box.height), self._kind),
            np.array(points, np.float32),
            float(found.categories[0].score),
        )


def _import() -> Any:
    try:
        import mediapipe  # noqa: PLC0415 - slow, see above
    except (ImportError, OSError) as error:
        raise EngineUnavailable(
            f"MediaPipe cannot be loaded ({error}): install it, and the system libraries libegl1, libgles2 and libgl1."
        ) from error
    return mediapipe


_stderr = threading.Lock()


@contextmanager
def _quiet() -> Iterator[None]:
    """Drop what native code writes to the error stream: MediaPipe tells there how it runs, and no setting stops it.

    Failures do not get lost with it: MediaPipe raises them.
    """
    with _stderr:
        try:
            kept = os.dup(2)
        except OSError:  # a program without a console has no error stream
            yield
            return
        if sys.stderr is not None:
            sys.stderr.flush()
        try:
            with Path(os.devnull).open("wb") as nowhere:
                os.dup2(nowhere.fileno(), 2)
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)
