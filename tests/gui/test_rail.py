"""The rail at the left, in every language."""

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QFontMetrics
from pytestqt.qtbot import QtBot

from gui.language import LANGUAGES, install
from gui.rail import Rail


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_fits(qtbot: QtBot, app: QCoreApplication, language: str) -> None:
    install(app, language)
    rail = Rail()
    qtbot.addWidget(rail)
    for button in (*rail.buttons.values(), rail.settings_button):
        assert 0 < QFontMetrics(button.word_font()).horizontalAdvance(button.text()) < rail.width()
