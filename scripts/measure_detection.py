"""What the four detectors see, imagine and cost.

    python scripts/measure_detection.py ../shared/data --faces 100

Prints three tables: the share of faces found by their size (photographed faces cut out and laid into made-up rooms, and
frames of the clips made smaller, in 1280x720), false alarms on what shows no face, and milliseconds a frame. With
``--later`` the faces come into a stream that was empty before, instead of into a picture for itself.
"""

import argparse
import statistics
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from engines.assets import Assets
from realtime.detector import CONFIDENCE, Detector, DetectorKind, make_detector
from realtime.records import Detection
from realtime.tracker import START_SCORE, STILL_SCORE, Tracker

Image = NDArray[np.uint8]
KINDS: tuple[DetectorKind, ...] = ("short", "full", "auto", "tiled")
SCORES = (CONFIDENCE, STILL_SCORE, START_SCORE)
WIDTH, HEIGHT = 1280, 720
WIDTHS = (720, 360, 250, 180, 130, 86)
"""Of a cut-out photograph, in pixels; the detector's box covers about 0.83 of it."""
FACE_WIDTHS = (200, 150, 100, 75, 50, 35)
"""Of the detector's box on a face in a clip, in pixels."""


def room(seed: int) -> Image:
    """A made-up room without faces: blurred furniture in muted colours, uint8 ``[720, 1280, 3]``."""
    random = np.random.default_rng(seed)
    picture = np.full((HEIGHT, WIDTH, 3), random.integers(60, 200, 3), np.uint8)
    for _ in range(12):
        corner, far = random.integers(0, (WIDTH, HEIGHT), (2, 2)).tolist()
        cv2.rectangle(picture, corner, far, random.integers(30, 230, 3).tolist(), -1)
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), float(random.uniform(1, 8))), np.uint8)


def photographs(archive: Path, count: int) -> list[Image]:
    """``count`` photographed faces, uint8 ``[H, W, 3]``, drawn from the square ones."""
    chosen: list[Image] = []
    with zipfile.ZipFile(archive) as files:
        names = sorted(name for name in files.namelist() if name.endswith(".jpg"))
        for index in np.random.default_rng(0).permutation(len(names)):
            picture = cv2.imdecode(np.frombuffer(files.read(names[index]), np.uint8), cv2.IMREAD_COLOR_RGB)
            if picture is not None and picture.shape[0] == picture.shape[1]:
                chosen.append(np.asarray(picture, np.uint8))
            if len(chosen) == count:
                break
    return chosen


def frames(clip: Path) -> Iterator[tuple[float, Image]]:
    """Time in seconds and picture of every frame."""
    with av.open(str(clip)) as container:
        for frame in container.decode(video=0):
            yield float(frame.time or 0.0), np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)


def resized(picture: Image, factor: float) -> Image:
    """``picture``, ``factor`` times as large."""
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(picture, None, fx=factor, fy=factor, interpolation=how), np.uint8)


def laid_into(scene: Image, picture: Image, left: int, top: int) -> Image:
    """A copy of ``scene`` with ``picture`` at ``left``, ``top``; what does not fit is cut off."""
    scene = scene.copy()
    height, width = min(picture.shape[0], HEIGHT - top), min(picture.shape[1], WIDTH - left)
    scene[top : top + height, left : left + width] = picture[:height, :width]
    return scene


@dataclass(frozen=True)
class Look:
    """How a detector is shown a picture: as one for itself or, ``later``, as the second of a stream that was empty."""

    detector: Detector
    later: bool

    def detect(self, picture: Image) -> list[Detection]:
        """The faces in ``picture``."""
        if not self.later:
            return self.detector.detect(picture, 0.0)
        self.detector.detect(np.zeros_like(picture), 0.0)
        return self.detector.detect(picture, 1.0)


def score_at(look: Look, picture: Image, x: float, y: float, reach: float) -> float:
    """The best score of a box whose centre is within ``reach`` pixels of ``x``, ``y``; 0 for none."""
    centers = ((each.box[:2] + each.box[2:] / 2 - (x, y), each.score) for each in look.detect(picture))
    return max((score for away, score in centers if np.hypot(*away) < reach), default=0.0)


def cut_out_scores(look: Look, faces: list[Image], width: int) -> list[float]:
    """The score of each photographed face, ``width`` pixels wide, somewhere in a room of its own."""
    scores = []
    for seed, face in enumerate(faces):
        left, top = np.random.default_rng(seed).integers(0, (WIDTH - width + 1, HEIGHT - width + 1)).tolist()
        picture = laid_into(room(seed), resized(face, width / face.shape[1]), left, top)
        scores.append(score_at(look, picture, left + width / 2, top + width / 2, 0.3 * width))
    return scores


