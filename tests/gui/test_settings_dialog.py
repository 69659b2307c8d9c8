"""The settings, chosen as a person does."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItemModel
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from engines.base import EngineName
from engines.errors import ModelError
from engines.listing import Unavailable
from gui.settings import Loaded, Settings
from gui.settings_dialog import SettingsDialog, damage_line, look_at_engines
from tests.gui.conftest import Until

Make = Callable[..., SettingsDialog]


def nothing_missing() -> Mapping[EngineName, Unavailable]:
    return {}


@pytest.fixture
def make(qtbot: QtBot) -> Make:
    def make(settings: Settings | None = None, **more: object) -> SettingsDialog:
        given = {"probe": nothing_missing} | more
        dialog = SettingsDialog(settings or Settings(), **given)  # type: ignore[arg-type]
        qtbot.addWidget(dialog, before_close_func=lambda each: each.reject())
        dialog.show()
        return dialog

    return make


def told(dialog: SettingsDialog) -> list[Settings]:
    changes: list[Settings] = []
    dialog.changed.connect(changes.append)
    return changes


def press(dialog: SettingsDialog, name: str, key: Qt.Key) -> None:
    dialog.lists[name].setFocus()
    QTest.keyClick(dialog.lists[name], key)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("engine", EngineName.OPENVINO),
        ("detector", "short"),
        ("smoothing", 0.6),
        ("camera_size", "1920x1080"),
        ("camera_fps", 60),
        ("theme", "light"),
        ("language", "en"),
        ("recording_kind", "raw"),
    ],
)
def test_the_next_choice_in_a_list_applies_at_once(make: Make, name: str, value: object) -> None:
    dialog = make()
    changes = told(dialog)
    press(dialog, name, Qt.Key.Key_Down)
    assert changes == [replace(Settings(), **{name: value})]  # type: ignore[arg-type]
    assert dialog.settings == changes[-1]
    assert dialog.lists[name].accessibleName()
    assert dialog.lists[name].toolTip()


def test_what_is_shown_is_what_is_set(make: Make) -> None:
    kept = Settings(engine=EngineName.TORCH, detector="tiled", theme="light", language="zh", mirror=False)
    dialog = make(kept)
    assert dialog.lists["engine"].currentText() == "PyTorch"
    assert dialog.lists["theme"].currentText() == "Light"
    assert dialog.lists["language"].currentText() == "中文"
    assert not dialog.mirror.isChecked()
    changes = told(dialog)
    dialog.show_settings(Settings())
    assert dialog.lists["theme"].currentText() == "Dark"
    assert changes == []


def test_a_smoothing_that_is_none_of_the_list_is_kept(make: Make) -> None:
    dialog = make(Settings(smoothing=0.45))
    assert dialog.lists["smoothing"].currentText() == "0.45 s"
    press(dialog, "theme", Qt.Key.Key_Down)
    assert dialog.settings.smoothing == 0.45


def test_the_mirror_is_switched_by_the_keyboard(make: Make) -> None:
    dialog = make()
    changes = told(dialog)
    dialog.mirror.setFocus()
    QTest.keyClick(dialog.mirror, Qt.Key.Key_Space)
    assert changes == [Settings(mirror=False)]


def test_a_folder_is_written_or_chosen(make: Make, tmp_path: Path) -> None:
    asked: list[str] = []

    def ask(_: object, folder: str) -> str:
        asked.append(folder)
        return str(tmp_path / "chosen") if len(asked) > 1 else ""

    dialog = make(ask=ask)
    changes = told(dialog)
    QTest.keyClicks(dialog.folder, "/films")
    QTest.keyClick(dialog.folder, Qt.Key.Key_Return)
    assert changes == [Settings(recording_folder="/films")]
    assert dialog.isVisible()
    browse = next(b for b in dialog.findChildren(QPushButton) if b.accessibleName() == "Choose a folder")
    QTest.mouseClick(browse, Qt.MouseButton.LeftButton)
    assert (asked, len(changes)) == ([str(Path("/films"))], 1)
    QTest.mouseClick(browse, Qt.MouseButton.LeftButton)
    assert changes[-1].recording_folder == dialog.folder.text() == str(tmp_path / "chosen")


def test_defaults_leave_what_the_page_does_not_show(make: Make) -> None:
    dialog = make(Settings(theme="light", smoothing=1.0, mirror=False, source="clip.mp4", prompts="[classes]"))
    changes = told(dialog)
    QTest.mouseClick(dialog.defaults, Qt.MouseButton.LeftButton)
    assert changes == [Settings(source="clip.mp4", prompts="[classes]")]
    assert dialog.lists["theme"].currentText() == "Dark"
    QTest.mouseClick(dialog.defaults, Qt.MouseButton.LeftButton)
    assert len(changes) == 1


def test_engines_that_cannot_run_here_are_greyed_and_say_why(make: Make, until: Until) -> None:
    found = {
        EngineName.TENSORRT: Unavailable("card"),
        EngineName.TORCH: Unavailable("library", "pip install torch"),
        EngineName.ONNXRUNTIME: Unavailable("health", "It broke."),
    }
    gate = threading.Event()

    def probe() -> Mapping[EngineName, Unavailable]:
        gate.wait(10)
        return found

    dialog = make(probe=probe)
    model = dialog.lists["engine"].model()
    assert isinstance(model, QStandardItemModel)
    items = {model.item(row).text(): model.item(row) for row in range(model.rowCount())}
    assert all(item.isEnabled() for item in items.values())  # it is shown before that is known
    gate.set()
    until(lambda: not items["TensorRT"].isEnabled())
    assert [name for name, item in items.items() if item.isEnabled()] == ["Automatic", "OpenVINO"]
    assert items["TensorRT"].toolTip() == "Needs an NVIDIA card, and none is here."
    assert items["PyTorch"].toolTip() == "Is not installed: pip install torch"
    assert items["ONNX Runtime"].toolTip() == "It broke."
    press(dialog, "engine", Qt.Key.Key_Down)
    press(dialog, "engine", Qt.Key.Key_Down)
    assert dialog.settings.engine is EngineName.OPENVINO


def test_engines_that_cannot_be_looked_at_are_all_offered(make: Make, capfd: pytest.CaptureFixture[str]) -> None:
    def probe() -> Mapping[EngineName, Unavailable]:
        raise ModelError("the model is damaged")

    make(probe=probe).reject()
    assert "the model is damaged" in capfd.readouterr().err


def test_the_engines_of_this_machine_can_be_looked_at() -> None:
    assert EngineName.AUTO not in look_at_engines()


def test_closing_leaves_no_thread_and_opening_again_is_well(make: Make) -> None:
    dialog = make()
    dialog.reject()
    dialog.show()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_damaged_settings_are_said_with_where_they_are() -> None:
    assert damage_line(Loaded(Settings())) == ""
    assert "settings.damaged.json" in damage_line(Loaded(Settings(), damaged=True, kept=Path("settings.damaged.json")))
    assert damage_line(Loaded(Settings(), damaged=True)).endswith("the defaults are used.")
