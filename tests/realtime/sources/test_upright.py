"""What is seen of a decoded picture: true colours, true shapes, upright."""

import gc
from fractions import Fraction
from functools import partial
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime.sources import VideoSource
from realtime.sources.upright import squared
from tests.realtime.films import BARS, Image, bars, bars_in, coded, make_film

LOSSLESS = {"qp": "0"}
MPEG, JPEG = 1, 2
CLOSE = 4
"""Of 255: FFmpeg's quick way from YUV to RGB is off by 3 at most."""


def seen(path: Path) -> Image:
    with VideoSource(path) as source:
        frame = next(iter(source))
        assert frame.image.shape == (source.info.height, source.info.width, 3)
        assert frame.image.flags.c_contiguous
        return frame.image


def off(path: Path, expected: Image = BARS) -> int:
    """The largest difference of any bar in any colour."""
    return int(np.abs(bars_in(seen(path)) - expected).max())


@pytest.mark.parametrize("pixels", ["yuv420p", "yuv422p", "yuv444p", "yuv420p10le", "yuv422p10le", "yuv444p10le"])
@pytest.mark.parametrize("matrix", [1, 5, 6, 9])
@pytest.mark.parametrize("full", [False, True])
def test_colours_are_those_that_were_filmed(tmp_path: Path, pixels: str, matrix: int, full: bool) -> None:
    frame = coded(bars(), pixels, matrix, full=full)
    range_ = JPEG if full else MPEG
    film = partial(make_film, codec="ffv1", pixels=pixels, colorspace=matrix, color_range=range_)
    path = film(tmp_path / "bars.mkv", [0], lambda _: frame)
    assert off(path) <= CLOSE


@pytest.mark.parametrize(("height", "width", "matrix"), [(480, 640, 6), (576, 720, 6), (720, 1280, 1), (600, 400, 1)])
def test_a_matrix_that_is_not_named_is_that_of_the_size(tmp_path: Path, height: int, width: int, matrix: int) -> None:
    frame = coded(bars(height, width), "yuv420p", matrix, full=False)
    path = make_film(tmp_path / "bars.mp4", [0], lambda _: frame, coding={"preset": "ultrafast", **LOSSLESS})
    assert off(path) <= CLOSE


@pytest.mark.parametrize(
    ("codec", "pixels"), [("libx264rgb", "rgb24"), ("png", "rgb24"), ("png", "rgb48be"), ("qtrle", "rgb24")]
)
def test_rgb_stays_what_it_is(tmp_path: Path, codec: str, pixels: str) -> None:
    frame = av.VideoFrame.from_ndarray(bars(), "rgb24").reformat(format=pixels)
    coding = LOSSLESS if codec == "libx264rgb" else {}
    path = make_film(tmp_path / "bars.mov", [0], lambda _: frame, codec=codec, pixels=pixels, coding=coding)
    assert off(path) <= 1


@pytest.mark.parametrize("pixels", ["gray", "gray10le", "gray16le"])
@pytest.mark.parametrize("full", [False, True])
def test_grey_is_grey_in_three_channels(tmp_path: Path, pixels: str, full: bool) -> None:
    shades = np.linspace(0, 255, 12).round()
    levels = shades if full else 16 + shades * 219 / 255
    scale = {"gray": 1, "gray10le": 4, "gray16le": 257}[pixels]
    kind = np.uint8 if pixels == "gray" else np.uint16
    picture = np.repeat((levels * scale).round().astype(kind), 16)[None].repeat(48, axis=0)
    frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), pixels)
    path = make_film(
        tmp_path / "grey.mkv", [0], lambda _: frame, codec="ffv1", pixels=pixels, color_range=JPEG if full else MPEG
    )
    assert off(path, np.repeat(shades[:, None], 3, axis=1).astype(np.uint8)) <= CLOSE


