"""Transport agrees with the library and with exact transport, and structure is compared by one set of anchors."""

import itertools
import math

import pytest
import torch
from geomloss import SamplesLoss
from torch import Tensor

from training.distill.hallucination import Transformation
from training.distill.transport import choose_anchors, row_error, structure, transport, transport_cost


def _normal(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def _exact(ours: Tensor, theirs: Tensor) -> float:
    """The cheapest of all assignments of rows to rows, by trying each."""
    costs = [[float((a - b).square().sum()) / 2 for b in theirs] for a in ours]
    count = len(costs)
    return min(sum(costs[i][j] for i, j in enumerate(order)) for order in itertools.permutations(range(count))) / count


def _entropic(ours: Tensor, theirs: Tensor, blur: float) -> float:
    """Entropic transport of equal weights by Sinkhorn's iteration on potentials, slowly; the entropy counts."""
    epsilon, count = blur**2, len(ours)
    costs = (ours[:, None] - theirs[None]).square().sum(dim=2) / 2
    f, g = torch.zeros(count, dtype=torch.float64), torch.zeros(count, dtype=torch.float64)
    for _ in range(3000):
        f = -epsilon * ((g - costs) / epsilon - math.log(count)).logsumexp(dim=1)
        g = -epsilon * ((f[:, None] - costs) / epsilon - math.log(count)).logsumexp(dim=0)
    return float(f.mean() + g.mean())


def test_what_is_imagined_at_first_differs_from_face_to_face() -> None:
    torch.manual_seed(0)
    imagined = Transformation(512)(torch.nn.functional.normalize(_normal(16, 512).float(), dim=1))
    assert float((imagined @ imagined.T).mean().detach()) < 0.9


def test_it_is_the_librarys_own_value() -> None:
    ours, theirs = _normal(6, 3), _normal(6, 3, seed=1)
    expected = SamplesLoss("sinkhorn", p=2, blur=0.1, scaling=0.8)(ours, theirs)
    assert float(transport_cost(ours, theirs, 0.1)) == pytest.approx(float(expected))


@pytest.mark.parametrize("seed", range(4))
def test_it_is_exact_transport_where_the_blur_is_small(seed: int) -> None:
    ours, theirs = _normal(6, 3, seed=seed), _normal(6, 3, seed=seed + 50)
    assert float(transport_cost(ours, theirs, 0.005)) == pytest.approx(_exact(ours, theirs), rel=0.02)


def test_it_is_entropic_transport_less_that_of_each_to_itself() -> None:
    ours, theirs, blur = _normal(5, 2), _normal(5, 2, seed=1), 0.8
    expected = _entropic(ours, theirs, blur) - (_entropic(ours, ours, blur) + _entropic(theirs, theirs, blur)) / 2
    # The library stops after a few iterations.
    assert float(transport_cost(ours, theirs, blur)) == pytest.approx(expected, rel=0.05)


def test_rows_in_another_order_cost_nothing_to_transport_but_count_as_errors() -> None:
    theirs = _normal(6, 4)
    rows = structure(theirs, torch.arange(3))
    assert float(transport_cost(rows.flip(0), rows, 0.05)) == pytest.approx(0, abs=1e-6)
    assert float((rows.flip(0) - rows).square().sum()) > 0.1


def test_a_student_that_is_its_teacher_has_nothing_to_learn_nor_one_that_is_turned() -> None:
    theirs = _normal(8, 4)
    turn, _ = torch.linalg.qr(_normal(4, 4, seed=1))
    for ours in (theirs, theirs @ turn):
        assert float(transport(ours, theirs, 5, 0.1)) == pytest.approx(0, abs=1e-9)
        assert float(row_error(ours, theirs, 5)) == pytest.approx(0, abs=1e-9)


def test_the_row_error_is_half_the_squared_distance_of_cosines() -> None:
    ours, theirs = _normal(5, 3), _normal(5, 4, seed=1)
    anchors, expected = choose_anchors(theirs, 3).tolist(), 0.0
    for row, anchor in itertools.product(range(5), anchors):
        a, b = (torch.cosine_similarity(part[row], part[anchor], dim=0) for part in (ours, theirs))
        expected += float((a - b) ** 2) / 2 / 5
    assert float(row_error(ours, theirs, 3)) == pytest.approx(expected)


def test_transport_never_costs_more_than_moving_each_row_to_its_own() -> None:
    for seed in range(5):
        ours, theirs = _normal(7, 4, seed=seed), _normal(7, 4, seed=seed + 20)
        assert float(transport(ours, theirs, 4, 0.01)) <= 1.02 * float(row_error(ours, theirs, 4))


def test_anchors_are_those_that_tell_the_teachers_faces_apart() -> None:
    """Two groups, and a face that all are equally far from."""
    theirs = torch.tensor([[1.0, 0, 0], [1, 0.1, 0], [-1, 0, 0], [-1, 0.1, 0], [0, 0, 1]])
    assert 4 not in choose_anchors(theirs, 4).tolist()
    for count in (0, 6):
        with pytest.raises(ValueError, match="anchors"):
            choose_anchors(theirs, count)


@pytest.mark.parametrize("name", ["transport", "rows"])
def test_gradients_are_those_of_the_values(name: str) -> None:
    theirs = _normal(5, 3, seed=3)
    ours = _normal(5, 3, seed=4).requires_grad_()
    if name == "rows":
        assert torch.autograd.gradcheck(lambda x: row_error(x, theirs, 3), (ours,))
    else:
        # The library's gradient is that of potentials which are found: they are, for a blur as wide as the clouds.
        assert torch.autograd.gradcheck(lambda x: transport(x, theirs, 3, 3.0), (ours,), eps=1e-4, atol=1e-3)
