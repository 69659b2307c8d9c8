"""What is kept between two runs, and what becomes of it when the file is not what it should be."""

import json
import math
from dataclasses import fields, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from engines.base import EngineName
from engines.errors import OutputError
from gui import settings as module
from gui.settings import (
    CAMERA_RATES,
    CAMERA_SIZES,
    DETECTORS,
    LANGUAGES,
    RECORDINGS,
    SMOOTHING_MOST,
    THEMES,
    Settings,
    after_change,
    for_start,
    load,
    rememberable,
    save,
    settings_file,
)
from gui.theme import Theme
from realtime.options import CAMERA_FORMAT, DEMO, CameraFormat, Options

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=60)
SETTINGS = st.builds(
    Settings,
    engine=st.sampled_from(EngineName),
    detector=st.sampled_from(DETECTORS),
    smoothing=st.floats(0, SMOOTHING_MOST),
    camera_size=st.sampled_from(CAMERA_SIZES),
    camera_fps=st.sampled_from(CAMERA_RATES),
    mirror=st.booleans(),
    theme=st.sampled_from(THEMES),
    language=st.sampled_from(LANGUAGES),
    recording_folder=WORDS,
    recording_kind=st.sampled_from(RECORDINGS),
    source=WORDS,
    geometry=WORDS,
    prompts=st.lists(WORDS).map("\n".join),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=10,
)
NAMES = tuple(each.name for each in fields(Settings))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config" / "settings.json"


def written(file: Path, text: str | bytes) -> Path:
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


@limits(max_examples=40)
@given(SETTINGS)
def test_what_is_saved_is_loaded(settings: Settings) -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "new" / "settings.json"
        save(settings, file)
        loaded = load(file)
    assert loaded.settings == settings
    assert loaded.replaced == ()
    assert not loaded.first
    assert not loaded.damaged


@limits(max_examples=40)
@given(st.binary(max_size=200))
def test_whatever_the_bytes_there_are_settings_and_nothing_is_thrown_away(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        loaded = load(written(Path(folder) / "settings.json", content))
        kept = [file.read_bytes() for file in Path(folder).iterdir()]
    assert loaded.settings == Settings()
    assert kept == [content]


@limits(max_examples=40)
@given(st.dictionaries(st.sampled_from([*NAMES, "version", "something"]), JSON))
def test_a_value_that_is_none_of_its_kind_falls_back_and_the_others_stay(document: dict[str, Any]) -> None:
    with TemporaryDirectory() as folder:
        loaded = load(written(Path(folder) / "settings.json", json.dumps(document)))
    assert not loaded.damaged
    for each in fields(Settings):
        got = getattr(loaded.settings, each.name)
        assert got in (document.get(each.name), each.default)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("engine", "steam"),
        ("engine", None),
        ("detector", ["auto"]),
        ("smoothing", -0.1),
        ("smoothing", math.nan),
        ("smoothing", True),
        ("smoothing", "0.3"),
        ("camera_size", "1280"),
        ("camera_fps", 25),
        ("camera_fps", True),
        ("mirror", 1),
        ("theme", "Dark"),
        ("language", "fr"),
        ("recording_folder", 7),
        ("recording_folder", "a\0b"),
        ("source", "\ud800"),
        ("prompts", "x" * 200_000),
    ],
)
def test_each_kind_of_wrong_value_is_replaced_alone(file: Path, name: str, value: object) -> None:
    document = {"version": 1, "theme": "light", "camera_fps": 60, name: value}
    loaded = load(written(file, json.dumps(document)))
    assert loaded.replaced == (name,)
    assert loaded.settings == replace(Settings(theme="light", camera_fps=60), **{name: getattr(Settings(), name)})
    with pytest.raises(ValueError, match=name):
        Settings(**{name: value})  # type: ignore[arg-type]


def test_the_first_start_has_the_defaults_and_says_so(file: Path) -> None:
    loaded = load(file)
    assert loaded.settings == Settings()
    assert loaded.first
    assert not loaded.damaged


@pytest.mark.parametrize("content", ["", "{", "[]", "7", '{"theme": "light"', b"\xff\xfe{}", "[" * 100_000])
def test_a_damaged_file_is_set_aside_and_said(file: Path, content: str | bytes) -> None:
    written(file, content)
    before = file.read_bytes()
    loaded = load(file)
    assert loaded.settings == Settings()
    assert loaded.damaged
    assert loaded.kept == file.with_name("settings.damaged.json")
    assert loaded.kept.read_bytes() == before
    assert not file.exists()
    save(loaded.settings, file)
    assert not load(file).damaged