def clip_scores(look: Look, reference: list[tuple[Image, NDArray[np.float32]]], width: int) -> list[float]:
    """The score of each frame's face when the frame is resized until its box is ``width`` pixels wide."""
    scores = []
    for seed, (frame, box) in enumerate(reference):
        factor = width / float(box[2])
        picture = laid_into(room(seed), resized(frame, factor), 0, 0)
        x, y = (box[:2] + box[2:] / 2) * factor
        scores.append(score_at(look, picture, float(x), float(y), 0.3 * width))
    return scores


def faces_in_clips(clips: Path, count: int) -> list[tuple[Image, NDArray[np.float32]]]:
    """Frames, evenly drawn from the two clips of 640x360 with one face, with the face's box."""
    found = []
    with make_detector("auto", assets=Assets.from_environment()) as detector:
        for name in ("WolfgangLanger_Pexels.mp4", "single_face.mp4"):
            pictures = [picture for _, picture in frames(clips / name)]
            drawn = [pictures[index] for index in np.linspace(0, len(pictures) - 1, count // 2).round().astype(int)]
            found += [(picture, detector.detect(picture, 0.0)[0].box) for picture in drawn]
    return found


def recall_table(detectors: dict[str, Detector], data: Path, count: int, *, later: bool = False) -> None:
    """Print the share of faces found at the three scores that the tracker knows."""
    faces = photographs(data / "faces_lfw_imfdb.zip", count)
    reference = faces_in_clips(data / "clips", count)
    print(f"faces found with a score of at least {' / '.join(map(str, SCORES))}, by width in pixels")
    for title, measure, widths in (
        ("cut-out photographs", partial(cut_out_scores, faces=faces), WIDTHS),
        ("frames of clips", partial(clip_scores, reference=reference), FACE_WIDTHS),
    ):
        print(f"  {title:20}" + "".join(f"{width:>21}" for width in widths))
        for kind, detector in detectors.items():
            cells = []
            for width in widths:
                scores: NDArray[np.float64] = np.array(measure(Look(detector, later), width=width))
                cells.append(" / ".join(f"{(scores >= score).mean():.2f}" for score in SCORES))
            print(f"  {kind:20}" + "".join(f"{cell:>21}" for cell in cells), flush=True)


def alarm_table(detectors: dict[str, Detector], data: Path, count: int) -> None:
    """Print how often a face is seen where there is none, before and after the tracker."""
    cartoon = list(frames(data / "clips" / "no_face.mp4"))
    rooms = [(seed / 25, room(seed)) for seed in range(count)]
    print(f"\nfalse alarms a frame with a score of at least {' / '.join(map(str, SCORES))}, best score, readings")
    for title, stream in (("cartoon clip", cartoon), ("empty rooms", rooms)):
        for kind, detector in detectors.items():
            tracker = Tracker()
            found = [(when, detector.detect(picture, when)) for when, picture in stream]
            readings = sum(len(tracker.update(detections, when)) for when, detections in found)
            scores = np.array([each.score for _, detections in found for each in detections])
            rates = " / ".join(f"{(scores >= score).sum() / len(stream):.2f}" for score in SCORES)
            print(f"  {title:14}{kind:8}{rates:>18}{max(scores, default=0.0):>8.2f}{readings:>8}", flush=True)


def cost_table(detectors: dict[str, Detector], data: Path) -> None:
    """Print milliseconds a frame."""
    print("\nmilliseconds a frame: first decile, median, mean")
    desk = list(islice(frames(data / "clips" / "WolfgangLanger_Pexels.mp4"), 200))
    for title, stream in (
        ("one face, 640x360", desk),
        (
            "the same, face 35 px",
            [(when, laid_into(room(0), resized(picture, 35 / 230), 0, 0)) for when, picture in desk],
        ),
        ("empty room, 1280x720", [(when, room(0)) for when, _ in desk]),
    ):
        for kind, detector in detectors.items():
            took = []
            for when, picture in stream:
                started = time.perf_counter()
                detector.detect(picture, when)
                took.append(1000 * (time.perf_counter() - started))
            figures = (np.percentile(took, 10), statistics.median(took), statistics.mean(took))
            print(f"  {title:24}{kind:8}" + "".join(f"{figure:8.2f}" for figure in figures), flush=True)


def main() -> None:
    """Print the three tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder with faces_lfw_imfdb.zip and clips/")
    parser.add_argument("--faces", type=int, default=100)
    parser.add_argument("--only", choices=("recall", "alarms", "cost"), help="one of the three tables")
    parser.add_argument("--later", action="store_true", help="recall of who comes into a stream")
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=KINDS, metavar="KIND", help="which detectors")
    arguments = parser.parse_args()
    assets = Assets.from_environment()
    detectors: dict[str, Detector] = {kind: make_detector(kind, assets=assets) for kind in arguments.kinds}
    if arguments.only in {None, "recall"}:
        recall_table(detectors, arguments.data, arguments.faces, later=arguments.later)
    if arguments.only in {None, "alarms"}:
        alarm_table(detectors, arguments.data, arguments.faces)
    if arguments.only in {None, "cost"}:
        cost_table(detectors, arguments.data)
    for detector in detectors.values():
        detector.close()


if __name__ == "__main__":
    main()
