"""Bad input and wrong usage as a person meets them: one line that says what is wrong, and how the program exits."""

import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import main
from engines.errors import SourceError
from engines.package import DEFAULT_PACKAGE, ENCODER
from tests.conftest import Mien


def _broken_model(clip: Path, folder: Path) -> list[str | Path]:
    model = folder / "model"
    shutil.copytree(DEFAULT_PACKAGE, model)
    with (model / ENCODER).open("r+b") as encoder:
        encoder.seek(1000)
        encoder.write(b"not what it was")
    return ["video", clip, "--model", model]


def _named(name: str, content: bytes) -> Callable[[Path, Path], list[str | Path]]:
    def make(_: Path, folder: Path) -> list[str | Path]:
        (folder / name).write_bytes(content)
        return ["video", folder / name]

    return make


def _folder_without_pictures(_: Path, folder: Path) -> list[str | Path]:
    (folder / "letters").mkdir()
    (folder / "letters" / "a.txt").write_text("no picture")
    return ["video", folder / "letters"]


def _no_folder_to_write_to(clip: Path, folder: Path) -> list[str | Path]:
    (folder / "taken").write_text("a file where a folder should be")
    return ["video", clip, "--out", folder / "taken"]


BROKEN: dict[str, tuple[Callable[[Path, Path], list[str | Path]], str]] = {
    "an empty file": (_named("empty.mp4", b""), "empty.mp4"),
    "a text file named .mp4": (_named("letter.mp4", b"Dear diary\n" * 100), "letter.mp4"),
    "a picture that is none": (_named("letter.png", b"Dear diary"), "letter.png"),
    "a folder without pictures": (_folder_without_pictures, "letters"),
    "a missing file": (lambda *_: ["video", "nowhere.mp4"], "nowhere.mp4"),
    "a missing camera": (lambda *_: ["video", "7"], "camera 7"),
    "a corrupted encoder": (_broken_model, ENCODER),
    "no model there": (lambda clip, _: ["video", clip, "--model", "nowhere"], "nowhere"),
    "no folder to write to": (_no_folder_to_write_to, "taken"),
    "an engine that is not here": (lambda clip, _: ["video", clip, "--engine", "tensorrt"], "tensorrt"),
    "no number": (lambda clip, _: ["video", clip, "--smoothing", "nan"], "smoothing"),
    "prompts that are none": (lambda clip, _: ["video", clip, "--prompts", clip], "portrait.mp4"),
    "faces that are none": (lambda clip, _: ["evaluate", clip], "portrait.mp4"),
    "a benchmark of nothing": (lambda *_: ["benchmark", "--source", "nowhere.mp4"], "nowhere.mp4"),
    "a report that is none": (lambda clip, _: ["benchmark", "compare", clip, clip], "portrait.mp4"),
    "a recipe that is none": (lambda clip, _: ["train", clip, "--data", clip], "portrait.mp4"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_bad_input_ends_in_one_clear_line(case: str, mien: Mien, clip: Path, tmp_path: Path) -> None:
    arguments, named = BROKEN[case]
    code, out, err = mien(*arguments(clip, tmp_path))
    assert code == 1
    assert out == ""
    assert len(err.splitlines()) == 1
    assert named in err
    left = tmp_path / "mien-output"
    assert not left.exists() or not list(left.iterdir())


def test_debug_shows_where_it_went_wrong(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["mien", "--debug", "video", "nowhere.mp4"])
    with pytest.raises(SourceError, match=re.escape("nowhere.mp4")):
        main.main()


def test_wrong_usage_is_told_from_bad_input(mien: Mien) -> None:
    assert mien("video", "clip.mp4", "--table", "xml")[0] == 2
    assert mien("video", "clip.mp4", "--episodes", "xml")[0] == 2
    assert mien("video", "clip.mp4", "--codec", "vp8")[0] == 2
    assert mien("video", "clip.mp4", "--quality", 101)[0] == 2
    assert mien("benchmark", "--engine", "abacus")[0] == 2
    assert mien("benchmark", "--size", "large")[0] == 2
    assert mien("benchmark", "compare", "a.json")[0] == 2
    assert mien("dance")[0] == 2
