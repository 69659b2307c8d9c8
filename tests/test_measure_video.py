"""The film that ``scripts/measure_video.py`` measures on: as long as asked for, and without a seam in its times."""

import os
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "scripts"))
if os.name == "nt":
    pytest.skip("needs a pseudo-terminal", allow_module_level=True)

import measure_video

from realtime.sources import VideoSource
from tests.realtime.sources.helpers import UNEVEN, write_video


@pytest.mark.parametrize(("seconds", "frames"), [(1, 30), (2.5, 90)])
def test_a_film_is_its_clip_over_and_over(
    seconds: float, frames: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measure_video, "_ONCE_S", 1)
    monkeypatch.setattr(measure_video, "_WIDTH", 128)
    monkeypatch.setattr(measure_video, "_HEIGHT", 72)
    clip = measure_video.make_clip(write_video(tmp_path / "uneven.mp4", UNEVEN), tmp_path / "clip.mp4")
    with VideoSource(measure_video.joined(clip, tmp_path / "film.mp4", seconds)) as film:
        assert (film.info.width, film.info.height, film.info.frames) == (128, 72, frames)
        times = [frame.time for frame in film]
    assert times == pytest.approx([number / 30 for number in range(frames)], abs=1e-4)
    with VideoSource(measure_video.joined(clip, tmp_path / "slow.mp4", 3 * seconds, 10)) as slow:
        times = [frame.time for frame in slow]
    assert times == pytest.approx([number / 10 for number in range(frames)], abs=1e-4)


@pytest.mark.parametrize(
    ("text", "shown"), [(b"film.mp4 ---- 90 a second", False), (b"90 a second, about 37 min left", True)]
)
def test_a_remaining_time_is_told_from_none(text: bytes, shown: bool) -> None:
    with measure_video._terminal() as (terminal, seen):
        os.write(terminal, text)
    assert bool(seen) == shown
