"""How the one word that a person gives is understood."""

from pathlib import Path

import pytest

import realtime.sources as rooms
from engines.errors import SourceError
from realtime.options import CameraFormat
from realtime.sources import (
    CameraDescription,
    PictureSource,
    SyntheticSource,
    VideoSource,
    camera,
    list_cameras,
    open_source,
)
from realtime.sources.devices import Device
from tests.realtime.sources.helpers import FakeCamera, mjpeg_server, red_and_blue, write_picture, write_video

wishes: list[CameraFormat] = []
"""What the cameras of the desk were asked for, each time that one was opened."""


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> dict[int, FakeCamera]:
    """Two cameras, 0 and 2, by the number under which they are plugged in."""
    cameras = {0: FakeCamera(), 2: FakeCamera()}
    names = {cameras[0]: "Integrated Camera", cameras[2]: "USB Capture HD"}

    def listed() -> list[CameraDescription]:
        return [CameraDescription(number, names[camera]) for number, camera in sorted(cameras.items())]

    def opened(number: int, wish: CameraFormat) -> Device | None:
        wishes.append(wish)
        return cameras[number].open() if number in cameras else None

    wishes.clear()
    monkeypatch.setattr(rooms, "list_cameras", listed)
    monkeypatch.setattr(rooms, "open_number", opened)
    return cameras


@pytest.mark.parametrize("spec", [2, "2", "usb", "USB Capture HD", " capture "])
def test_a_camera_is_opened_by_number_or_by_a_part_of_its_name(desk: dict[int, FakeCamera], spec: str | int) -> None:
    with open_source(spec) as source:
        assert source.info.live
        assert source.info.name == "camera 2 (USB Capture HD)"
    assert (desk[0].opened, desk[2].opened) == (0, 1)


@pytest.mark.parametrize("spec", [2, "usb"])
def test_a_camera_is_asked_for_the_format_that_is_wished_also_when_it_is_back(
    desk: dict[int, FakeCamera], spec: str | int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(camera, "SILENCE_S", 0.1)
    monkeypatch.setattr(camera, "_RETRY_S", 0.01)
    lost, wish = desk[2], CameraFormat((640, 360), 60)

    def plug_in(_: str) -> None:
        lost.plugged = True

    with open_source(spec, notice=plug_in, camera_format=wish) as source:
        next(iter(source))
        lost.plugged = False
        while lost.opened < 2:
            next(iter(source))
    assert set(wishes) == {wish}
    assert len(wishes) >= 2


@pytest.mark.parametrize("spec", [1, "7"])
@pytest.mark.usefixtures("desk")
def test_a_missing_camera_is_said_with_those_that_there_are(spec: str | int) -> None:
    with pytest.raises(SourceError) as caught:
        open_source(spec)
    assert str(caught.value) == (
        f"camera {spec} cannot be opened: plug it in, or close the program that uses it; "
        "cameras here: 0 (Integrated Camera), 2 (USB Capture HD)"
    )


@pytest.mark.parametrize("spec", ["logitech", ""])
@pytest.mark.usefixtures("desk")
def test_a_word_that_names_nothing_is_said(spec: str) -> None:
    with pytest.raises(SourceError, match=f"no file, folder or camera called '{spec}': .*cameras here: 0"):
        open_source(spec)


@pytest.mark.parametrize("spec", ["nothing.mp4", "./nothing"])
def test_a_missing_file_is_said(spec: str) -> None:
    with pytest.raises(SourceError, match=f"^{spec} does not exist: check the name$"):
        open_source(spec)


@pytest.mark.parametrize("kind", [str, Path])
def test_a_name_that_the_system_refuses_is_said(kind: type[str] | type[Path]) -> None:
    with pytest.raises(SourceError, match=r"cannot be read \(.*\): check the name"):
        open_source(kind("x" * 5000))


def test_a_lost_camera_is_found_again_under_another_number(
    desk: dict[int, FakeCamera], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(camera, "SILENCE_S", 0.1)
    monkeypatch.setattr(camera, "_RETRY_S", 0.01)
    lost = desk[2]

    def notice(_: str) -> None:
        lost.plugged = True
        desk[4] = lost

    with open_source(2, notice=notice) as source:
        next(iter(source))
        lost.plugged = False
        desk[2] = desk.pop(0)  # and another one has taken its number
        while lost.opened < 2:
            next(iter(source))
    assert desk[2].opened == 0


def test_files_and_folders_are_told_apart(tmp_path: Path) -> None:
    picture = write_picture(tmp_path / "face.JPG", red_and_blue())
    video = write_video(tmp_path / "clip.mp4", (0.0, 0.1))
    for spec, kind in ((picture, PictureSource), (tmp_path, PictureSource), (video, VideoSource)):
        assert isinstance(open_source(spec), kind)
        assert isinstance(open_source(str(spec)), kind)


def test_a_path_is_never_a_camera(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SourceError, match="0 does not exist"):
        open_source(Path("0"))


def test_synthetic_takes_a_number_of_faces() -> None:
    assert isinstance(open_source("synthetic"), SyntheticSource)
    room = SyntheticSource(faces=0).image_at(0.0)
    source = open_source("synthetic:0")
    assert (next(iter(source)).image == room).all()
    with pytest.raises(SourceError, match="synthetic:many is no number of faces"):
        open_source("synthetic:many")


def test_a_url_is_a_live_stream() -> None:
    with mjpeg_server() as url, open_source(url) as source:
        assert source.info.live


@pytest.mark.parametrize("url", ["ftp://camera/stream", "http://", "rtsp://[broken"])
def test_a_url_that_is_no_stream_is_refused(url: str) -> None:
    with pytest.raises(SourceError, match="is not a stream that can be read"):
        open_source(url)


def test_listing_cameras_never_fails_nor_writes(capfd: pytest.CaptureFixture[str]) -> None:
    assert all(isinstance(found, CameraDescription) for found in list_cameras())
    assert capfd.readouterr() == ("", "")
