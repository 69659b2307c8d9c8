"""The worker behind the prompts panel: the newest words win, and a fetch holds nothing up."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from engines.errors import AssetError, ModelError
from engines.prompts import DEFAULT
from engines.text_head import TextHead
from gui.wording import Applied, Failed, Fetching, Missing, State, Words, Working
from realtime.wording import Draft, DraftClass
from tests.gui.conftest import Until, our_threads
from tests.gui.words import SIZE, FakeWords

OWN = Draft.of(DEFAULT)
BORED = OWN.added(DraftClass("bored", ("a bored face",)))

Make = Callable[..., tuple[Words, "Diary"]]


class Diary(QObject):
    """Writes down what a worker tells, in order."""

    def __init__(self, words: Words) -> None:
        super().__init__()
        self.opened: list[Draft] = []
        self.heads: list[TextHead] = []
        self.states: list[State] = []
        words.opened.connect(self.opened.append)
        words.applied.connect(self.heads.append)
        words.state.connect(self.states.append)


@pytest.fixture
def make(qtbot: QtBot) -> Iterator[Make]:  # noqa: ARG001 - signals need an application
    made: list[Words] = []

    def one(fake: FakeWords, *, offline: bool = False) -> tuple[Words, Diary]:
        words = fake.worker(offline=offline)
        made.append(words)
        return words, Diary(words)

    yield one
    for words in made:
        assert words.close(30)


def test_it_tells_the_models_own_classes_and_gets_ready(until: Until, make: Make) -> None:
    fake = FakeWords()
    words, diary = make(fake)
    assert our_threads() == []
    words.open()
    until(lambda: diary.opened == [OWN] and fake.warmed)
    assert diary.heads == []


def test_a_draft_becomes_a_head(until: Until, make: Make) -> None:
    words, diary = make(FakeWords())
    words.apply(BORED)
    until(lambda: diary.states == [Working(), Applied(BORED)])
    assert [head.classes for head in diary.heads] == [(*DEFAULT.classes, "bored")]


def test_of_many_quick_edits_the_last_one_is_applied(until: Until, make: Make) -> None:
    fake = FakeWords()
    fake.gate.clear()
    words, diary = make(fake)
    words.apply(OWN)
    assert fake.asked.wait(30)
    for letter in "bored":
        words.apply(OWN.added(DraftClass(letter, ("a face",))))
    words.apply(BORED)
    fake.gate.set()
    until(lambda: diary.states and diary.states[-1] == Applied(BORED))
    assert fake.read == [BORED.prompts()]
    assert len(diary.heads) == 1


def test_new_words_without_the_text_encoder_are_offered_to_be_fetched(until: Until, make: Make) -> None:
    for offline in (False, True):
        words, diary = make(FakeWords(here=False), offline=offline)
        words.apply(BORED)
        until(lambda seen=diary.states, offline=offline: seen == [Working(), Missing(SIZE, offline)])  # type: ignore[misc]
        assert diary.heads == []


def test_the_models_own_classes_are_applied_while_the_text_encoder_comes(until: Until, make: Make) -> None:
    fake = FakeWords(here=False)
    words, diary = make(fake)
    words.apply(BORED)
    until(lambda: Missing(SIZE, offline=False) in diary.states)
    words.fetch()
    until(lambda: Fetching(SIZE // 7, SIZE) in diary.states)
    assert words.fetching
    some = OWN.changed(7, on=False)
    words.apply(some)
    until(lambda: Applied(some) in diary.states)
    words.apply(BORED)
    fake.may_come.set()
    until(lambda: diary.states[-1] == Applied(BORED))
    assert not words.fetching
    assert [head.classes[-1] for head in diary.heads] == ["fear", "bored"]


def test_a_fetch_that_fails_says_why_and_can_be_tried_again(until: Until, make: Make) -> None:
    fake = FakeWords(here=False)
    fake.may_come.set()
    fake.fetch_error = AssetError("Cannot fetch it: check the network.")
    words, diary = make(fake)
    words.apply(BORED)
    until(lambda: Missing(SIZE, offline=False) in diary.states)
    words.fetch()
    until(lambda: diary.states[-1] == Failed("Cannot fetch it: check the network.", fetch=True))
    fake.fetch_error = None
    words.fetch()
    until(lambda: diary.states[-1] == Applied(BORED))


def test_a_fetch_that_is_cancelled_offers_itself_again(until: Until, make: Make) -> None:
    fake = FakeWords(here=False)
    words, diary = make(fake)
    words.apply(BORED)
    until(lambda: Missing(SIZE, offline=False) in diary.states)
    words.fetch()
    until(lambda: Fetching(SIZE // 7, SIZE) in diary.states)
    words.cancel_fetch()
    until(lambda: diary.states[-1] == Missing(SIZE, offline=False))
    assert not words.fetching


def test_a_head_that_is_being_made_when_it_is_held_is_kept_back(until: Until, make: Make, qtbot: QtBot) -> None:
    fake = FakeWords()
    fake.gate.clear()
    words, diary = make(fake)
    words.apply(BORED)
    assert fake.asked.wait(30)
    words.hold(True)
    fake.gate.set()
    until(lambda: fake.read)
    words.apply(OWN)
    until(lambda: len(fake.read) == 2)
    qtbot.wait(20)
    assert diary.heads == []
    words.hold(False)
    until(lambda: diary.states[-1] == Applied(OWN))
    assert [head.classes for head in diary.heads] == [DEFAULT.classes], "the newest alone"
    words.hold(False)
    assert len(diary.heads) == 1


def test_closing_ends_a_fetch_and_an_edit_in_their_middle(make: Make) -> None:
    fake = FakeWords(here=False)
    fake.gate.clear()
    words, diary = make(fake)
    words.apply(BORED)
    words.fetch()
    assert fake.asked.wait(30)
    assert words.close(30)
    assert our_threads() == []
    words.open()
    words.apply(OWN)
    words.fetch()
    assert our_threads() == [], "what is closed stays closed"
    assert diary.heads == []


def test_a_model_that_cannot_be_opened_is_one_line(until: Until, make: Make) -> None:
    words, diary = make(FakeWords(error=ModelError("The model is damaged: install it again.")))
    words.open()
    until(lambda: diary.states == [Failed("The model is damaged: install it again.")])


def test_an_unexpected_error_is_shown_and_the_next_edit_works(
    until: Until, make: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    class Broken(FakeWords):
        def head(self, *given: object) -> TextHead:
            if not self.asked.is_set():
                self.asked.set()
                raise ZeroDivisionError("by chance")
            return super().head(*given)  # type: ignore[arg-type]

    words, diary = make(Broken())
    words.apply(BORED)
    until(lambda: Failed("ZeroDivisionError: by chance") in diary.states)
    assert "Traceback" in capsys.readouterr().err
    until(lambda: "mien-words" not in our_threads())
    words.apply(BORED)
    until(lambda: diary.states[-1] == Applied(BORED))