@pytest.mark.parametrize(
    ("name", "codec", "pixels"),
    [
        ("a.mov", "qtrle", "argb"),
        ("a.mov", "png", "rgba"),
        ("a.mov", "prores_ks", "yuva444p10le"),
        ("a.webm", "libvpx-vp9", "yuva420p"),
        ("a.mkv", "ffv1", "bgra"),
    ],
)
def test_what_is_transparent_is_seen_before_black(tmp_path: Path, name: str, codec: str, pixels: str) -> None:
    picture = np.zeros((48, 96, 4), np.uint8)
    picture[:, :, 0], picture[:, 32:64, 3], picture[:, 64:, 3] = 200, 128, 255
    frame = av.VideoFrame.from_ndarray(picture, "rgba").reformat(format=pixels, dst_colorspace=5)
    coding = {"crf": "10", "b": "0"} if codec == "libvpx-vp9" else {}
    path = make_film(tmp_path / name, [0, 0.04], lambda _: frame, codec=codec, pixels=pixels, coding=coding)
    with VideoSource(path) as source:
        for shown in source:
            np.testing.assert_allclose(
                shown.image[24, [10, 48, 85]], [(0, 0, 0), (100, 0, 0), (200, 0, 0)], atol=CLOSE + 2
            )


@given(
    width=st.integers(1, 4096),
    height=st.integers(1, 4096),
    aspect=st.fractions(0, 10, max_denominator=1000) | st.none(),
)
def test_square_pixels_keep_the_shape_and_lose_no_pixel(width: int, height: int, aspect: Fraction | None) -> None:
    wide, high = squared(width, height, aspect)
    assert wide >= width
    assert high >= height
    assert (wide, high) == (width, height) or wide / high == pytest.approx(
        width / height * float(aspect or 1), rel=1 / min(width, height)
    )


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
@pytest.mark.parametrize(
    ("aspect", "size"),
    [
        (Fraction(16, 11), (96, 279)),
        (Fraction(8, 9), (108, 192)),
        (Fraction(1, 1000), (96, 192)),
        (Fraction(1000, 1), (96, 192)),
        (Fraction(1001, 1000), (96, 192)),
        (Fraction(0), (96, 192)),
    ],
)
def test_pixels_that_are_not_square_become_square(
    tmp_path: Path, suffix: str, aspect: Fraction, size: tuple[int, int]
) -> None:
    image = seen(make_film(tmp_path / f"wide{suffix}", [0], lambda _: circle(96, 192), sample_aspect_ratio=aspect))
    assert image.shape[:2] == size
    rows, columns = np.nonzero(image[:, :, 0] > 128)
    assert np.ptp(columns) / np.ptp(rows) == pytest.approx(size[1] / size[0] / 2, rel=0.04)


def circle(height: int, width: int) -> Image:
    """White before black, as wide as it is high in coded pixels."""
    y, x = np.mgrid[:height, :width]
    inside = (x - width / 2) ** 2 + (y - height / 2) ** 2 < (height / 3) ** 2
    return np.ascontiguousarray(np.repeat((inside * 255).astype(np.uint8)[..., None], 3, axis=2))


@pytest.mark.parametrize("degrees", [0, 90, 180, -90])
@pytest.mark.parametrize("mirrored", [False, True])
def test_it_is_turned_and_mirrored_after_its_pixels_are_square(tmp_path: Path, degrees: int, mirrored: bool) -> None:
    upright = np.zeros((80, 160, 3), np.uint8)
    upright[:40, :80], upright[:40, 80:], upright[40:, :80] = (255, 0, 0), (0, 255, 0), (0, 0, 255)
    lying = np.rot90(upright[:, ::-1] if mirrored else upright, -degrees // 90)
    wide = degrees % 180 == 0
    stored = np.ascontiguousarray(lying[:, ::2] if wide else lying[:, ::1])
    path = make_film(
        tmp_path / "phone.mp4",
        [0],
        lambda _: stored,
        turn=(degrees, mirrored),
        sample_aspect_ratio=Fraction(2) if wide else Fraction(1),
    )
    image = seen(path)
    assert image.shape == upright.shape
    for y, x in ((20, 40), (20, 120), (60, 40), (60, 120)):
        np.testing.assert_allclose(image[y, x], upright[y, x], atol=12)


def test_a_decoded_picture_goes_when_it_is_seen_and_waits_for_no_garbage_collector(tmp_path: Path) -> None:
    path = make_film(tmp_path / "film.mp4", list(range(20)), lambda _: bars())
    gc.collect()
    gc.disable()
    try:
        with VideoSource(path) as source:
            frames = sum(1 for _ in source)
        # Not isinstance, which asks some objects of torch for what they call deprecated.
        left = sum(type(each) is av.VideoFrame for each in gc.get_objects())
    finally:
        gc.enable()
    assert (frames, left) == (20, 0)
