"""The window is closed: what it keeps, and what it leaves running."""

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
