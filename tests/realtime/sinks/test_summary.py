"""The summary: what a run was, in one small file."""

import json
from pathlib import Path
from typing import Any

import pytest

from engines.errors import OutputError
from realtime.sinks import Summary
from tests.realtime.sinks.made import CLASSES, face, pair


def read(path: Path) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return report


def test_it_counts_frames_and_faces(tmp_path: Path) -> None:
    about: dict[str, object] = {"source": Path("clip.mp4"), "engine": "openvino"}
    with Summary(tmp_path / "summary.json", CLASSES, about) as summary:
        summary.write(*pair(0, 1.5, [face(7, lead=0)]))
        summary.write(*pair(1, 1.75))
        summary.write(*pair(2, 2.0, [face(7, lead=2), face(3)]))
        summary.write(*pair(3, 2.5, [face(7, lead=2)]))
        about["dropped"] = 2
    report = read(tmp_path / "summary.json")
    assert report.pop("fps") > 0
    assert report.pop("mien")
    small, large = report.pop("faces")
    assert report == {
        "source": "clip.mp4",
        "engine": "openvino",
        "dropped": 2,
        "complete": True,
        "classes": list(CLASSES),
        "frames": 4,
        "frames_with_faces": 3,
        "first_time_s": 1.5,
        "duration_s": 1.0,
    }
    assert (small["face_id"], small["frames"], small["label"]) == (3, 1, "happiness")
    assert (large["face_id"], large["frames"], large["label"]) == (7, 3, "pain, mild")
    assert (large["first_time_s"], large["last_time_s"]) == (1.5, 2.5)
    assert large["mean_probabilities"] == pytest.approx(dict(zip(CLASSES, (1 / 3, 0.1, 1.7 / 3), strict=True)), 1e-4)


def test_a_reading_of_other_classes_is_refused(tmp_path: Path) -> None:
    names = ("calm", *CLASSES[1:])
    with pytest.raises(OutputError, match="other classes"), Summary(tmp_path / "summary.json", names, {}) as summary:
        summary.write(*pair(0, 0.0))
    assert list(tmp_path.iterdir()) == []


def test_an_interrupted_run_is_not_complete(tmp_path: Path) -> None:
    summary = Summary(tmp_path / "summary.json", CLASSES, {})
    summary.write(*pair(0, 0.0))
    summary.close(complete=False)
    report = read(tmp_path / "summary.json")
    assert report["complete"] is False
    assert report["frames"] == 1


def test_a_run_without_frames_is_a_summary_too(tmp_path: Path) -> None:
    Summary(tmp_path / "summary.json", CLASSES, {}).close()
    report = read(tmp_path / "summary.json")
    assert (report["frames"], report["duration_s"], report["fps"], report["faces"]) == (0, 0.0, None, [])


def test_the_rate_may_be_that_of_the_stream(tmp_path: Path) -> None:
    with Summary(tmp_path / "summary.json", CLASSES, {}, arrival=lambda reading: reading.time) as summary:
        for i in range(5):
            summary.write(*pair(i, 3 + i / 4))
    assert read(tmp_path / "summary.json")["fps"] == 4
