"""The command line as a person meets it: what it prints, what it leaves behind and how it exits."""

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import av
import cv2
import numpy as np
import pyarrow.parquet
import pytest

import main
from engines.assets import Assets
from engines.package import ModelPackage
from tests.conftest import Mien
from tests.realtime.faces import portrait
from tests.realtime.films import Image, Track, make_film, packets

_COLUMNS = ["frame", "time_s", "face_id", "x", "y", "w", "h", "score", "label", "confidence", "uncertainty"]


@pytest.mark.parametrize("command", ["video", "train", "federate client"])
def test_help_says_what_is_required_and_what_is_meant_by_default(mien: Mien, command: str) -> None:
    code, out, _ = mien(*command.split(), "--help")
    assert code == 0
    assert "[required]" in out
    assert "\\[" not in out


def test_a_video_becomes_an_annotated_video_a_table_and_a_summary(mien: Mien, clip: Path, tmp_path: Path) -> None:
    code, out, _ = mien("video", clip, "--out", "results")
    results = tmp_path / "results"
    assert code == 0
    assert "60 frames" in out
    assert str(Path("results", "portrait.parquet")) in out
    assert {path.name for path in results.iterdir()} == {
        f"portrait.{ending}" for ending in ("annotated.mp4", "parquet", "json", "html")
    }
    with av.open(results / "portrait.annotated.mp4") as video:
        assert sum(1 for _ in video.decode(video=0)) == 60
    table = pyarrow.parquet.read_table(results / "portrait.parquet")
    assert table.num_rows >= 57
    assert set(table["face_id"].to_pylist()) == {1}
    chances = np.stack([table[name].to_numpy() for name in table.column_names if name.startswith("p_")])
    assert np.allclose(chances.sum(axis=0), 1, atol=1e-4)
    summary = json.loads((results / "portrait.json").read_text())
    assert (summary["frames"], summary["complete"], summary["model"]) == (60, True, "mien-s")


def test_without_a_wish_for_video_there_is_none(mien: Mien, clip: Path, tmp_path: Path) -> None:
    assert mien("video", clip, "--no-annotate", "--table", "csv", "--engine", "onnxruntime")[0] == 0
    results = tmp_path / "mien-output"
    assert {path.name for path in results.iterdir()} == {"portrait.csv", "portrait.json", "portrait.html"}
    with (results / "portrait.csv").open(newline="") as file:
        header, *rows = csv.reader(file)
    assert header[:11] == _COLUMNS
    assert len(rows) >= 57


def test_all_that_a_lab_wants_is_written_and_says_what_it_is(mien: Mien, clip: Path, tmp_path: Path) -> None:
    wanted = ("--keypoints", "--embeddings", "--episodes", "csv", "--episodes", "elan", "--episodes", "boris")
    code, out, err = mien("video", clip, "--no-annotate", *wanted, "--episodes", "csv")
    assert code == 0, err
    results = tmp_path / "mien-output"
    names = [f"portrait.{ending}" for ending in ("html", "parquet", "episodes.csv", "eaf", "boris", "json")]
    assert sorted(path.name for path in results.iterdir()) == sorted(names)
    assert [line.strip() for line in out.splitlines()[-6:]] == [str(Path("mien-output", name)) for name in names]

    table = pyarrow.parquet.read_table(results / "portrait.parquet")
    embeddings = np.array(table["embedding"].to_pylist())
    assert embeddings.shape == (table.num_rows, 384)
    assert np.allclose(np.linalg.norm(embeddings, axis=1), 1, atol=1e-3)
    eyes = [table[f"kp_{side}_eye_x"].to_numpy() for side in ("right", "left")]
    assert (eyes[0] < eyes[1]).all()
    assert np.abs(table["roll_deg"].to_numpy()).max() < 45

    summary = json.loads((results / "portrait.json").read_text())
    (face,) = summary["faces"]
    assert sum(face["share_of_time"].values()) == pytest.approx(1, abs=1e-4)
    assert face["seconds"] == pytest.approx(2, abs=0.11)
    about = json.loads(table.schema.metadata[b"mien"])
    assert about["source"] == clip.name
    assert about["encoder_sha256"] == ModelPackage.load().card.encoder_sha256
    for key in ("model", "engine", "detector", "smoothing_s", "classes", "prompts", "coordinates", "columns"):
        assert about[key] == summary[key]
    assert set(about["columns"]) == set(table.column_names)
    assert about["prompts"] == {name: list(texts) for name, texts in ModelPackage.load().card.prompts.items()}


