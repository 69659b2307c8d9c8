"""Sentences become points: alike ones near each other."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engines.assets import Assets
from engines.errors import AssetError
from engines.text_encoder import DIMENSIONS, TextEncoder


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sentence=st.text(max_size=80))
def test_any_text_is_a_point_of_unit_length_and_always_the_same(text_encoder: TextEncoder, sentence: str) -> None:
    first, second = text_encoder.encode([sentence, sentence])
    assert first.shape == (DIMENSIONS,)
    assert first.dtype == np.float32
    assert np.linalg.norm(first) == pytest.approx(1, abs=1e-5)
    np.testing.assert_array_equal(first, second)


def test_no_sentences_are_no_points(text_encoder: TextEncoder) -> None:
    assert text_encoder.encode([]).shape == (0, DIMENSIONS)


def test_a_sentence_is_the_same_point_in_any_company(text_encoder: TextEncoder) -> None:
    alone = text_encoder.encode(["a happy person"])[0]
    among = text_encoder.encode(["a much longer sentence about something else", "a happy person"])[1]
    np.testing.assert_array_equal(alone, among)


def test_a_text_of_any_length_is_read(text_encoder: TextEncoder) -> None:
    long, longer = text_encoder.encode(["happy " * 1000, "happy " * 2000])
    np.testing.assert_array_equal(long, longer)


@pytest.mark.parametrize(
    ("sentence", "alike", "unlike"),
    [
        ("a happy person", "a joyful person", "a sad person"),
        ("a furious person", "an enraged person", "a calm person"),
        ("a frightened face", "a terrified face", "a relaxed face"),
        ("a photo of a person making a sad face", "an unhappy person, close to tears", "a delighted, merry face"),
    ],
)
def test_a_synonym_is_nearer_than_an_antonym(text_encoder: TextEncoder, sentence: str, alike: str, unlike: str) -> None:
    point, near, far = text_encoder.encode([sentence, alike, unlike])
    assert point @ near > point @ far


def test_prompts_in_one_template_lie_as_close_as_was_measured(text_encoder: TextEncoder) -> None:
    """Raw cosines between the eight average 0.81, which is why classes are centred."""
    names = ("neutral", "happy", "surprised", "sad", "angry", "disgusted", "fearful", "contemptuous")
    points = text_encoder.encode([f"a photo of a person making a {name} facial expression" for name in names])
    cosines = points @ points.T
    assert 0.6 < cosines[~np.eye(len(names), dtype=bool)].mean() < 0.95


def test_damaged_weights_are_said(assets: Assets, tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"no weights" * 100)
    with pytest.raises(AssetError, match="remove it"):
        TextEncoder(tmp_path / "model.safetensors", assets.path("text-tokenizer"))
