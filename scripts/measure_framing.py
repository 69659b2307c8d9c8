"""How the detectors frame the FER+ training faces: where live crops have to put a face's box.

    python scripts/measure_framing.py ../shared/data/ferplus_train.npz --faces 3000

Each face is enlarged and laid into the middle of a 640x480 picture, whose rest repeats the face's edge, since the
detectors need surroundings. Prints, as JSON, the crop geometry for each detector (medians) and how full range frames
the same faces against short range: a ratio of 1 and shifts of 0 say that the constants in
``realtime/mediapipe_faces.py`` bring both to one framing.
"""

import argparse
import json
import math
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from engines.assets import Assets
from realtime.crops import tilt
from realtime.detector import Detector, make_detector
from realtime.records import Detection

WIDTH, HEIGHT = 640, 480
SIDES = (240, 280, 320)
"""Pixels that a face's picture is enlarged to, in turn: as large as a face at the desk."""
CONFIDENCE = 0.5


def faces_of(path: Path, count: int) -> NDArray[np.uint8]:
    """``count`` faces uint8 ``[N, 48, 48]``, drawn from those that no annotator called unknown or not a face."""
    with np.load(path, allow_pickle=False) as data:
        faces = np.flatnonzero(data["votes"][:, 8:].sum(axis=1) == 0)
        chosen = np.random.default_rng(0).permutation(faces)[:count]
        return np.asarray(data["images"][chosen], np.uint8)


def scene(face: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """``face`` uint8 ``[48, 48]``, ``side`` pixels wide, in the middle of a picture uint8 ``[480, 640, 3]``."""
    large = cv2.resize(face, (side, side), interpolation=cv2.INTER_CUBIC)
    top, left = (HEIGHT - side) // 2, (WIDTH - side) // 2
    rest = HEIGHT - side - top, WIDTH - side - left
    wide = cv2.copyMakeBorder(large, top, rest[0], left, rest[1], cv2.BORDER_REPLICATE)
    return np.asarray(cv2.cvtColor(wide, cv2.COLOR_GRAY2RGB), np.uint8)


def framing(detection: Detection, side: int) -> NDArray[np.float64]:
    """Box width, and its centre's place in the levelled picture, ``[3]`` in shares of the picture's side."""
    left, top, width, height = (float(value) for value in detection.box)
    x, y = (left + width / 2 - WIDTH / 2) / side, (top + height / 2 - HEIGHT / 2) / side
    cos, sin = math.cos(tilt(detection)), math.sin(tilt(detection))
    return np.array([width / side, 0.5 + cos * x + sin * y, 0.5 - sin * x + cos * y])


def measure(detector: Detector, faces: NDArray[np.uint8]) -> NDArray[np.float64]:
    """The framing ``[N, 3]`` of each face, NaN where the detector did not find it."""
    rows = np.full((len(faces), 3), np.nan)
    for index, face in enumerate(faces):
        side = SIDES[index % len(SIDES)]
        found = detector.detect(scene(face, side), 0.0)
        near = [row for row in (framing(each, side) for each in found) if abs(row[1:] - 0.5).max() < 0.25]
        if near:
            rows[index] = near[0]
    return rows


def main() -> None:
    """Print the measurement."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="ferplus_train.npz")
    parser.add_argument("--faces", type=int, default=3000)
    arguments = parser.parse_args()
    faces = faces_of(arguments.data, arguments.faces)
    rows = {}
    for kind in ("short", "full", "auto"):
        with make_detector(kind, confidence=CONFIDENCE, assets=Assets.from_environment()) as detector:
            rows[kind] = measure(detector, faces)
    report: dict[str, object] = {}
    for kind, row in rows.items():
        found = row[~np.isnan(row[:, 0])]
        box, x, y = np.median(found, axis=0).round(3).tolist()
        report[kind] = {"faces": len(found), "box": box, "center_x": x, "center_y": y}
    short, full = rows["short"], rows["full"]
    report["full against short"] = {
        "ratio": round(float(np.nanmedian(full[:, 0] / short[:, 0])), 3),
        "shift": np.nanmedian((full[:, 1:] - short[:, 1:]) / short[:, :1], axis=0).round(3).tolist(),
    }
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
