"""The summary: what a run was, in one small file."""

import json
from collections.abc import Sequence
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


def faces_of(tmp_path: Path, leads: str, times: Sequence[float], *, still: bool = False) -> list[dict[str, Any]]:
    """What the summary says of the one face, in which the class of each number leads, or which is away."""
    with Summary(tmp_path / "summary.json", CLASSES, {}, still=still) as summary:
        for i, (lead, moment) in enumerate(zip(leads, times, strict=True)):
            summary.write(*pair(i, moment, [] if lead == " " else [face(lead=int(lead))]))
    found: list[dict[str, Any]] = read(tmp_path / "summary.json")["faces"]
    return found


def test_shares_are_of_time_and_not_of_frames(tmp_path: Path) -> None:
    (one,) = faces_of(tmp_path, "00001", [0.0, 0.1, 0.2, 0.3, 0.5])
    assert one["share_of_time"] == pytest.approx(
        {"neutral": 5 / 7, "happiness": 2 / 7, "pain, mild": 0, "unsure": 0}, abs=1e-6
    )
    assert one["seconds"] == pytest.approx(0.7)
    assert one["mean_probabilities"]["neutral"] == pytest.approx((4 * 0.8 + 0.1) / 5)


def test_episodes_and_transitions_are_told(tmp_path: Path) -> None:
    times = [i / 10 for i in range(19)]
    (one,) = faces_of(tmp_path, "000111000       222", times)
    labels = [(each["label"], each["start_s"], each["end_s"], each["frames"]) for each in one["episodes"]]
    assert labels == [
        ("neutral", 0, 0.3, 3),
        ("happiness", 0.3, 0.6, 3),
        ("neutral", 0.6, 0.9, 3),
        ("pain, mild", 1.6, 1.9, 3),
    ]
    assert {(each["from"], each["to"], each["count"]) for each in one["transitions"]} == {
        ("neutral", "happiness", 1),
        ("happiness", "neutral", 1),
    }
    assert one["episodes"][0]["mean_probability"] == pytest.approx(0.8)
    assert (one["episodes"][1]["peak_probability"], one["episodes"][1]["peak_s"]) == (pytest.approx(0.8), 0.3)


def test_pictures_have_no_time(tmp_path: Path) -> None:
    (one,) = faces_of(tmp_path, "00", [0.0, 1.0], still=True)
    assert not {"seconds", "share_of_time", "transitions", "episodes"} & set(one)


def test_the_legend_of_the_table_comes_last(tmp_path: Path) -> None:
    legend = {"prompts": {"neutral": ["calm"]}, "columns": {"x": {"unit": "pixels"}}}
    Summary(tmp_path / "summary.json", CLASSES, {}, legend=legend).close()
    report = read(tmp_path / "summary.json")
    assert list(report)[-2:] == ["prompts", "columns"]
    assert report["columns"] == legend["columns"]
