"""A short film of a white square, what was read from it, and a page that shows both."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gui.replay import ReplayPage
from realtime.library import Entry, Library
from realtime.records import Face, Frame
from tests.gui.conftest import Until
from tests.realtime.replay.made import DARK_FRAMES, face, film, reading, write_film, write_table

FPS = 20
FRAMES = 160
START = 1.5
"""The film's own clock begins here."""

OpenPage = Callable[[Entry], ReplayPage]


@dataclass
class Answers:
    """What is answered to the questions of the page, and what was suggested."""

    files: list[Path | None] = field(default_factory=list)
    suggested: list[Path] = field(default_factory=list)

    def video(self, parent: QWidget) -> Path | None:  # noqa: ARG002
        return self.files.pop(0)

    def save(self, parent: QWidget, suggested: Path, endings: Sequence[str]) -> Path | None:  # noqa: ARG002
        self.suggested.append(suggested)
        return self.files.pop(0)


def bump(time: float, top: float) -> float:
    return float(np.exp(-(((time - top) / 0.4) ** 2)))


def faces_at(index: int, left: float) -> list[Face]:
    """Face 1 rides on the square, glad at 2 s and startled at 6 s; face 2 is there for two seconds, and calm."""
    time = index / FPS
    glad, startled = 0.85 * bump(time, 2), 0.7 * bump(time, 6)
    faces = [face(1, (1 - glad - startled, glad, startled), left)] if index >= DARK_FRAMES else []
    return faces + ([face(2, (0.8, 0.1, 0.1), 5.0)] if 20 <= index < 60 else [])


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ``film.mkv`` and ``film.parquet``."""
    folder = tmp_path_factory.mktemp("replay")
    pairs = []
    for i, (frame, _) in enumerate(film(START + np.arange(FRAMES) / FPS)):
        image = frame.image if i < 50 else np.full_like(frame.image, 20)  # by then the square has left
        pairs.append((Frame(image, i, frame.time), reading(i, frame.time, *faces_at(i, min(10 + 2 * i, 100)))))
    write_film(folder / "film.mkv", pairs)
    write_table(folder / "film.parquet", [each for _, each in pairs])
    return folder


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "library.sqlite") as library:
        yield library


@pytest.fixture
def entry(library: Library, made: Path) -> Entry:
    duration = FRAMES / FPS
    new = Entry("A film", str(made / "film.mkv"), datetime.now(UTC), duration, table=made / "film.parquet")
    return library.add(new)


@pytest.fixture
def answers() -> Answers:
    return Answers()


@pytest.fixture
def page(qtbot: QtBot, library: Library, answers: Answers) -> Iterator[ReplayPage]:
    """Visible, with nothing open."""
    page = ReplayPage(library, ask=answers)
    qtbot.addWidget(page)
    page.resize(1100, 700)
    page.show()
    yield page
    assert page.shutdown(30)


@pytest.fixture
def open_page(page: ReplayPage, until: Until) -> OpenPage:
    """Opens an entry, and waits until its first picture is shown."""

    def open_it(entry: Entry) -> ReplayPage:
        page.open(entry)
        until(lambda: page.parts.view.scene is not None)
        page.setFocus()
        return page

    return open_it
