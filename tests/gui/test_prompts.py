"""The prompts panel under a person's hands: type, tick, remove, load, save, go back, and fetch what is missing."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from engines.prompts import DEFAULT, Prompts
from gui.prompts import PromptsPanel
from gui.wording import Words
from realtime.wording import Draft, DraftClass
from tests.gui.conftest import Until
from tests.gui.words import FakeWords

OWN = Draft.of(DEFAULT)
LEFT = Qt.MouseButton.LeftButton


class Desk:
    """A visible panel, the words behind it, and what it gave."""

    def __init__(self, qtbot: QtBot, fake: FakeWords, words: Words, folder: Path) -> None:
        self.fake = fake
        self.words = words
        self.file: Path | None = folder / "words.toml"
        self.panel = PromptsPanel(words, ask_load=self._ask, ask_save=self._ask)
        self.applied: list[tuple[str, ...]] = []
        self.failed: list[str] = []
        self.kept: list[str] = []
        words.applied.connect(lambda head: self.applied.append(head.classes))
        self.panel.failed.connect(self.failed.append)
        self.panel.kept.connect(self.kept.append)
        qtbot.addWidget(self.panel)

    def _ask(self, _: QWidget) -> Path | None:
        return self.file

    def press(self, widget: QWidget) -> None:
        QTest.mouseClick(widget, LEFT)

    def type(self, text: str, widget: QWidget | None = None) -> None:
        target = widget or self.panel.focusWidget()
        assert target is not None
        QTest.keyClicks(target, text)

    def add_bored(self) -> None:
        self.press(self.panel.add_button)
        self.type("bored", self.panel.rows[-1].name)
        self.type("a bored face", self.panel.rows[-1].sentences)


MakeDesk = Callable[..., Desk]


@pytest.fixture
def make(qtbot: QtBot, until: Until, tmp_path: Path) -> Iterator[MakeDesk]:
    made: list[Desk] = []

    def one(fake: FakeWords | None = None, *, offline: bool = False, show: bool = True) -> Desk:
        fake = fake or FakeWords()
        desk = Desk(qtbot, fake, fake.worker(offline=offline), tmp_path)
        made.append(desk)
        if show:
            desk.panel.show()
            until(lambda: desk.panel.draft == OWN and desk.panel.rows[-1].isVisible())
        return desk

    yield one
    for desk in made:
        assert desk.words.close(30)


def test_it_shows_the_models_own_classes_and_applies_nothing(make: MakeDesk) -> None:
    desk = make()
    assert tuple(row.name.text() for row in desk.panel.rows) == DEFAULT.classes
    assert desk.panel.status.text() == "8 expressions in use."
    assert desk.panel.rows[0].summary.text() == DEFAULT.descriptions[0][0]
    assert not desk.panel.defaults_button.isEnabled()
    assert desk.applied == []
    assert desk.panel.to_toml() == ""


def test_a_bored_face_is_added_by_typing_alone(make: MakeDesk, until: Until) -> None:
    desk = make()
    desk.panel.activateWindow()
    desk.press(desk.panel.add_button)
    row = desk.panel.rows[-1]
    until(row.name.hasFocus)
    desk.type("bored", row.name)
    QTest.keyClick(row.name, Qt.Key.Key_Return)
    until(row.sentences.hasFocus)
    desk.type("a bored face", row.sentences)
    QTest.keyClick(row.sentences, Qt.Key.Key_Return)
    desk.type("eyes half closed", row.sentences)
    until(lambda: desk.applied == [(*DEFAULT.classes, "bored")])
    assert desk.fake.read[-1].descriptions[-1] == ("a bored face", "eyes half closed")
    assert desk.fake.read[-1].descriptions[:-1] == DEFAULT.descriptions, "what was not touched is as it was"
    until(lambda: desk.panel.status.text() == "9 expressions in use.")


def test_a_class_is_renamed(make: MakeDesk, until: Until) -> None:
    desk = make()
    desk.panel.rows[1].name.selectAll()
    desk.type("joy", desk.panel.rows[1].name)
    until(lambda: desk.applied == [("neutral", "joy", *DEFAULT.classes[2:])])
    assert desk.fake.read[-1].descriptions == DEFAULT.descriptions


def test_a_class_is_switched_off_and_on(make: MakeDesk, until: Until) -> None:
    desk = make()
    desk.press(desk.panel.rows[7].check)
    until(lambda: desk.applied == [DEFAULT.classes[:7]])
    desk.panel.rows[7].check.setFocus()
    QTest.keyClick(desk.panel.rows[7].check, Qt.Key.Key_Space)
    until(lambda: desk.applied == [DEFAULT.classes[:7], DEFAULT.classes])
    assert desk.panel.to_toml() == ""


def test_quick_typing_is_applied_once(make: MakeDesk, until: Until) -> None:
    desk = make()
    desk.add_bored()
    until(lambda: desk.applied)
    assert desk.applied == [(*DEFAULT.classes, "bored")]


def test_what_is_wrong_stands_under_its_field_and_is_not_applied(qtbot: QtBot, make: MakeDesk, until: Until) -> None:
    desk = make()
    desk.press(desk.panel.add_button)
    row = desk.panel.rows[-1]
    assert not row.name_problem.isVisible(), "there was no time to name it yet"
    desk.type("fear", row.name)
    assert row.name_problem.text() == "Another expression has this name."
    assert desk.panel.rows[6].name_problem.isVisible()
    assert desk.panel.status.text().startswith("Not applied yet")
    assert not desk.panel.save_button.isEnabled()
    row.sentences.setFocus()
    row.name.setFocus()
    until(row.sentences_problem.isVisible)
    desk.type("some", row.name)
    assert not row.name_problem.isVisible()
    desk.type("an afraid face", row.sentences)
    assert not row.sentences_problem.isVisible()
    until(lambda: desk.applied == [(*DEFAULT.classes, "fearsome")])
    for each in desk.panel.rows[1:]:
        each.check.setChecked(False)
    assert desk.panel.status.text() == "Switch on two expressions at least."
    qtbot.wait(10)
    assert len(desk.applied) == 1


def test_a_removed_class_can_be_had_back(make: MakeDesk, until: Until) -> None:
    desk = make()
    assert not desk.panel.undo_button.isEnabled()
    desk.press(desk.panel.rows[3].remove)
    until(lambda: desk.applied == [(*DEFAULT.classes[:3], *DEFAULT.classes[4:])])
    desk.press(desk.panel.undo_button)
    until(lambda: desk.applied[-1] == DEFAULT.classes)
    assert desk.panel.draft == OWN


def test_back_to_the_defaults_and_back_again(make: MakeDesk, until: Until) -> None:
    desk = make()
    desk.add_bored()
    until(lambda: desk.applied)
    with_bored = desk.panel.draft
    desk.press(desk.panel.defaults_button)
    until(lambda: desk.applied[-1] == DEFAULT.classes)
    assert desk.panel.draft == OWN
    assert not desk.panel.defaults_button.isEnabled()
    desk.press(desk.panel.undo_button)
    until(lambda: desk.applied[-1] == (*DEFAULT.classes, "bored"))
    assert desk.panel.draft == with_bored


def test_classes_are_saved_as_the_command_line_reads_them_and_loaded_again(make: MakeDesk, until: Until) -> None:
    desk = make()
    desk.add_bored()
    desk.press(desk.panel.rows[0].check)
    edited = desk.panel.draft
    desk.press(desk.panel.save_button)
    assert edited is not None
    assert desk.file is not None
    assert Prompts.load(desk.file) == edited.prompts()
    assert "words.toml" in desk.panel.status.text()
    desk.press(desk.panel.defaults_button)
    desk.press(desk.panel.load_button)
    assert desk.panel.draft == edited
    until(lambda: desk.applied and desk.applied[-1] == (*DEFAULT.classes[1:], "bored"))
    assert desk.failed == []


def test_a_file_that_is_none_is_one_line_and_nothing_is_lost(make: MakeDesk, tmp_path: Path) -> None:
    desk = make()
    desk.add_bored()
    before = desk.panel.draft
    (tmp_path / "words.toml").write_text("[classes")
    desk.press(desk.panel.load_button)
    desk.file = tmp_path / "nowhere" / "words.toml"
    desk.press(desk.panel.save_button)
    assert ["not valid TOML" in desk.failed[0], "Cannot write" in desk.failed[1]] == [True, True]
    assert desk.panel.draft == before
    desk.file = None
    desk.press(desk.panel.load_button)
    desk.press(desk.panel.save_button)
    assert len(desk.failed) == 2, "who thinks better of it in the dialog has not failed"


def test_what_was_kept_is_there_again(make: MakeDesk, until: Until) -> None:
    desk = make()
    desk.add_bored()
    until(lambda: desk.kept)
    desk.press(desk.panel.rows[5].check)
    text = desk.panel.to_toml()
    later = make(show=False)
    later.panel.from_toml(text)
    until(
        lambda: later.applied == [("neutral", "happiness", "surprise", "sadness", "anger", "fear", "contempt", "bored")]
    )
    assert later.panel.draft == desk.panel.draft
    later.panel.show()
    until(later.panel.defaults_button.isEnabled)
    assert later.panel.draft == desk.panel.draft, "the model's own do not take its place"


def test_what_was_kept_and_damaged_since_is_one_line(make: MakeDesk) -> None:
    desk = make()
    desk.panel.from_toml("[classes")
    desk.panel.from_toml("")
    assert len(desk.failed) == 1
    assert desk.panel.draft == OWN


def test_what_is_not_complete_is_not_kept(make: MakeDesk, until: Until) -> None:
    desk = make()
    desk.press(desk.panel.rows[7].check)
    until(lambda: desk.kept)
    desk.press(desk.panel.add_button)
    assert Draft.from_toml(desk.panel.to_toml(), "here") == OWN.changed(7, on=False)


def test_while_a_file_is_written_edits_wait(make: MakeDesk, until: Until) -> None:
    desk = make()
    desk.panel.set_held(True)
    desk.press(desk.panel.rows[7].check)
    until(lambda: desk.kept)
    until(lambda: desk.fake.read)
    assert "recording" in desk.panel.status.text()
    assert desk.applied == []
    desk.panel.set_held(False)
    until(lambda: desk.applied == [DEFAULT.classes[:7]])
    assert desk.panel.status.text() == "7 expressions in use."


def test_the_text_encoder_is_offered_with_its_size_fetched_and_used(make: MakeDesk, until: Until) -> None:
    desk = make(FakeWords(here=False))
    assert not desk.panel.fetch_button.isVisible()
    desk.add_bored()
    until(desk.panel.fetch_button.isVisible)
    assert "84 MB" in desk.panel.status.text()
    desk.press(desk.panel.fetch_button)
    until(lambda: desk.panel.status.text() == "Fetching: 12 of 84 MB")
    assert desk.panel.fetch_button.text() == "Cancel"
    desk.press(desk.panel.rows[-1].check)
    until(lambda: desk.applied == [DEFAULT.classes])
    desk.press(desk.panel.rows[-1].check)
    desk.fake.may_come.set()
    until(lambda: desk.applied[-1] == (*DEFAULT.classes, "bored"))
    until(lambda: desk.panel.status.text() == "9 expressions in use.")
    assert not desk.panel.fetch_button.isVisible()


def test_a_fetch_is_cancelled_and_offered_again(make: MakeDesk, until: Until) -> None:
    desk = make(FakeWords(here=False))
    desk.add_bored()
    until(desk.panel.fetch_button.isVisible)
    desk.press(desk.panel.fetch_button)
    until(lambda: "12 of 84" in desk.panel.status.text())
    desk.press(desk.panel.fetch_button)
    until(lambda: desk.panel.fetch_button.text() == "&Fetch")
    until(lambda: "needs a text model of 84 MB" in desk.panel.status.text())


def test_offline_it_says_so_and_offers_nothing(make: MakeDesk, until: Until) -> None:
    desk = make(FakeWords(here=False), offline=True)
    desk.add_bored()
    until(lambda: "offline" in desk.panel.status.text())
    assert not desk.panel.fetch_button.isVisible()


def test_descriptions_of_one_class_are_open_at_a_time(make: MakeDesk) -> None:
    desk = make()
    first, second = desk.panel.rows[:2]
    desk.press(first.chevron)
    assert first.sentences.isVisible()
    desk.press(second.summary)
    assert second.sentences.isVisible()
    assert not first.sentences.isVisible()
    desk.press(second.chevron)
    assert not second.sentences.isVisible()


def test_tab_goes_down_the_list_also_through_a_class_that_was_added(make: MakeDesk) -> None:
    desk = make()
    desk.press(desk.panel.add_button)
    chain: list[QWidget] = [desk.panel.add_button]
    while chain[-1] is not desk.panel.undo_button:
        after = chain[-1].nextInFocusChain()
        assert after is not None
        chain.append(after)
    wanted = [stop for row in desk.panel.rows for stop in (row.check, row.name)]
    assert [widget for widget in chain if widget in wanted] == wanted


def test_a_preset_with_words_of_several_lines_is_left_as_it_is(make: MakeDesk, until: Until) -> None:
    desk = make()
    odd = DraftClass("bored", ("a bored\nface",))
    desk.panel.preset(OWN.added(odd))
    until(lambda: desk.applied)
    assert desk.fake.read[-1].descriptions[-1] == ("a bored\nface",)
    assert desk.panel.rows[-1].sentences.toPlainText() == "a bored face"


def test_the_panel_loads_nothing_that_the_window_would_wait_for() -> None:
    slow = ("cv2", "tokenizers", "safetensors", "openvino")
    code = f"import sys, gui.prompts; print([name for name in {slow} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
