"""What each level says, against the same in plain Python."""

import math

import pytest
import torch
from torch import Tensor

from training.semi_supervised.bank import MemoryBank
from training.semi_supervised.levels import Reduction, aggregate, instance, semantic, text
from training.semi_supervised.threshold import Adaptive, Fixed

_CHANCE = torch.Generator().manual_seed(0)


def _units(*shape: int) -> Tensor:
    return torch.nn.functional.normalize(torch.randn(*shape, generator=_CHANCE), dim=-1)


def _softmax(values: list[float]) -> list[float]:
    powers = [math.exp(value - max(values)) for value in values]
    return [power / sum(powers) for power in powers]


def _dot(one: Tensor, other: Tensor) -> float:
    return sum(float(a) * float(b) for a, b in zip(one, other, strict=True))


def test_the_semantic_level_is_the_softmax_of_the_linear_layer() -> None:
    logits = torch.randn(5, 3, generator=_CHANCE)
    expected = torch.tensor([_softmax(row.tolist()) for row in logits])
    torch.testing.assert_close(semantic(logits), expected)


def test_the_text_level_is_the_softmax_of_the_cosines_to_the_words() -> None:
    faces, words = _units(4, 6), _units(3, 6)
    expected = torch.tensor([_softmax([14 * _dot(face, word) for word in words]) for face in faces])
    torch.testing.assert_close(text(faces, words, 14), expected)


@pytest.mark.parametrize("reduction", ["max", "mean"])
def test_the_instance_level_compares_with_the_faces_of_each_class(reduction: Reduction) -> None:
    faces, known, counts = _units(4, 6), _units(3, 5, 6), [5, 2, 0]
    rows = []
    for face in faces:
        nearest = []
        for features, count in zip(known, counts, strict=True):
            cosines = [_dot(face, feature) for feature in features[:count]]
            by = max if reduction == "max" else (lambda values: sum(values) / len(values))
            nearest.append(by(cosines) if cosines else 0.0)
        rows.append(_softmax([10 * value for value in nearest]))
    torch.testing.assert_close(instance(faces, known, torch.tensor(counts), 10, reduction), torch.tensor(rows))


def test_what_lies_in_the_empty_places_of_the_bank_says_nothing() -> None:
    faces, known, filled = _units(4, 6), _units(3, 5, 6), torch.tensor([5, 2, 0])
    other = known.clone()
    other[1, 2:], other[2] = _units(3, 6), _units(5, 6)
    for reduction in ("max", "mean"):
        one, two = (instance(faces, bank, filled, 10, reduction) for bank in (known, other))
        torch.testing.assert_close(one, two)


def test_levels_are_added_by_their_weights() -> None:
    levels = [torch.randn(4, 3, generator=_CHANCE).softmax(dim=1) for _ in range(3)]
    one, two, three = levels
    torch.testing.assert_close(aggregate(levels, (1, 1, 1)), (one + two + three) / 3)
    torch.testing.assert_close(aggregate(levels, (0.6, 0.4, 0.0)), 0.6 * one + 0.4 * two)
    torch.testing.assert_close(aggregate([two], (0.4,)), two)


@pytest.mark.parametrize("weights", [(0.0, 0.0), (-1.0, 2.0)])
def test_weights_that_weigh_nothing_are_refused(weights: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="weights"):
        aggregate([torch.ones(1, 2), torch.ones(1, 2)], weights)


def test_the_bank_keeps_the_last_of_each_class() -> None:
    bank, faces = MemoryBank(3, 4, 6), _units(10, 6)
    labels = torch.tensor([0, 1, 0, 0, 0, 0, 0, 1, 0, 0])
    for start in range(0, 10, 3):
        bank.add(faces[start : start + 3], labels[start : start + 3])
    assert bank.filled.tolist() == [4, 2, 0]
    for label in (0, 1):
        kept = {tuple(row) for row in bank.features[label, : bank.filled[label]].tolist()}
        assert kept == {tuple(row) for row in faces[labels == label][-4:].tolist()}


def test_more_of_a_class_at_once_than_there_is_room_leaves_the_last() -> None:
    bank, faces = MemoryBank(1, 4, 6), _units(9, 6)
    bank.add(faces, torch.zeros(9, dtype=torch.long))
    assert {tuple(row) for row in bank.features[0].tolist()} == {tuple(row) for row in faces[-4:].tolist()}


def test_a_bank_that_was_kept_goes_on_as_if_it_never_ended() -> None:
    one, other = MemoryBank(2, 3, 6), MemoryBank(2, 3, 6)
    first, second, labels = _units(5, 6), _units(5, 6), torch.tensor([0, 1, 1, 0, 0])
    one.add(first, labels)
    other.restore({name: tensor.clone() for name, tensor in one.state().items()})
    for bank in (one, other):
        bank.add(second, labels)
    assert torch.equal(one.features, other.features)


def test_a_fixed_threshold_asks_the_same_of_all() -> None:
    answers = torch.tensor([[0.75, 0.25], [0.74, 0.26], [0.1, 0.9]])
    assert Fixed(0.75).accept(answers).tolist() == [True, False, True]


def test_an_adaptive_threshold_asks_less_of_a_class_that_is_seldom_expected() -> None:
    threshold = Adaptive(2, 0.95, momentum=0.9)
    answers = torch.tensor([[0.9, 0.1]] * 9 + [[0.4, 0.6]])
    for _ in range(200):
        threshold.accept(answers)
    common, rare = threshold.least.tolist()
    assert common == pytest.approx(0.87, abs=0.01)
    assert rare == pytest.approx(0.87 * 0.15 / 0.85, abs=0.01)
    assert threshold.accept(torch.tensor([[0.4, 0.6], [0.6, 0.4]])).tolist() == [True, False]


def test_an_adaptive_threshold_never_asks_more_than_it_is_told() -> None:
    threshold = Adaptive(2, 0.8, momentum=0.5)
    for _ in range(50):
        threshold.accept(torch.tensor([[0.99, 0.01]]))
    assert float(threshold.least.max()) == pytest.approx(0.8)
