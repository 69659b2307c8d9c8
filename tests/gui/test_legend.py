"""The names of the classes in their colours."""

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui import theme
from gui.legend import Legend, stroke
from realtime.palette import colors
from tests.gui.fakes import CLASSES

PAINT = tuple(QColor(*rgb) for rgb in colors(CLASSES))


@pytest.fixture
def _light(qapp: QApplication) -> Iterator[None]:
    theme.apply(qapp, theme.Theme.LIGHT)
    yield
    theme.apply(qapp, theme.Theme.DARK)


@pytest.mark.usefixtures("_light")
def test_light_colours_are_darker_on_a_light_background_and_stay_apart() -> None:
    yellow, blue = QColor(240, 228, 66), QColor(0, 114, 178)
    assert stroke(yellow).lightness() < yellow.lightness()
    assert stroke(yellow).hue() == pytest.approx(yellow.hue(), abs=2)
    assert stroke(blue) == blue
    assert len({stroke(color).rgb() for color in PAINT}) == len(PAINT)


@pytest.mark.usefixtures("qapp")
def test_on_a_dark_background_the_colours_are_what_they_are() -> None:
    assert [stroke(color) for color in PAINT] == list(PAINT)


def test_chips_take_as_many_lines_as_the_width_needs(qtbot: QtBot) -> None:
    legend = Legend()
    qtbot.addWidget(legend)
    legend.set_classes(CLASSES, PAINT)
    assert legend.heightForWidth(2000) < legend.heightForWidth(400) < legend.heightForWidth(200)
    legend.resize(400, legend.heightForWidth(400))
    legend.show()
    for chip in legend.chips:
        assert legend.rect().contains(chip.geometry())


def test_a_long_name_is_cut_and_still_told(qtbot: QtBot) -> None:
    legend = Legend()
    qtbot.addWidget(legend)
    name = "a person who has been waiting for a train for rather too long"
    legend.set_classes((name,), PAINT[:1])
    [chip] = legend.chips
    assert chip.sizeHint().width() <= 200
    assert name in chip.toolTip()
    assert chip.accessibleName() == name
