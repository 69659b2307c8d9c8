"""Every control says what it does, to who points at it and to who cannot see it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QComboBox, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from gui.rail import Page
from gui.settings import Settings
from gui.settings_dialog import SettingsDialog
from realtime.wording import Draft, DraftClass
from tests.gui.conftest import MakeWindow, Until
from tests.gui.fakes import FakePipeline, face

_CONTROLS = (QAbstractButton, QLineEdit, QComboBox, QPlainTextEdit, QAbstractItemView)


def silent(root: QWidget) -> list[str]:
    """The controls below ``root`` that have no name, or no tooltip."""
    found = []
    for each in root.findChildren(QWidget):
        of_qt = each.objectName().startswith("qt_") or each.window() is not root.window()  # the list of a box
        if of_qt or not isinstance(each, _CONTROLS) or each.focusPolicy() is Qt.FocusPolicy.NoFocus:
            continue
        text = each.text() if isinstance(each, QAbstractButton) else ""
        if not (each.accessibleName() or text) or not (each.toolTip() or isinstance(each, QAbstractItemView)):
            found.append(f"{type(each.parent()).__name__}: {text or each.accessibleName() or type(each).__name__}")
    return found


def test_every_control_has_a_name_and_a_tooltip(until: Until, make_window: MakeWindow) -> None:
    window = make_window(FakePipeline([face(), face(2, (20, 20, 80, 80))], can_take_neutral=True))
    window.start()
    until(lambda: window.live.view.scene is not None)
    window.live.side.turn()
    until(lambda: window.prompts.draft is not None)
    window.prompts.preset(Draft((DraftClass("bored", ("a bored face",)), DraftClass("keen", ("a keen face",)))))
    window.recorded.say_failed("Cannot write there.")
    window.show_page(Page.LIBRARY)
    until(lambda: window.archive.library is not None)
    assert silent(window) == []
    window.close()


def test_so_has_every_one_of_the_settings(qtbot: QtBot) -> None:
    dialog = SettingsDialog(Settings(), probe=dict)
    qtbot.addWidget(dialog)
    dialog.show()
    assert silent(dialog) == []
    dialog.done(0)