def test_a_picture_has_no_episodes_and_says_so(mien: Mien, tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "one.png"), portrait()[..., ::-1])
    code, out, err = mien("video", "one.png", "--no-annotate", "--keypoints", "--episodes", "elan")
    assert code == 0
    assert err.splitlines() == ["one.png: pictures have no time, so there are no episodes of them."]
    assert {path.name for path in (tmp_path / "mien-output").iterdir()} == {"one.parquet", "one.json", "one.html"}
    assert ".eaf" not in out


def test_two_inputs_of_one_name_keep_their_results_apart(mien: Mien, clip: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    twin = Path(shutil.copy(clip, tmp_path / "other" / clip.name))
    with twin.open("ab") as file:
        file.write(b"\0\0\0\x09free!")
    assert mien("video", clip, twin, "--no-annotate", "--no-report", "--table", "jsonl")[0] == 0
    names = {path.name for path in (tmp_path / "mien-output").iterdir()}
    assert names == {"portrait.jsonl", "portrait.json", "portrait-2.jsonl", "portrait-2.json", "index.jsonl"}


def test_what_was_read_is_not_read_again_unless_it_is_asked_for(mien: Mien, clip: Path, tmp_path: Path) -> None:
    command = ("video", clip, "--no-annotate", "--detector", "short")
    assert mien(*command)[0] == 0
    before = (tmp_path / "mien-output" / "portrait.json").stat().st_mtime_ns
    code, out, err = mien(*command)
    assert code == 0
    assert "60 frames" in out
    assert err == f"Already done: {clip}; --again reads it anew.\n"
    assert (tmp_path / "mien-output" / "portrait.json").stat().st_mtime_ns == before
    assert mien(*command, "--again")[0] == 0
    assert (tmp_path / "mien-output" / "portrait.json").stat().st_mtime_ns != before


def test_a_folder_with_a_broken_video_ends_in_a_list_of_what_failed(mien: Mien, clip: Path, tmp_path: Path) -> None:
    shutil.copytree(clip.parent, tmp_path / "in")
    (tmp_path / "in" / "letter.mp4").write_text("Dear diary")
    code, out, err = mien("video", "in", "--no-annotate", "--detector", "short", "--table", "csv")
    assert code == 1
    assert "60 frames" in out
    assert err.splitlines()[-2] == "1 of 2 failed:"
    assert "letter.mp4" in err.splitlines()[-1]
    assert (tmp_path / "mien-output" / "index.csv").exists()


def test_words_of_the_users_own_are_the_classes(mien: Mien, clip: Path, tmp_path: Path) -> None:
    (tmp_path / "words.toml").write_text(
        '[classes]\nsmiling = "a smiling person"\nbored = ["a bored person", "yawning"]\n'
    )
    code, _, err = mien("video", clip, "--no-annotate", "--table", "jsonl", "--prompts", "words.toml")
    assert code == 0, err
    row = json.loads((tmp_path / "mien-output" / "portrait.jsonl").read_text().splitlines()[0])
    assert row["label"] in {"smiling", "bored"}
    assert row["p_smiling"] + row["p_bored"] == pytest.approx(1, abs=1e-4)


def test_a_faces_first_moments_can_be_its_neutral(mien: Mien, clip: Path, tmp_path: Path) -> None:
    def neutral(*options: str) -> list[float]:
        assert mien("video", clip, "--no-annotate", "--table", "jsonl", "--smoothing", "0", *options)[0] == 0
        rows = (tmp_path / "mien-output" / "portrait.jsonl").read_text().splitlines()
        summary = json.loads((tmp_path / "mien-output" / "portrait.json").read_text())
        assert summary["neutral_s"] == (1.0 if options else None)
        return [json.loads(row)["p_neutral"] for row in rows]

    plain, corrected = neutral(), neutral("--neutral", "1")
    assert corrected[:20] == plain[:20]
    assert np.mean(corrected[-20:]) >= np.mean(plain[-20:]) - 1e-5  # of rounding


def _cut(clip: Path, folder: Path) -> Path:
    """The first half of a video whose index comes first, as of a download that broke off."""
    whole = clip.read_bytes()
    cut = folder / "cut.mp4"
    cut.write_bytes(whole[: len(whole) // 2])
    return cut


def test_of_a_video_cut_in_half_what_was_read_is_kept(mien: Mien, clip: Path, tmp_path: Path) -> None:
    code, out, err = mien("video", _cut(clip, tmp_path), "--table", "csv")
    assert (code, out, len(err.splitlines())) == (1, "", 1)
    assert "cut.mp4 ends at" in err
    results = tmp_path / "mien-output"
    summary = json.loads((results / "cut.json").read_text())
    assert summary["complete"] is False
    assert summary["error"] == err.strip()
    assert 0 < summary["frames"] < 60
    with (results / "cut.csv").open(newline="") as file:
        assert len(list(csv.reader(file))) > summary["frames_with_faces"] > 0
    with av.open(results / "cut.annotated.mp4") as video:
        assert sum(1 for _ in video.decode(video=0)) == summary["frames"]


def test_the_copy_is_coded_as_asked_and_the_summary_says_by_what(mien: Mien, clip: Path, tmp_path: Path) -> None:
    asked = ("--codec", "av1", "--quality", 40, "--no-hardware", "--table", "csv")
    code, _, err = mien("video", clip, *asked)
    assert (code, err) == (0, "")
    summary = json.loads((tmp_path / "mien-output" / "portrait.json").read_text())
    assert summary["encoder"] == "libsvtav1"
    assert summary["damaged"] == {"packets": 0, "times_s": []}
    with av.open(tmp_path / "mien-output" / "portrait.annotated.mp4") as video:
        assert video.streams.video[0].codec_context.codec.canonical_name == "av1"


def test_damaged_packets_are_skipped_and_named(mien: Mien, clip: Path, tmp_path: Path) -> None:
    with av.open(clip) as video:
        places = [(packet.pos, packet.size) for packet in video.demux(video=0) if packet.pos and packet.size]
    data = bytearray(clip.read_bytes())
    for start, size in places[30:32]:
        data[start : start + size] = bytes(size)
    (tmp_path / "scratched.mp4").write_bytes(data)
    code, out, err = mien("video", "scratched.mp4", "--table", "csv")
    assert code == 0
    assert "scratched.mp4: 2 packets are damaged, first at 1." in err
    summary = json.loads((tmp_path / "mien-output" / "scratched.json").read_text())
    assert summary["complete"] is True
    assert summary["damaged"]["packets"] == len(summary["damaged"]["times_s"]) == 2
    assert f"{summary['frames']} frames" in out
    assert summary["frames"] >= 50


def test_sound_that_mp4_cannot_hold_makes_the_copy_another_kind_of_file(mien: Mien, tmp_path: Path) -> None:
    def draw(number: int) -> Image:
        return np.full((96, 128, 3), number, np.uint8)

    make_film(tmp_path / "talk.mkv", [0, 0.04, 0.1], draw, tracks=[Track("subrip", texts=[(0, "Hello")])])
    assert mien("video", "talk.mkv", "--table", "csv")[0] == 0
    copy = tmp_path / "mien-output" / "talk.annotated.mkv"
    assert [[data for data, _ in track] for track in packets(copy, "subtitle")] == [[b"Hello"]]


def test_the_window_without_a_display_says_so(mien: Mien, monkeypatch: pytest.MonkeyPatch) -> None:
    if sys.platform != "linux":
        pytest.skip("there is always a display")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    code, _, err = mien("webcam")
    assert code == 1
    assert "display" in err


def test_ctrl_c_keeps_what_was_read(clip: Path, tmp_path: Path, child_environment: dict[str, str]) -> None:
    if sys.platform == "win32":
        pytest.skip("a console's Ctrl-C cannot be sent to one process alone")
    program = [sys.executable, str(Path(main.__file__)), "video", "synthetic:2", str(clip), "--table", "csv"]
    running = subprocess.Popen(
        program, cwd=tmp_path, env=child_environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    partial = tmp_path / "mien-output" / ".synthetic_2.annotated.mp4.partial"
    _wait_until(lambda: partial.exists() and partial.stat().st_size > 0, running)
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "Stopped" in err
    assert "Traceback" not in err
    summary = json.loads((tmp_path / "mien-output" / "synthetic_2.json").read_text())
    assert summary["complete"] is False
    with av.open(tmp_path / "mien-output" / "synthetic_2.annotated.mp4") as video:
        # The signal may come between one file's last frame and another's.
        assert abs(sum(1 for _ in video.decode(video=0)) - summary["frames"]) <= 1 < summary["frames"]
    assert not [path for path in (tmp_path / "mien-output").iterdir() if path.name.startswith(".")]


def _wait_until(true: Callable[[], bool], running: "subprocess.Popen[str]") -> None:
    for _ in range(600):
        if true():
            return
        assert running.poll() is None, running.communicate()
        time.sleep(0.1)
    running.kill()
    pytest.fail("nothing was written within a minute")


def test_the_benchmark_measures_engines_and_the_whole_path(mien: Mien, tmp_path: Path, clip: Path) -> None:
    measured = ("--source", clip, "--engine", "all", "--batch", 1, "--batch", 4)
    code, out, err = mien("benchmark", *measured, "--json", "figures.json", "--picture", "engines.png")
    assert code == 0, err
    assert "capture to reading" in out
    document = json.loads((tmp_path / "figures.json").read_text())
    assert {engine["engine"] for engine in document["engines"]} >= {"openvino", "onnxruntime"}
    for engine in document["engines"]:
        assert list(engine["batch"]) == ["1", "4"]
        assert set(engine["batch"]["1"]) == {"p50_ms", "p99_ms", "faces_per_s"}
    run = document["end_to_end"]
    assert run["frames"] == 60
    assert set(run["latency_ms"]) == {"p50", "p95", "p99"}
    assert {"capture", "detection", "crops", "recognition"} <= set(run["stages"])
    assert run["peak_rss_mb"] > 0
    slowest = run["stages"][run["slowest_stage"]]["alone_ms"]
    assert slowest == max(stage["alone_ms"] for stage in run["stages"].values())
    assert run["efficiency"] == pytest.approx(run["fps"] * slowest / 1000, abs=0.01)
    assert document["further_runs"] == []
    assert str(clip.parent) not in json.dumps(document)
    assert (tmp_path / "engines.png").read_bytes().startswith(b"\x89PNG")


def test_live_latency_is_measured_and_two_benchmarks_are_compared(mien: Mien, tmp_path: Path, clip: Path) -> None:
    sources = ("--source", clip, "--source", "synthetic", "--faces", 2, "--faces", 4, "--size", "640x360")
    measured = ("--live", "--seconds", 1, "--engine", "onnxruntime", "--batch", 1)
    for name in ("a.json", "b.json"):
        assert mien("benchmark", *sources, *measured, "--json", name)[0] == 0
    document = json.loads((tmp_path / "a.json").read_text())
    runs = [document["end_to_end"], *document["further_runs"]]
    assert [run["source"] for run in runs] == ["portrait.mp4", "synthetic, 2 faces", "synthetic, 4 faces"]
    for run, faces in zip(runs, (1, 2, 4), strict=True):
        assert (run["live"], run["width"], run["height"]) == (True, 640, 360)
        assert run["frames"] + run["stages"]["capture"]["dropped"] <= 31
        assert 0.7 * faces <= run["faces_per_frame"] <= faces
        assert "efficiency" not in run
    code, out, err = mien("benchmark", "compare", "a.json", "b.json")
    assert code == 0, err
    assert "latency, p95 ms" in out
    assert "1 face, faces a second" in out


def test_the_doctor_finds_this_installation_well(mien: Mien, assets: Assets) -> None:  # noqa: ARG001 - they are here
    code, out, _ = mien("--offline", "doctor")
    assert code == 0, out
    assert "ok  face encoder: mien-s" in out


@pytest.fixture
def unmeasured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where this test remembers what it measured; nothing is there yet."""
    memory = tmp_path / "cache" / "engines.json"
    monkeypatch.setattr("engines.choice.memory_file", lambda: memory)
    return memory


def test_the_engines_are_listed_with_what_they_take(mien: Mien, tmp_path: Path, unmeasured: Path) -> None:
    code, out, err = mien("engines", "--json", "engines.json")
    assert (code, err) == (0, "")
    assert "openvino" in out
    assert [line.split()[-1] for line in out.splitlines()].count("auto") == 1
    document = json.loads((tmp_path / "engines.json").read_text())
    found = {engine["engine"]: engine for engine in document["engines"]}
    assert set(found) == {"tensorrt", "openvino", "onnxruntime", "torch"}
    assert found["onnxruntime"]["p50_ms"]["1"] > 0
    assert [engine["auto"] for engine in document["engines"]].count(True) == 1
    assert mien("engines")[1] == out, "it was measured again"
    before = unmeasured.read_bytes()
    assert mien("engines", "--measure")[0] == 0
    assert unmeasured.read_bytes() != before


_NAMES_ITS_MODULES = """
import sys, main
from engines.machine import Load
Load.of_others = lambda _: 0.0  # beside other work nothing would be remembered
try:
    main.main()
finally:
    print('loaded', *sys.modules)
"""


def test_engines_are_listed_without_what_reads_videos(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _NAMES_ITS_MODULES, "engines"]
    root = Path(main.__file__).parent
    cache = dict.fromkeys(("XDG_CACHE_HOME", "LOCALAPPDATA", "HOME"), str(tmp_path))
    for _ in range(2):
        done = subprocess.run(
            command, cwd=root, env={**os.environ, **cache}, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
    loaded = set(done.stdout.splitlines()[-1].split())
    assert not loaded & {"av", "cv2", "mediapipe", "onnxruntime", "openvino", "pyarrow", "torch"}
