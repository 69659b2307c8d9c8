"""Two benchmarks as ratios, and what is said of files that are none."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engines.errors import MienError
from realtime.benchmark.compare import Comparison, compare
from realtime.benchmark.tables import print_comparison

_REPORT: dict[str, Any] = {
    "machine": {"processor": "one", "load": 0.1, "versions": {"numpy": "2.0"}},
    "model": {"name": "tiny", "sha256": "ab"},
    "engines": [
        {
            "engine": "openvino",
            "device": "CPU",
            "precision": "bf16",
            "batch": {"1": {"p50_ms": 2.0, "p99_ms": 4.0, "faces_per_s": 500.0}},
        }
    ],
    "end_to_end": {
        "source": "talk[/].mp4",
        "width": 640,
        "height": 360,
        "live": False,
        "engine": "openvino CPU bf16",
        "detector": "auto",
        "frames": 60,
        "faces_per_frame": 1.0,
        "fps": 100.0,
        "latency_ms": {"p50": 10.0, "p95": 12.0, "p99": None},
        "stages": {"detection": {"p50_ms": 4.0, "p99_ms": 8.0, "dropped": 0, "alone_ms": 3.0}},
        "efficiency": 0.8,
        "peak_rss_mb": 400.0,
    },
    "further_runs": [],
}

Changed = Callable[[dict[str, Any]], None]


def _compared(folder: Path, change: Changed) -> Comparison:
    other = copy.deepcopy(_REPORT)
    change(other)
    for name, document in (("a.json", _REPORT), ("b.json", other)):
        (folder / name).write_text(json.dumps(document))
    return compare(folder / "a.json", folder / "b.json")


def _words(comparison: Comparison) -> dict[str, str]:
    return {change.figure: change.words for change in comparison.changes}


def test_what_did_not_change_is_the_same(tmp_path: Path) -> None:
    comparison = _compared(tmp_path, lambda _: None)
    assert len(comparison.changes) == 3 + 1 + 2 + 3 + 2
    assert {change.ratio for change in comparison.changes} == {1.0}
    assert {change.words for change in comparison.changes} == {"~ the same"}
    assert comparison.notes == ()


def test_less_time_and_more_frames_are_faster(tmp_path: Path) -> None:
    def quicker(report: dict[str, Any]) -> None:
        report["engines"][0]["batch"]["1"] = {"p50_ms": 1.0, "p99_ms": 8.0, "faces_per_s": 1000.0}
        report["end_to_end"] |= {"fps": 50.0, "efficiency": 0.9, "peak_rss_mb": 300.0}

    comparison = _compared(tmp_path, quicker)
    words = _words(comparison)
    assert words["1 face, p50 ms"] == "faster"
    assert words["1 face, p99 ms"] == "slower"
    assert words["1 face, faces a second"] == "faster"
    assert words["frames a second"] == "slower"
    assert words["share of the slowest stage"] == "better"
    assert words["memory, MB"] == "smaller"
    assert next(change.ratio for change in comparison.changes if change.figure == "1 face, p50 ms") == 0.5


@pytest.mark.parametrize(("fps", "words"), [(104.0, "~ the same"), (96.5, "~ the same"), (106.0, "faster")])
def test_a_small_change_is_within_the_noise(fps: float, words: str, tmp_path: Path) -> None:
    comparison = _compared(tmp_path, lambda report: report["end_to_end"].update(fps=fps))
    assert _words(comparison)["frames a second"] == words


def test_what_only_one_has_is_left_out(tmp_path: Path) -> None:
    def another(report: dict[str, Any]) -> None:
        report["engines"][0]["precision"] = "fp32"
        report["end_to_end"]["stages"]["detection"]["p99_ms"] = 0.0

    figures = _words(_compared(tmp_path, another))
    assert not [figure for figure in figures if "face" in figure]
    assert "detection, p99 ms" not in figures


def test_what_else_differs_is_said(tmp_path: Path) -> None:
    def elsewhere(report: dict[str, Any]) -> None:
        report["machine"] |= {"processor": "two", "load": 3.0}
        report["end_to_end"]["engine"] = "onnxruntime CPU fp32"

    notes = " ".join(_compared(tmp_path, elsewhere).notes)
    assert "processor: one in A, two in B" in notes
    assert "onnxruntime CPU fp32 in B" in notes
    assert "load" not in notes


def test_further_runs_are_compared_with_their_like(tmp_path: Path) -> None:
    def more(report: dict[str, Any]) -> None:
        scene = {**report["end_to_end"], "source": "synthetic, 1 face"}
        report["further_runs"] = [report["end_to_end"]]
        report["end_to_end"] = scene

    assert {change.title for change in _compared(tmp_path, more).changes} == {
        "openvino CPU bf16",
        "talk[/].mp4, 640x360",
    }


def test_a_report_from_before_there_were_several_runs_is_still_one(tmp_path: Path) -> None:
    def older(report: dict[str, Any]) -> None:
        for name in ("machine", "model", "further_runs"):
            del report[name]

    assert _compared(tmp_path, older).changes


def test_the_table_has_the_figures_and_the_names_as_they_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    print_comparison(_compared(tmp_path, lambda report: report["end_to_end"].update(fps=50.0)))
    printed = capsys.readouterr().out
    assert "talk[/].mp4, 640x360" in printed
    assert ["frames", "a", "second", "100", "50", "0.50", "slower"] in [line.split() for line in printed.splitlines()]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[" * 100_000,
        b"[1, 2]",
        b'{"accuracy": 0.9}',
        b'{"engines": [{"engine": 1}], "end_to_end": {}}',
        json.dumps({**_REPORT, "end_to_end": {**_REPORT["end_to_end"], "fps": "fast"}}).encode(),
        json.dumps({**_REPORT, "machine": ["a", "list"]}).encode(),
        json.dumps(_REPORT).encode()[:300],
    ],
)
def test_what_is_no_report_is_said_in_one_line(content: bytes, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(json.dumps(_REPORT))
    bad.write_bytes(content)
    for pair in ((good, bad), (bad, good)):
        with pytest.raises(MienError, match=r"bad\.json") as raised:
            compare(*pair)
        assert "\n" not in str(raised.value)


def test_reports_of_different_things_are_told_apart(tmp_path: Path) -> None:
    def of_another_kind(report: dict[str, Any]) -> None:
        report["engines"] = []
        report["end_to_end"]["source"] = "other.mp4"

    with pytest.raises(MienError, match="no figure in common"):
        _compared(tmp_path, of_another_kind)


def test_a_missing_report_is_said(tmp_path: Path) -> None:
    with pytest.raises(MienError, match=r"nowhere\.json"):
        compare(tmp_path / "nowhere.json", tmp_path / "nowhere.json")
