"""What can be chosen, under which names."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.chooser import SourceChooser, is_camera, name_of
from realtime.sources import CameraDescription


@pytest.fixture
def chooser(qtbot: QtBot) -> SourceChooser:
    chooser = SourceChooser()
    qtbot.addWidget(chooser)
    return chooser


def lines(chooser: SourceChooser) -> list[str]:
    return [choice.text for choice in chooser.choices]


@pytest.mark.parametrize(
    ("source", "name"),
    [
        (0, "Camera 0"),
        ("1", "Camera 1"),
        (Path("a/b/clip.mp4"), "clip.mp4"),
        (Path("7"), "7"),
        ("Desk Camera", "Desk Camera"),
        ("rtsp://me:secret@10.0.0.2/live", "10.0.0.2/live"),
    ],
)
def test_names_are_short_and_keep_passwords_secret(source: str | int | Path, name: str) -> None:
    assert name_of(source) == name


def test_a_folder_called_7_is_no_camera() -> None:
    assert is_camera(7)
    assert is_camera("7")
    assert not is_camera(Path("7"))


def test_before_the_cameras_are_known_the_chosen_one_is_listed(chooser: SourceChooser) -> None:
    chooser.show_source(0)
    assert lines(chooser) == ["Camera 0"]
    chooser.show_cameras([CameraDescription(0, "Integrated"), CameraDescription(2, "Desk")])
    assert lines(chooser) == ["Integrated", "Desk"]
    assert chooser.source == 0


def test_a_camera_may_be_chosen_by_name(chooser: SourceChooser) -> None:
    chooser.show_source("Desk")
    chooser.show_cameras([CameraDescription(0, "Integrated"), CameraDescription(2, "Desk")])
    assert lines(chooser) == ["Integrated", "Desk"]
    assert chooser.currentText() == "Desk"


def test_a_file_stays_listed_while_a_camera_is_looked_at(chooser: SourceChooser) -> None:
    chooser.show_cameras([CameraDescription(0, "Integrated")])
    chooser.show_source(Path("clip.mp4"))
    chooser.show_source(0)
    assert lines(chooser) == ["Integrated", "clip.mp4"]
    assert chooser.currentText() == "Integrated"


def test_a_chosen_camera_that_was_unplugged_stays_chosen(chooser: SourceChooser) -> None:
    chooser.show_cameras([CameraDescription(0, "Integrated"), CameraDescription(2, "Desk")])
    chooser.show_source(2)
    chooser.show_cameras([CameraDescription(0, "Integrated")])
    assert lines(chooser) == ["Integrated", "Camera 2"]
    assert chooser.source == 2
