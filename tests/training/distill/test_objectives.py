"""Each objective of distillation is what its formula says, and asks nothing of a student that is its teacher."""

import math

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as nnf

from training.distill.branches import Branches, gated, peers_loss
from training.distill.cka import cka, misalignment
from training.distill.divergence import distillation, divergences
from training.distill.spots import SpotPolicy, attention, chosen_mean, spot_distances
from training.encoders import ResidualEncoder


def _normal(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def _softmax(row: NDArray[np.float64]) -> NDArray[np.float64]:
    raised = np.exp(row - row.max())
    shares: NDArray[np.float64] = raised / raised.sum()
    return shares


def _divergence(ours: NDArray[np.float64], theirs: NDArray[np.float64], temperature: float) -> float:
    p, q = _softmax(theirs / temperature), _softmax(ours / temperature)
    return temperature**2 * float(np.sum(p * np.log(p / q)))


def test_distillation_is_the_divergence_from_the_teacher() -> None:
    logits, taught = 5 * _normal(6, 4), 5 * _normal(6, 4, seed=1)
    expected = [_divergence(a, b, 4.0) for a, b in zip(logits.numpy(), taught.numpy(), strict=True)]
    assert divergences(logits, taught, 4.0).tolist() == pytest.approx(expected)
    assert float(distillation(logits, taught, 4.0)) == pytest.approx(sum(expected) / 6)


def test_cka_is_its_formula() -> None:
    ours, theirs = _normal(7, 3).numpy(), _normal(7, 5, seed=1).numpy()
    x, y = ours - ours.mean(axis=0), theirs - theirs.mean(axis=0)
    cross = sum(float(x[:, i] @ y[:, j]) ** 2 for i in range(3) for j in range(5))
    within = [
        math.sqrt(sum(float(z[:, i] @ z[:, j]) ** 2 for i in range(n) for j in range(n))) for z, n in ((x, 3), (y, 5))
    ]
    assert float(cka(torch.from_numpy(ours), torch.from_numpy(theirs))) == pytest.approx(cross / math.prod(within))


def test_cka_does_not_mind_turns_scales_and_shifts() -> None:
    ours = _normal(9, 4)
    turn, _ = torch.linalg.qr(_normal(4, 4, seed=1))
    assert float(cka(ours, 3 * ours @ turn + 2)) == pytest.approx(1)
    assert float(cka(ours, _normal(9, 4, seed=2))) < 0.9


def test_faces_all_in_one_place_are_like_nothing() -> None:
    same = torch.ones(5, 3, dtype=torch.float64, requires_grad=True)
    value = misalignment(same, _normal(5, 3))
    value.backward()  # type: ignore[no-untyped-call]
    assert value.item() == 1
    assert same.grad is not None
    assert same.grad.isfinite().all()


def test_a_student_that_is_its_teacher_has_nothing_to_learn() -> None:
    features, maps = _normal(6, 4), (_normal(6, 3, 4, 4), _normal(6, 5, 2, 2))
    assert float(distillation(features, features, 2)) == pytest.approx(0, abs=1e-12)
    assert float(misalignment(features, features)) == pytest.approx(0, abs=1e-12)
    assert float(spot_distances(maps, maps).sum()) == 0


def test_attention_is_where_the_channels_are_strong_on_the_whole() -> None:
    maps = _normal(2, 3, 2, 2)
    squares = np.array(
        [[sum(float(maps[n, c, y, x]) ** 2 for c in range(3)) for y in range(2) for x in range(2)] for n in range(2)]
    )
    expected = squares / np.linalg.norm(squares, axis=1, keepdims=True)
    np.testing.assert_allclose(attention(maps).numpy(), expected, rtol=1e-5)


def test_more_channels_can_have_the_same_attention() -> None:
    maps = _normal(3, 2, 4, 4)
    assert float(spot_distances((maps,), (torch.cat([maps, maps], dim=1),)).sum()) == pytest.approx(0, abs=1e-10)


def test_only_what_was_chosen_counts_and_it_cannot_be_chosen_away() -> None:
    losses = torch.tensor([[1.0, 2.0], [4.0, 8.0]], requires_grad=True)
    decisions = torch.tensor([[1.0, 0.0], [1.0, 1.0]], requires_grad=True)
    value = chosen_mean(losses, decisions)
    value.backward()  # type: ignore[no-untyped-call]
    assert value.item() == (1 + 4 + 8) / 2
    assert decisions.grad is None


def test_a_policy_draws_spots_for_each_face_and_learns_which() -> None:
    policy = SpotPolicy(4, [3, 5], [6, 7])
    policy.reseed(0, torch.device("cpu"))
    ours, theirs = (nnf.normalize(_normal(400, 4, seed=seed).float(), dim=1) for seed in (1, 2))
    decisions = policy(ours, theirs)
    assert decisions.shape == (400, 2)
    assert set(decisions.detach().round(decimals=5).unique().tolist()) == {0.0, 1.0}
    decisions.sum().backward()
    assert policy.decide.weight.grad is not None
    assert float(policy.decide.weight.grad.abs().sum()) > 0
    policy.reseed(0, torch.device("cpu"))
    assert torch.equal(policy(ours, theirs), decisions)


def test_a_policy_that_is_sure_draws_what_it_is_sure_of() -> None:
    policy = SpotPolicy(4, [3, 5], [6, 7])
    policy.reseed(0, torch.device("cpu"))
    with torch.no_grad():
        policy.decide.weight.zero_()
        policy.decide.bias.copy_(torch.tensor([50.0, 0.0, 0.0, 50.0]))
        decisions = policy(*(torch.zeros(20, 4) for _ in range(2)))
    assert decisions[:, 0].tolist() == [1.0] * 20
    assert decisions[:, 1].tolist() == [0.0] * 20


def test_gated_answers_are_a_mean_by_the_gate() -> None:
    answers, weights = [_normal(3, 4, seed=seed) for seed in range(2)], _normal(3, 2, seed=5).softmax(dim=1)
    expected = [
        [sum(float(w * a[n, k]) for w, a in zip(weights[n], answers, strict=True)) for k in range(4)] for n in range(3)
    ]
    torch.testing.assert_close(gated(answers, weights), torch.tensor(expected, dtype=torch.float64))


def test_branches_learn_the_votes_and_what_all_say() -> None:
    peers, together = [3 * _normal(5, 4, seed=seed) for seed in range(2)], 3 * _normal(5, 4, seed=9)
    targets = _normal(5, 4, seed=7).softmax(dim=1)

    def cross_entropy(logits: Tensor) -> float:
        rows = zip(targets.numpy(), logits.numpy(), strict=True)
        return -sum(float(t @ np.log(_softmax(row))) for t, row in rows) / 5

    expected = cross_entropy(together)
    for each in peers:
        rows = zip(each.numpy(), together.numpy(), strict=True)
        expected += cross_entropy(each) + sum(_divergence(a, b, 2.0) for a, b in rows) / 5
    assert float(peers_loss(peers, together, targets, 2.0)) == pytest.approx(expected)


def test_branches_go_on_from_the_trunk_each_in_its_own_way() -> None:
    encoder = ResidualEncoder(1, 6, stem=4, widths=[4, 8], depths=[1, 1], dropout=0.0)
    torch.manual_seed(0)
    branches = Branches(encoder, 6, 2)
    embeddings, weights = branches(torch.randn(3, 4, 12, 12))
    assert [each.shape for each in embeddings] == [(3, 6)] * 2
    assert not torch.allclose(*embeddings)
    torch.testing.assert_close(weights.sum(dim=1), torch.ones(3))
    assert weights.shape == (3, 3)


@pytest.mark.parametrize("name", ["distillation", "misalignment", "spots", "peers"])
def test_gradients_are_those_of_the_values(name: str) -> None:
    targets = _normal(4, 3, seed=7).softmax(dim=1)
    made = {
        "distillation": lambda x, y: distillation(x, y, 2),
        "misalignment": misalignment,
        "spots": lambda x, y: spot_distances((x.view(2, 2, 3, 1),), (y.view(2, 2, 3, 1),)).sum(),
        # What all say together teaches, and is not taught by, the divergences.
        "peers": lambda x, y: peers_loss([x], y, targets, 2),
    }
    given = tuple(_normal(4, 3, seed=seed).requires_grad_(name != "peers" or seed == 1) for seed in (1, 2))
    assert torch.autograd.gradcheck(made[name], given)
