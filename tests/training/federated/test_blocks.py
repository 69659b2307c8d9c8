"""The blocks of AMY against plain, slow references, and their gradients against differences."""

import itertools
import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from training.federated.hypergraph import HypergraphConvolution, incidence, operator
from training.federated.labels import propagate, refine
from training.federated.prototypes import Prototypes, pull
from training.federated.uncertainty import PersonalEstimator, rank_loss, weighted_cross_entropy

sizes = st.integers(2, 12)
seeds = st.integers(0, 10_000)


def _features(count: int, seed: int, width: int = 5) -> Tensor:
    return torch.randn(count, width, dtype=torch.double, generator=torch.Generator().manual_seed(seed))


def _labels(count: int, classes: int, seed: int) -> Tensor:
    drawn = torch.randint(0, classes, (count,), generator=torch.Generator().manual_seed(seed))
    return torch.nn.functional.one_hot(drawn, classes).double()


def _plain_incidence(x: Tensor, neighbours: int, bandwidth: float) -> tuple[list[list[int]], list[float]]:
    """Members and weight of each hyperedge, by loops alone."""
    points = x.tolist()
    squares = [[sum((a - b) ** 2 for a, b in zip(p, q, strict=True)) for q in points] for p in points]
    members, of_neighbours = [], []
    for i, row in enumerate(squares):
        others = sorted((d, j) for j, d in enumerate(row) if j != i)[:neighbours]
        members.append([i, *(j for _, j in others)])
        of_neighbours += [d for d, _ in others]
    width = bandwidth**2 * sum(of_neighbours) / len(of_neighbours)
    weights = [
        sum(math.exp(-squares[i][j] / width) for j in edge) / len(edge) for i, edge in enumerate(members)
    ]  # fmt: skip
    return members, weights


@given(count=sizes, seed=seeds, neighbours=st.integers(1, 12), bandwidth=st.floats(0.3, 3))
@settings(max_examples=40, deadline=None)
def test_hyperedges_are_a_face_and_its_nearest(count: int, seed: int, neighbours: int, bandwidth: float) -> None:
    x = _features(count, seed)
    edges, weights = incidence(x, neighbours, bandwidth)
    members, plain = _plain_incidence(x, neighbours, bandwidth)
    for edge, wanted in enumerate(members):
        assert sorted(edges[:, edge].nonzero().flatten().tolist()) == sorted(wanted)
    assert torch.allclose(weights, torch.tensor(plain, dtype=torch.double))


@given(count=sizes, seed=seeds)
@settings(max_examples=40, deadline=None)
def test_the_operator_is_the_sum_that_defines_it(count: int, seed: int) -> None:
    edges, weights = incidence(_features(count, seed), 3, 1.0)
    graph = operator(edges, weights)
    of_edge = edges.sum(dim=0).tolist()
    of_face = [sum(float(weights[e]) * float(edges[v, e]) for e in range(count)) for v in range(count)]
    for v, u in itertools.product(range(count), repeat=2):
        total = sum(float(edges[v, e] * weights[e] * edges[u, e]) / of_edge[e] for e in range(count))
        assert float(graph[v, u]) == pytest.approx(total / math.sqrt(of_face[v] * of_face[u]), rel=1e-9, abs=1e-12)
    values = torch.linalg.eigvalsh(graph)
    assert values.max() == pytest.approx(1)
    assert values.min() > -1e-9


def test_faces_that_are_one_and_the_same_picture_do_no_harm() -> None:
    edges, weights = incidence(torch.ones(6, 4), 3, 1.0)
    graph = operator(edges, weights)
    assert torch.equal(edges.diagonal(), torch.ones(6))
    assert torch.isfinite(graph).all()
    assert torch.isfinite(operator(*incidence(torch.ones(1, 4), 3, 1.0))).all()


def test_the_convolution_is_a_product_of_three() -> None:
    x, convolution = _features(7, 1), HypergraphConvolution(5, 3).double()
    graph = operator(*incidence(x, 2, 1.0))
    wanted = (graph @ x @ convolution.theta.weight.T).clamp(min=0)
    assert torch.allclose(convolution(x, graph), wanted)


@given(count=sizes, seed=seeds, alpha=st.floats(0, 0.95))
@settings(max_examples=40, deadline=None)
def test_propagation_is_where_passing_labels_on_ends(count: int, seed: int, alpha: float) -> None:
    graph = operator(*incidence(_features(count, seed), 3, 1.0))
    labels, confidence = (
        _labels(count, 4, seed),
        torch.rand(count, generator=torch.Generator().manual_seed(seed)) + 0.01,
    )
    start = confidence.double()[:, None] * labels
    passed = start.clone()
    for _ in range(600):
        passed = alpha * graph @ passed + (1 - alpha) * start
    found = propagate(graph, confidence.double(), labels, alpha)
    assert torch.allclose(found, passed / passed.sum(dim=1, keepdim=True), atol=1e-8)
    assert torch.allclose(found.sum(dim=1), torch.ones(count, dtype=torch.double))


