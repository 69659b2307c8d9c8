"""The window is closed: what it keeps, and what it leaves running."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QTimer

from gui.settings import Settings
from realtime.wording import Draft, DraftClass
from tests.gui.conftest import MakeWindow, Until, our_threads
from tests.gui.fakes import FakePipeline, face

LONG = Draft(
    tuple(
        DraftClass(f"class {n}", tuple(f"a person with face {n} of kind {k}, seen from nearby" for k in range(150)))
        for n in range(20)
    )
)
"""More words than the settings have room for."""


def test_expressions_that_are_too_long_to_be_kept_are_said_to_be_and_closing_goes_on(
    until: Until, make_window: MakeWindow
) -> None:
    kept: list[Settings] = []
    window = make_window(pipeline := FakePipeline([face()]), save=kept.append)
    window.start()
    until(lambda: window.live.view.scene is not None)
    window.prompts.preset(LONG)
    assert "save them to a file" in window.live.view.notice
    assert window.close()
    assert window.isHidden()
    until(lambda: our_threads() == ["mien-play"])
    assert pipeline.closed.is_set()
    assert kept[-1].geometry
    assert kept[-1].prompts == ""


def test_what_is_stuck_has_a_second_in_all_and_the_window_is_gone_before(
    until: Until, make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = make_window(FakePipeline([face()]))
    window.start()
    until(lambda: window.live.view.scene is not None)
    asked: list[float] = []
    seen: list[bool] = []

    def stuck(patience: float) -> bool:
        asked.append(patience)
        seen.append(window.isVisible())
        return False

    for part, end in ((window.recorder, "shutdown"), (window.words, "close"), (window.archive, "shutdown")):
        monkeypatch.setattr(part, end, _also(stuck, getattr(part, end)))
    window.close()
    assert len(asked) == 3
    assert not any(seen)
    assert not window.ended_whole
    moments = [*asked, window.patience_left()]
    assert moments == sorted(moments, reverse=True), "each has what the others left of it"


def _also(first: Callable[[float], bool], then: Callable[[float], bool]) -> Callable[[float], bool]:
    """Both, with the answer of ``first``."""

    def end(patience: float) -> bool:
        then(30)
        return first(patience)

    return end


def test_a_notice_that_is_shown_leaves_no_timer(make_window: MakeWindow) -> None:
    window = make_window(FakePipeline([face()]))
    window.recorded.say_failed("Cannot write there.")
    window.live.say("The settings could not be read")
    window.close()
    assert [timer.interval() for timer in window.findChildren(QTimer) if timer.isActive()] == []
