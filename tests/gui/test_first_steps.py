"""What is said where there is no picture: the right words for each case, and a way on."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from engines.errors import EngineUnavailable, SourceError
from engines.registry import Entry
from gui.first_steps import Action, Screen, Situation, demo_line, is_denied, lost, processor_line, screen_of
from realtime.sources import open_source
from realtime.sources.camera import CameraSource
from tests import tiny

NO_OPEN = "camera 0 (Desk) cannot be opened: plug it in, or close the program that uses it; cameras here: 0 (Desk)"
SILENT = "camera 0 (Desk) gives no picture: plug it in, or close the program that uses it; cameras here: 0 (Desk)"
DESK = {0: "Desk Camera"}


def said(
    failure: str = NO_OPEN,
    source: str | int | Path = 0,
    cameras: Mapping[int, str] | None = None,
    *,
    denied: bool = False,
    platform: str = "linux",
) -> Screen:
    return screen_of(failure, Situation(source, cameras, denied, platform))


def test_without_a_camera_there_are_a_file_and_the_demo() -> None:
    screen = said(cameras={})
    assert screen.title == "No camera found"
    assert screen.actions == (Action.OPEN_FILE, Action.DEMO)


def test_a_camera_that_is_not_there_is_told_from_none_at_all() -> None:
    assert said(source="3", cameras=DESK).title == "This camera is not connected"


def test_a_camera_that_linux_keeps_from_the_user_comes_with_the_command_that_helps() -> None:
    screen = said(cameras=DESK, denied=True)
    assert screen.title == "Mien may not use the camera"
    assert screen.detail.endswith("\nsudo usermod -aG video $USER")
    assert Action.DEMO in screen.actions


@pytest.mark.parametrize(
    ("platform", "words"),
    [
        ("linux", "Another program uses it: close that one."),
        ("darwin", "System Settings > Privacy & Security > Camera"),
        ("win32", "Settings > Privacy & security > Camera"),
    ],
)
def test_a_camera_that_does_not_open_is_explained_as_the_system_has_it(platform: str, words: str) -> None:
    screen = said(cameras=DESK, platform=platform)
    assert screen.title == "The camera does not open"
    assert words in screen.detail
    assert screen.actions[0] is Action.TRY_AGAIN


@pytest.mark.parametrize("source", [0, "0", "desk", "Desk Camera"])
def test_a_camera_is_known_by_number_and_by_name(source: str | int) -> None:
    assert said(source=source, cameras=DESK).title == "The camera does not open"


@pytest.mark.parametrize("name", ["Desk Camera", "USB2.0 HD UVC WebCam", "Logi 4.5"])
def test_a_camera_that_is_remembered_by_name_is_one_also_when_it_is_gone(name: str) -> None:
    failure = f"there is no file, folder or camera called '{name}': check the name"
    assert said(failure, name, {}).title == "No camera found"
    assert said(failure, name, {0: "Integrated Webcam"}).title == "This camera is not connected"
    assert said(failure, name, {}, denied=True).title == "Mien may not use the camera"


@pytest.mark.parametrize("name", ["clip.mp4", "films/clip", "synthetic:9999", "x://y", "", "x" * 5000 + ".jpeg"])
def test_what_can_be_no_name_of_a_camera_is_not_taken_for_one(name: str) -> None:
    assert said("it does not exist", name, {}).title == "Cannot start"


def test_a_folder_that_is_there_is_no_camera(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "holiday").mkdir()
    monkeypatch.chdir(tmp_path)
    assert said("holiday has no pictures", "holiday", {}).title == "Cannot start"


def test_before_anybody_has_looked_for_cameras_none_is_said_to_be_missing() -> None:
    assert said(cameras=None).title == "The camera does not open"


def test_a_silent_camera_is_told_from_a_busy_one() -> None:
    assert said(SILENT, cameras=DESK).title == "The camera gives no picture"


def test_the_real_sources_fail_in_the_words_that_are_looked_for() -> None:
    now = iter(float(n) for n in range(0, 10_000, 10))
    with pytest.raises(SourceError) as silent:
        CameraSource("camera 0", _Silent, clock=lambda: next(now))
    assert said(str(silent.value), cameras=DESK).title == "The camera gives no picture"
    with pytest.raises(SourceError) as missing:
        CameraSource("camera 0", lambda: None)
    assert said(str(missing.value), cameras=DESK).title == "The camera does not open"


class _Silent:
    fps = 30.0

    def read(self) -> None:
        return None

    def release(self) -> None:
        pass


def test_a_stream_that_does_not_answer_can_be_tried_again() -> None:
    screen = said("rtsp://10.0.0.2/x cannot be opened: check the address", "rtsp://10.0.0.2/x", DESK)
    assert screen.title == "The stream does not answer"
    assert screen.actions[0] is Action.TRY_AGAIN


def test_a_wrong_file_is_said_in_its_own_line(tmp_path: Path) -> None:
    file = tmp_path / "notes.mp4"
    with pytest.raises(SourceError) as caught:
        open_source(file)
    screen = said(str(caught.value), file, {})
    assert screen.title == "Cannot start"
    assert "notes.mp4" in screen.detail
    assert screen.detail.endswith(".")
    assert screen.actions[0] is Action.OPEN_FILE


def test_a_file_called_0_is_no_camera() -> None:
    assert said("0 does not exist: check the name", Path("0"), {}).detail == "0 does not exist: check the name."


def test_an_engine_that_cannot_run_leads_to_the_settings() -> None:
    entry = Entry("nothing", "engines.nothing", "Nothing", "no_such_library", (), "pip install nothing")  # type: ignore[arg-type]
    with pytest.raises(EngineUnavailable) as caught:
        entry.open(tiny.package())
    screen = said(str(caught.value), cameras=DESK)
    assert screen.title == "This engine cannot run here"
    assert "no graphics card" in screen.detail
    assert screen.actions == (Action.SETTINGS,)


@pytest.mark.parametrize("source", [0, "rtsp://10.0.0.2/x", Path("clip.mp4")])
def test_what_ends_in_the_middle_can_be_tried_again(source: str | int | Path) -> None:
    screen = lost("the detector broke", Situation(source, DESK))
    assert screen.detail == "The detector broke."
    assert Action.TRY_AGAIN in screen.actions


def test_no_screen_has_more_than_two_buttons() -> None:
    for source in (0, 5, "rtsp://10.0.0.2/x", Path("clip.mp4")):
        for cameras in (None, {}, DESK):
            for denied in (False, True):
                for failure in (NO_OPEN, SILENT, "x, or use --engine auto"):
                    assert 1 <= len(said(failure, source, cameras, denied=denied).actions) <= 2


def test_the_demo_and_the_processor_are_one_line_each() -> None:
    assert "drawn" in demo_line()
    assert len(processor_line().splitlines()) == 1


def test_cameras_that_may_not_be_read_are_told_from_none(tmp_path: Path) -> None:
    assert not is_denied([])
    (tmp_path / "video0").write_bytes(b"")
    assert not is_denied([tmp_path / "video0"])
    assert is_denied([tmp_path / "video1"])  # what is not there cannot be read either
    assert not is_denied([tmp_path / "video0", tmp_path / "video1"])
    assert is_denied() in (False, True)
