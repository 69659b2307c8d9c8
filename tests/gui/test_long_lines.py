"""Long names and long lines, which leave the window as wide as it was."""

from pathlib import Path

from PySide6.QtWidgets import QLabel

from gui.rail import Page
from realtime.options import Options
from tests.gui.conftest import MakeWindow, Until
from tests.gui.fakes import FakePipeline, face

LONG = "the whole afternoon with everybody who was there, second camera from the left, uncut and without sound " * 2


def test_a_long_name_of_what_is_shown_is_shortened_and_whole_in_its_tooltip(
    until: Until, make_window: MakeWindow
) -> None:
    pipeline = FakePipeline([face()], name=f"{LONG}.mp4", live=False)
    window = make_window(pipeline, options=Options(Path(f"{LONG}.mp4")))
    least, width = make_window(FakePipeline()).minimumSizeHint().width(), window.width()
    window.start()
    until(lambda: window.live.view.scene is not None)
    assert window.live.status.source.startswith(LONG)
    (shown,) = [each for each in window.live.status.findChildren(QLabel) if each.toolTip().startswith(LONG)]
    assert "…" in shown.text()
    assert window.minimumSizeHint().width() == least
    assert window.width() == width


def test_a_long_line_of_the_library_is_wrapped(until: Until, make_window: MakeWindow, tmp_path: Path) -> None:
    folder = tmp_path / "data" / "x".join(["folder"] * 20)
    folder.mkdir(parents=True)
    (folder / "library.sqlite").mkdir()
    window = make_window(FakePipeline(), library=folder / "library.sqlite")
    least = window.minimumSizeHint().width()
    window.show_page(Page.LIBRARY)
    until(lambda: "library.sqlite" in window.statusBar().currentMessage())
    assert window.minimumSizeHint().width() == least