def test_a_folder_in_the_place_of_the_file_is_no_end(file: Path) -> None:
    file.mkdir(parents=True)
    assert load(file).damaged


def test_a_later_version_is_read_as_far_as_it_is_known(file: Path) -> None:
    document = {"version": 99, "theme": "light", "hologram": {"depth": 3}}
    assert load(written(file, json.dumps(document))).settings == Settings(theme="light")


def test_an_older_version_is_brought_forward_step_by_step(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def second(document: dict[str, Any]) -> dict[str, Any]:
        return document | {"dark": document.get("night", False)}

    def third(document: dict[str, Any]) -> dict[str, Any]:
        return document | {"theme": "dark" if document["dark"] else "light"}

    monkeypatch.setattr(module, "_UPGRADES", (second, third))
    assert load(written(file, '{"version": 1, "night": false}')).settings.theme == "light"
    assert load(written(file, '{"version": 2, "dark": true}')).settings.theme == "dark"
    save(Settings(theme="light"), file)
    assert json.loads(file.read_text())["version"] == 3
    assert load(file).settings.theme == "light"


def test_a_file_that_cannot_be_written_leaves_the_old_one(file: Path) -> None:
    save(Settings(theme="light"), file)
    (file.parent / ".settings.json.partial").mkdir()
    with pytest.raises(OutputError, match=r"settings\.json"):
        save(Settings(), file)
    assert load(file).settings.theme == "light"


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match=r"settings\.json"):
        save(Settings(), tmp_path / "file" / "settings.json")


def test_it_lies_where_the_user_keeps_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("platformdirs.user_config_dir", lambda name, **_: str(tmp_path / name))
    assert settings_file() == tmp_path / "mien" / "settings.json"


def test_the_themes_are_those_that_there_are() -> None:
    assert set(THEMES) == set(Theme)


@pytest.mark.parametrize(
    ("size", "expected"),
    [("auto", CameraFormat(None, 60)), ("1920x1080", CameraFormat((1920, 1080), 60))],
)
def test_the_camera_is_asked_for_what_is_chosen(size: str, expected: CameraFormat) -> None:
    assert Settings(camera_size=size, camera_fps=60).camera_format == expected
    assert Settings().camera_format == CAMERA_FORMAT


def test_what_the_command_line_gives_counts_more_than_what_is_kept() -> None:
    kept = Settings(engine=EngineName.OPENVINO, detector="full", smoothing=1.0, camera_size="640x360")
    options = for_start(Options(2, detector="short"), kept)
    assert (options.source, options.detector) == (2, "short")
    assert (options.engine, options.smoothing) == (EngineName.OPENVINO, 1.0)
    assert options.camera_format == CameraFormat((640, 360), 30)


def test_a_change_of_the_run_is_told_from_one_of_the_looks() -> None:
    options, before = Options(0, engine=EngineName.ONNXRUNTIME), Settings()
    assert after_change(options, before, replace(before, theme="light", mirror=False)) == options
    changed = after_change(options, before, replace(before, detector="tiled"))
    assert changed == replace(options, detector="tiled")


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (0, "0"),
        ("Desk Camera", "Desk Camera"),
        ("rtsp://10.0.0.2/live", "rtsp://10.0.0.2/live"),
        ("rtsp://me:secret@10.0.0.2/live", ""),
        (Path("/films/7"), str(Path("/films/7").absolute())),
        (Path("7"), str(Path("7").absolute())),
    ],
)
def test_a_source_is_kept_without_secrets(source: str | int | Path, text: str) -> None:
    assert rememberable(source) == text


@pytest.mark.parametrize("kept", ["Desk Camera", "1"])
def test_the_camera_of_the_last_time_is_shown_unless_another_source_is_named(kept: str) -> None:
    settings = Settings(source=kept)
    assert for_start(Options(""), settings).source == kept
    assert for_start(Options("clip.mp4"), settings).source == "clip.mp4"
    assert for_start(Options("0"), settings).source == "0"


@pytest.mark.parametrize("kept", ["", str(Path("/films/talk.mp4").absolute()), "rtsp://camera.example/1", DEMO])
def test_nothing_but_a_camera_is_opened_again_by_itself(kept: str) -> None:
    assert for_start(Options(""), Settings(source=kept)).source == 0
