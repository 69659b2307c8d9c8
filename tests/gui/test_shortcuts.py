"""The page of keys."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from gui.shortcuts import ShortcutsDialog, lines_of


def action(text: str, *keys: str) -> QAction:
    made = QAction(text)
    made.setShortcuts([QKeySequence(each) for each in keys])
    return made


def test_what_has_no_key_or_no_name_is_not_listed() -> None:
    hidden = action("Hidden", "Ctrl+H")
    hidden.setVisible(False)
    actions = [action("&Open…", "Ctrl+O"), action("Nothing"), action("", "F12"), hidden, action("Help", "F1", "?")]
    assert lines_of(actions) == [("Open", "Ctrl+O"), ("Help", "F1, ?")]


def test_a_name_is_listed_once() -> None:
    assert lines_of([action("Open", "Ctrl+O"), action("Open", "Ctrl+O")]) == [("Open", "Ctrl+O")]


def test_every_line_can_be_read_and_escape_closes(qtbot: QtBot) -> None:
    actions = [action(f"Action {n}", f"Ctrl+{chr(65 + n)}") for n in range(20)]
    dialog = ShortcutsDialog(actions, [("Start or stop", "Space")])
    qtbot.addWidget(dialog)
    dialog.show()
    shown = [label.text() for label in dialog.findChildren(QLabel) if label.isVisible()]
    for what, keys in dialog.lines:
        assert {what, keys} <= set(shown)
    assert dialog.lines[0] == ("Start or stop", "Space")
    assert len(dialog.lines) == 21
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_no_keys_at_all_are_no_fault(qtbot: QtBot) -> None:
    dialog = ShortcutsDialog([])
    qtbot.addWidget(dialog)
    assert dialog.lines == []
