"""The hidden panel: what it says, and that it costs nothing while it is hidden."""

import math

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gui.meter import Lag, Sample
from gui.statistics import StatisticsPanel
from realtime.stats import Percentiles, Snapshot, StageSnapshot
from tests.gui.conftest import Until

NOTHING = Sample(math.nan, Lag(math.nan, math.nan, math.nan), math.nan, 512.0)


class CountingMeter:
    """Says nothing, and how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def sample(self) -> Sample:
        self.asked += 1
        return NOTHING


@pytest.fixture
def meter() -> CountingMeter:
    return CountingMeter()


@pytest.fixture
def panel(qtbot: QtBot, meter: CountingMeter) -> StatisticsPanel:
    view = QWidget()
    qtbot.addWidget(view)
    view.resize(640, 480)
    view.show()
    panel = StatisticsPanel(view, meter)  # type: ignore[arg-type]
    panel.view = view  # type: ignore[attr-defined] # which else nobody holds
    return panel


def stage(dropped: int = 0) -> StageSnapshot:
    return StageSnapshot(100, dropped, Percentiles(1.0, 2.0, 3.25), 1.5)


def figures(**stages: StageSnapshot) -> Snapshot:
    return Snapshot(100, 29.97, 29.9, Percentiles(20.0, 30.0, 40.0), stages)


def test_it_is_hidden_asks_nobody_and_comes_when_it_is_asked_for(
    panel: StatisticsPanel, meter: CountingMeter, until: Until
) -> None:
    assert panel.isHidden()
    panel.toggle()
    assert panel.isVisible()
    until(lambda: meter.asked > 1)
    panel.toggle()
    assert panel.isHidden()
    assert not any(timer.isActive() for timer in panel.findChildren(QTimer))


def test_every_stage_has_its_times_and_what_it_dropped(panel: StatisticsPanel) -> None:
    panel.show_figures(figures(capture=stage(dropped=7), detection=stage()))
    lines = panel.lines
    assert lines["capture"] == ("1.0", "2.0", "3.2", "7")
    assert lines["detection"] == ("1.0", "2.0", "3.2", "0")
    assert lines["to reading"] == ("20.0", "30.0", "40.0", "7")
    assert lines["frames per second"] == ("30.0",)
    assert lines["crops"] == ("—",) * 4


def test_a_stage_that_only_some_runs_have_gets_a_line(panel: StatisticsPanel) -> None:
    panel.show_figures(figures(recording=stage(dropped=2)))
    assert panel.lines["recording"] == ("1.0", "2.0", "3.2", "2")


def test_the_window_tells_of_itself(panel: StatisticsPanel) -> None:
    panel.show_sample(Sample(29.5, Lag(12.0, 18.5, 33.0), 0.214, 431.7))
    lines = panel.lines
    assert lines["to view"] == ("12.0", "18.5", "33.0", "")
    assert lines["window thread"] == ("21 % of a core",)
    assert lines["memory"] == ("432 MB",)
    assert lines["painted per second"] == ("29.5",)
    panel.show_sample(NOTHING)
    assert panel.lines["window thread"] == ("—",)


def test_what_runs_is_named(panel: StatisticsPanel) -> None:
    panel.show_run("openvino CPU bf16", "auto")
    assert (panel.lines["engine"], panel.lines["detector"]) == (("openvino CPU bf16",), ("auto",))


def test_nothing_moves_when_a_figure_grows(panel: StatisticsPanel) -> None:
    panel.show()
    panel.show_figures(figures(capture=stage()))
    size = panel.size()
    panel.show_sample(Sample(29.5, Lag(1212.0, 1218.5, 10333.0), 0.99, 4317.0))
    assert panel.size() == size
