"""Classes that are being edited: what is wrong with them is told, and nothing is lost on the way to a file and back."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.errors import OutputError, PromptError
from engines.prompts import DEFAULT, Prompts
from realtime.wording import LONGEST_DESCRIPTION, LONGEST_NAME, Draft, DraftClass, Field, Flaw, Problem

_BORED = DraftClass("bored", ("a bored face",))
_KEEN = DraftClass("keen", ("an interested face", "wide eyes"))


def _draft(*classes: DraftClass) -> Draft:
    return Draft((_BORED, _KEEN, *classes))


def _found(draft: Draft) -> list[tuple[Flaw, Field, int | None]]:
    return [(problem.flaw, problem.field, problem.index) for problem in draft.problems()]


def test_the_models_own_classes_are_a_draft_without_problems() -> None:
    draft = Draft.of(DEFAULT)
    assert draft.problems() == ()
    assert draft.prompts() == DEFAULT
    assert draft.names == DEFAULT.classes


def test_a_class_is_added_renamed_described_and_removed() -> None:
    draft = Draft.of(DEFAULT).added(_BORED)
    renamed = draft.changed(8, name="boredom").changed(8, descriptions=("a bored person", "yawning"))
    assert renamed.prompts().classes == (*DEFAULT.classes, "boredom")
    assert renamed.prompts().descriptions[8] == ("a bored person", "yawning")
    assert draft.prompts().classes[8] == "bored", "an edit leaves what was before as it was"
    assert renamed.removed(8) == Draft.of(DEFAULT)


def test_a_class_that_is_off_is_not_looked_for_but_stays() -> None:
    draft = Draft.of(DEFAULT).changed(7, on=False)
    assert draft.names == DEFAULT.classes[:7]
    assert draft.prompts() == Prompts(DEFAULT.classes[:7], DEFAULT.descriptions[:7])
    assert draft.changed(7, on=True) == Draft.of(DEFAULT)


@pytest.mark.parametrize(
    ("fresh", "flaw", "field"),
    [
        (replace(_BORED, name=""), Flaw.NO_NAME, Field.NAME),
        (replace(_BORED, name="  "), Flaw.NO_NAME, Field.NAME),
        (replace(_BORED, name="two\nlines"), Flaw.UNREADABLE_NAME, Field.NAME),
        (replace(_BORED, name="half \ud800"), Flaw.UNREADABLE_NAME, Field.NAME),
        (replace(_BORED, name="x" * (LONGEST_NAME + 1)), Flaw.LONG_NAME, Field.NAME),
        (replace(_BORED, name="new", descriptions=()), Flaw.NO_DESCRIPTION, Field.DESCRIPTIONS),
        (replace(_BORED, name="new", descriptions=(" ",)), Flaw.NO_DESCRIPTION, Field.DESCRIPTIONS),
        (
            replace(_BORED, name="new", descriptions=("ok", "x" * (LONGEST_DESCRIPTION + 1))),
            Flaw.LONG_DESCRIPTION,
            Field.DESCRIPTIONS,
        ),
        (replace(_BORED, name="new", descriptions=("half \ud800",)), Flaw.UNREADABLE_DESCRIPTION, Field.DESCRIPTIONS),
    ],
)
def test_what_is_wrong_with_a_class_is_told_where_it_is(fresh: DraftClass, flaw: Flaw, field: Field) -> None:
    draft = _draft(fresh)
    assert _found(draft) == [(flaw, field, 2)]
    with pytest.raises(ValueError, match=flaw):
        draft.prompts()


def test_the_same_name_twice_is_told_of_both_also_where_one_is_off() -> None:
    draft = _draft(replace(_KEEN, name=" bored ", on=False))
    assert _found(draft) == [(Flaw.SAME_NAME, Field.NAME, 0), (Flaw.SAME_NAME, Field.NAME, 2)]


def test_two_classes_at_least_have_to_be_on() -> None:
    assert _draft().problems() == ()
    for few in (_draft().changed(0, on=False), _draft().removed(0), Draft(())):
        assert few.problems() == (Problem(Flaw.TOO_FEW, Field.LIST),)


def test_a_class_can_have_two_problems() -> None:
    assert [flaw for flaw, _, _ in _found(_draft().added())] == [Flaw.NO_NAME, Flaw.NO_DESCRIPTION]


_NAMES = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=LONGEST_NAME)
_TEXTS = st.text(min_size=1, max_size=60).map(str.strip).filter(bool)
_CLASSES = st.builds(DraftClass, _NAMES, st.lists(_TEXTS, min_size=1, max_size=4).map(tuple), st.booleans())


@given(
    st.lists(_CLASSES, min_size=2, max_size=8, unique_by=lambda each: each.name).map(lambda all_: Draft(tuple(all_)))
)
def test_a_draft_survives_being_written_down_with_its_order_and_what_is_off(draft: Draft) -> None:
    if not draft.problems():
        assert Draft.from_toml(draft.to_toml(), "here") == draft


def test_a_saved_draft_is_a_prompts_file(tmp_path: Path) -> None:
    path = tmp_path / "words.toml"
    draft = Draft.of(DEFAULT).added(_BORED).changed(2, on=False)
    draft.save(path)
    assert Prompts.load(path) == draft.prompts()
    assert Draft.load(path) == draft
    assert [file.name for file in tmp_path.iterdir()] == ["words.toml"]


def test_a_prompts_file_of_a_persons_own_is_a_draft(tmp_path: Path) -> None:
    path = tmp_path / "words.toml"
    path.write_text('[classes]\nboredom = "a bored person"\n[off]\njoy = "a happy person"\n[order]\nnames = 3\n')
    classes = (DraftClass("boredom", ("a bored person",)), DraftClass("joy", ("a happy person",), on=False))
    assert Draft.load(path) == Draft(classes)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[classes", "not valid TOML"),
        ("", "[classes]"),
        ("classes = 3", "[classes]"),
        ('[classes]\njoy = "a"\n[off]\nrage = 7', '"rage"'),
        ('off = ["joy"]\n[classes]\njoy = "a"', "[off]"),
    ],
)
def test_a_file_that_is_none_is_one_line(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "words.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PromptError) as caught:
        Draft.load(path)
    assert str(path) in str(caught.value)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_cannot_be_read_or_written_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(PromptError, match="Cannot read"):
        Draft.load(tmp_path / "nowhere.toml")
    (tmp_path / "latin.toml").write_bytes('[classes]\n"größte Freude" = "a"'.encode("latin-1"))
    with pytest.raises(PromptError, match="not valid TOML"):
        Draft.load(tmp_path / "latin.toml")
    with pytest.raises(OutputError):
        Draft.of(DEFAULT).save(tmp_path / "nowhere" / "words.toml")