def test_a_doubted_label_gives_way_to_those_of_its_like() -> None:
    x = torch.cat([_features(5, 0) * 0.1, _features(5, 1) * 0.1 + 5])
    labels = torch.nn.functional.one_hot(torch.tensor([0, 0, 0, 0, 1, 1, 1, 1, 1, 1]), 2).double()
    confidence = torch.full((10,), 0.9, dtype=torch.double)
    confidence[4] = 0.1
    refined = refine(labels, propagate(operator(*incidence(x, 4, 1.0)), confidence, labels, 0.5), confidence)
    assert refined[4].argmax() == 0
    assert [int(label) for label in refined.argmax(dim=1)] == [0] * 5 + [1] * 5
    assert torch.equal(refine(labels, labels.flip(1), torch.ones(10)), labels)


@given(values=st.lists(st.floats(0.01, 0.99), min_size=2, max_size=12), sure=st.floats(0.1, 0.9))
def test_the_rank_loss_is_the_gap_that_is_missing(values: list[float], sure: float) -> None:
    high = max(1, round(sure * len(values)))
    ordered = sorted(values, reverse=True)
    rest = ordered[high:]
    gap = sum(ordered[:high]) / high - sum(rest) / len(rest) if rest else math.inf
    found = float(rank_loss(torch.tensor(values, dtype=torch.double), sure, 0.2))
    assert found == pytest.approx(max(0.0, 0.2 - gap), abs=1e-9)


def test_a_label_that_is_contradicted_costs_less_when_doubted() -> None:
    logits, targets = torch.tensor([[4.0, 0.0]]), torch.tensor([[0.0, 1.0]])
    costs = [float(weighted_cross_entropy(logits, targets, torch.tensor([s]))) for s in (0.1, 0.5, 1.0)]
    assert costs == sorted(costs)
    assert costs[-1] == pytest.approx(float(torch.nn.functional.cross_entropy(logits, targets)))
    assert costs[0] == pytest.approx(math.log(1 + math.exp(0.4)))


def test_prototypes_are_means_and_merge_by_their_counts() -> None:
    chance = np.random.default_rng(0)
    x = chance.normal(size=(30, 4)).astype(np.float32)
    labels = np.eye(3, dtype=np.float32)[np.arange(30) % 2]  # the last class has no face
    whole, parts = Prototypes.of(x, labels), [Prototypes.of(x[:7], labels[:7]), Prototypes.of(x[7:], labels[7:])]
    before = Prototypes(np.full((3, 4), 9, np.float32), np.array([1, 1, 2], np.float32))
    merged = before.merged(parts)
    for k in range(2):
        assert np.allclose(whole.means[k], x[np.arange(30) % 2 == k].mean(axis=0), atol=1e-6)
        assert np.allclose(merged.means[k], whole.means[k], atol=1e-6)
    assert merged.counts.tolist() == [15, 15, 2]
    assert np.array_equal(merged.means[2], before.means[2])
    with pytest.raises(ValueError, match=r"\[K, D\]"):
        Prototypes(x, np.zeros(3, np.float32))


def test_the_pull_is_the_mean_square_of_the_way() -> None:
    x, targets, means = _features(6, 2), _labels(6, 3, 2), _features(3, 3)
    known = torch.tensor([1.0, 1.0, 0.0], dtype=torch.double)
    wanted = sum(
        float(targets[i, k] * known[k]) * float((x[i] - means[k]).square().sum()) for i in range(6) for k in range(3)
    )
    assert float(pull(x, targets, means, known)) == pytest.approx(wanted / 6)


def test_gradients_are_what_differences_say() -> None:
    x, labels = _features(6, 4).requires_grad_(), _labels(6, 3, 4)
    graph = operator(*incidence(x.detach(), 3, 1.0))
    logits = _features(6, 5, 3).requires_grad_()
    confidence = torch.rand(6, dtype=torch.double, generator=torch.Generator().manual_seed(0)).requires_grad_()
    torch.manual_seed(0)
    estimator = PersonalEstimator(5, 8).double()
    means, known = _features(3, 6), torch.ones(3, dtype=torch.double)
    check = torch.autograd.gradcheck
    assert check(lambda v: estimator(v, graph), (x,))
    assert check(lambda v: propagate(graph, v, labels, 0.5), (confidence,))
    assert check(lambda a, s: weighted_cross_entropy(a, labels, s), (logits, confidence))
    assert check(lambda s: rank_loss(s, 0.5, 2.0), (confidence,))
    assert check(lambda v: pull(v, labels, means, known), (x,))
