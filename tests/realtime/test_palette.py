"""The palette: apart for every eye, and the same in every process."""

from itertools import combinations, product

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime.palette import color, colors

EIGHT = ("neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt")
TWELVE = (*EIGHT, "boredom", "calm", "pain", "pride")

# Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency", 2009:
# linear RGB as seen by a dichromat.
EYES = {
    "normal": np.eye(3),
    "protanopia": np.array([[0.1523, 1.0526, -0.2049], [0.1145, 0.7863, 0.0992], [-0.0039, -0.0481, 1.0520]]),
    "deuteranopia": np.array([[0.3673, 0.8606, -0.2280], [0.2801, 0.6725, 0.0474], [-0.0118, 0.0429, 0.9689]]),
    "tritanopia": np.array([[1.2555, -0.0767, -0.1788], [-0.0784, 0.9308, 0.1476], [0.0047, 0.6914, 0.3039]]),
}


@pytest.mark.parametrize(("eyes", "classes"), list(product(EYES, (EIGHT, TWELVE))))
def test_any_two_colours_are_told_apart(eyes: str, classes: tuple[str, ...]) -> None:
    srgb = np.array(colors(classes), np.float32) / 255
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(linear @ EYES[eyes].T, 0, 1).astype(np.float32)
    lab = cv2.cvtColor(seen.reshape(1, -1, 3), cv2.COLOR_LRGB2LAB)[0]
    # 2.3 is the just noticeable difference; small bars want several of it.
    assert min(float(np.linalg.norm(a - b)) for a, b in combinations(lab, 2)) > 12


def test_an_unknown_name_has_one_colour_for_good() -> None:
    assert color("boredom") == (221, 0, 68)
    assert color("boredom") not in {color(name) for name in EIGHT}


@given(st.lists(st.text(), max_size=30))
def test_every_class_gets_a_colour_and_namesakes_the_same(classes: list[str]) -> None:
    painted = colors(classes)
    assert len(painted) == len(classes)
    assert len(dict(zip(classes, painted, strict=True))) == len(set(zip(classes, painted, strict=True)))
    unknown = set(classes) - set(EIGHT)
    if len(unknown) <= 8:
        assert len(set(painted)) == len(set(classes))
