"""A prompts file gives classes with their descriptions, or one clear line."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.errors import OutputError, PromptError
from engines.prompts import DEFAULT, EXPRESSIONS, ClassEmbeddings, Prompts
from engines.text_encoder import TextEncoder

_WORDS = st.text(min_size=1).filter(str.strip)


def _file(folder: Path, text: str) -> Path:
    path = folder / "words.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_class_has_one_description_or_several(tmp_path: Path) -> None:
    text = '[classes]\nboredom = "a bored person"\n"größte Freude" = ["a happy person", " cheeks raised "]\n'
    prompts = Prompts.load(_file(tmp_path, text))
    assert prompts.classes == ("boredom", "größte Freude")
    assert prompts.descriptions == (("a bored person",), ("a happy person", "cheeks raised"))


@given(st.dictionaries(_WORDS, st.lists(_WORDS, min_size=1), min_size=2))
def test_any_classes_that_are_described_keep_their_order(described: dict[str, list[str]]) -> None:
    prompts = Prompts.from_mapping(described, "here")
    assert prompts.classes == tuple(described)
    assert [list(texts) for texts in prompts.descriptions] == [[t.strip() for t in v] for v in described.values()]


_ODD = st.text(st.one_of(st.characters(codec="utf-8"), st.sampled_from("\"'\\\n\r\t#[]=\x00\x7f\x85\u2028é🙂"))).filter(
    str.strip
)


@given(st.dictionaries(_ODD, st.lists(_ODD, min_size=1), min_size=2))
def test_what_was_saved_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, described: dict[str, list[str]]
) -> None:
    path = tmp_path_factory.getbasetemp() / "saved.toml"
    prompts = Prompts.from_mapping(described, "here")
    prompts.save(path)
    assert Prompts.load(path) == prompts


def test_a_saved_file_reads_as_a_person_would_write_it(tmp_path: Path) -> None:
    path = tmp_path / "words.toml"
    Prompts(("boredom", "größte Freude"), (("a bored person",), ("a happy person", 'he says "ha"'))).save(path)
    assert path.read_text(encoding="utf-8") == (
        '[classes]\nboredom = "a bored person"\n"größte Freude" = [\n    "a happy person",\n'
        '    "he says \\"ha\\"",\n]\n'
    )


def test_a_file_that_cannot_be_saved_leaves_nothing_and_the_old_one_alone(tmp_path: Path) -> None:
    folder = tmp_path / "words.toml"
    (folder / "kept").mkdir(parents=True)
    with pytest.raises(OutputError, match=r"words\.toml"):
        DEFAULT.save(folder)
    assert [path.name for path in tmp_path.iterdir()] == ["words.toml"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[classes", "not valid TOML"),
        ("", "[classes]"),
        ('joy = "a happy person"', "[classes]"),
        ('classes = ["joy", "rage"]', "[classes]"),
        ("[classes]", "at least two"),
        ('[classes]\njoy = "a happy person"', "at least two"),
        ('[classes]\njoy = ""\nrage = "an angry person"', '"joy"'),
        ('[classes]\njoy = "  "\nrage = "an angry person"', '"joy"'),
        ('[classes]\njoy = []\nrage = "an angry person"', '"joy"'),
        ('[classes]\njoy = ["a happy person", ""]\nrage = "an angry person"', '"joy"'),
        ('[classes]\njoy = 7\nrage = "an angry person"', '"joy"'),
        ('[classes]\njoy = ["a happy person", 7]\nrage = "an angry person"', '"joy"'),
        ('[classes]\njoy = {a = "b"}\nrage = "an angry person"', '"joy"'),
        ('[classes]\n"" = "a happy person"\nrage = "an angry person"', '""'),
        ('[classes]\njoy = "a"\njoy = "b"', "not valid TOML"),
    ],
)
def test_a_file_that_describes_no_classes_is_said(tmp_path: Path, text: str, says: str) -> None:
    path = _file(tmp_path, text)
    with pytest.raises(PromptError) as caught:
        Prompts.load(path)
    assert str(path) in str(caught.value)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_in_another_encoding_is_said(tmp_path: Path) -> None:
    path = tmp_path / "words.toml"
    path.write_bytes('[classes]\n"größte Freude" = "a"\nrage = "b"'.encode("latin-1"))
    with pytest.raises(PromptError, match="not valid TOML"):
        Prompts.load(path)


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(PromptError, match="Cannot read the prompts file"):
        Prompts.load(tmp_path / "nowhere.toml")
    with pytest.raises(PromptError, match="Cannot read the prompts file"):
        Prompts.load(tmp_path)


def test_the_default_is_the_eight_expressions_of_ferplus() -> None:
    assert DEFAULT.classes == tuple(EXPRESSIONS)
    assert DEFAULT.classes == (
        "neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt"
    )  # fmt: skip


def test_classes_are_unit_points_about_their_common_centre(text_encoder: TextEncoder) -> None:
    words = ClassEmbeddings.encode(DEFAULT, text_encoder)
    assert words.classes == DEFAULT.classes
    assert words.vectors.dtype == words.centre.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(words.vectors, axis=1), 1, atol=1e-5)
    means = np.stack([text_encoder.encode(texts).mean(axis=0) for texts in DEFAULT.descriptions])
    np.testing.assert_allclose(words.centre, means.mean(axis=0), atol=1e-6)
    away = words.vectors @ words.vectors.T
    assert away[~np.eye(len(away), dtype=bool)].mean() < 0


@pytest.fixture(scope="module")
def trained(text_encoder: TextEncoder) -> ClassEmbeddings:
    return ClassEmbeddings.encode(DEFAULT, text_encoder)


def _placed(trained: ClassEmbeddings, encoder: TextEncoder, *texts: str) -> ClassEmbeddings:
    return trained.place(Prompts.from_mapping({text: text for text in texts}, "here"), encoder)


def test_the_trained_classes_are_placed_where_they_are(trained: ClassEmbeddings, text_encoder: TextEncoder) -> None:
    words = trained.place(DEFAULT, text_encoder)
    np.testing.assert_allclose(words.vectors, trained.vectors, atol=1e-4)
    np.testing.assert_allclose(words.centre, trained.centre, atol=1e-6)


def test_some_of_the_trained_classes_stay_apart_as_they_were(
    trained: ClassEmbeddings, text_encoder: TextEncoder
) -> None:
    words = trained.place(Prompts(DEFAULT.classes[:3], DEFAULT.descriptions[:3]), text_encoder)
    near = words.vectors @ trained.vectors.T
    np.testing.assert_array_equal(near.argmax(axis=1), [0, 1, 2])


def test_new_words_lie_among_the_trained_ones(trained: ClassEmbeddings, text_encoder: TextEncoder) -> None:
    words = _placed(trained, text_encoder, "a bored face", "a face in pain", "a thoughtful face")
    assert words.vectors.dtype == words.centre.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(words.vectors, axis=1), 1, atol=1e-5)
    weights, _, rank, _ = np.linalg.lstsq(trained.vectors.T, words.vectors.T, rcond=1e-3)
    assert rank == len(trained.classes) - 1
    np.testing.assert_allclose(trained.vectors.T @ weights, words.vectors.T, atol=1e-4)


_SYNONYMS = {
    "happiness": "joyful",
    "surprise": "astonished",
    "sadness": "sorrowful",
    "anger": "enraged",
    "fear": "terrified",
    "contempt": "scornful",
    "neutral": "calm",
}


@pytest.mark.parametrize("form", ["a {} face", "a person with a {} face", "a photo of a {} person"])
def test_synonyms_lie_nearest_to_their_expressions(
    trained: ClassEmbeddings, text_encoder: TextEncoder, form: str
) -> None:
    words = _placed(trained, text_encoder, *(form.format(word) for word in _SYNONYMS.values()))
    nearest = [trained.classes[row] for row in (words.vectors @ trained.vectors.T).argmax(axis=1)]
    assert sum(found == meant for found, meant in zip(nearest, _SYNONYMS, strict=True)) >= 6
