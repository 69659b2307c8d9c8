"""Faces are dealt out once each, and only those labels are spoilt that are to be."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.errors import DataError
from tests import tiny
from tests.training.federated import made
from training.data import hold_out, select
from training.federated.faces import ClientFaces, entropy
from training.federated.partition import clients_of, dirichlet, flipped


@given(
    labels=st.lists(st.integers(0, 4), min_size=60, max_size=200),
    clients=st.integers(1, 5),
    concentration=st.floats(0.3, 50),
    seed=st.integers(0, 99),
)
@settings(max_examples=40, deadline=None)
def test_each_face_is_of_one_client(labels: list[int], clients: int, concentration: float, seed: int) -> None:
    rows = np.array(labels)
    if len(np.unique(rows)) < 2:
        return
    try:
        parts = dirichlet(rows, clients, concentration, seed, least=5)
    except DataError:
        return
    assert sorted(np.concatenate(parts).tolist()) == list(range(len(rows)))
    assert all(len(part) >= 5 and len(np.unique(rows[part])) > 1 for part in parts)
    again = dirichlet(rows, clients, concentration, seed, least=5)
    assert all(np.array_equal(one, other) for one, other in zip(parts, again, strict=True))


def test_a_low_concentration_gives_clients_less_alike() -> None:
    labels = np.arange(4000) % 8

    def spread(concentration: float) -> float:
        parts = dirichlet(labels, 10, concentration, 1, least=10)
        shares = [np.bincount(labels[part], minlength=8) / len(part) for part in parts]
        return float(np.mean([share.max() for share in shares]))

    assert spread(0.1) > spread(0.5) > spread(100)
    assert spread(100) < 0.2


@pytest.mark.parametrize(
    ("clients", "concentration", "says"), [(0, 1.0, "one client or more"), (9, 0.01, "fewer clients")]
)
def test_what_cannot_be_dealt_is_said(clients: int, concentration: float, says: str) -> None:
    with pytest.raises(DataError, match=says):
        dirichlet(np.arange(40) % 8, clients, concentration, 1, least=8)


@pytest.mark.parametrize("share", [0.0, 0.2, 0.4, 1.0])
def test_as_many_labels_are_spoilt_as_asked_for(share: float) -> None:
    faces, rows = tiny.faces(200), np.arange(100)
    spoilt = flipped(faces, share, rows, 1)
    before, after = (select(each.votes, "argmax")[1] for each in (faces, spoilt))
    assert int((before != after).sum()) == round(share * 100)
    assert np.array_equal(before[100:], after[100:])
    assert select(spoilt.votes, "argmax")[0].all()


def test_wrong_labels_are_of_all_other_classes_alike() -> None:
    faces = tiny.faces(8000)
    spoilt = flipped(faces, 1.0, np.arange(8000), 1)
    before, after = (select(each.votes, "argmax")[1] for each in (faces, spoilt))
    counts = np.bincount((after - before) % 8, minlength=8)
    assert counts[0] == 0
    assert counts[1:].min() > 0.85 * 8000 / 7


def test_what_is_held_out_keeps_its_labels() -> None:
    clean = dict(clients_of(made.RECIPE, tiny.faces(400), 3, 1.0, 0.0, least=20))
    noisy = dict(clients_of(made.RECIPE, tiny.faces(400), 3, 1.0, 0.4, least=20))
    for name, faces in noisy.items():
        kept, held = hold_out(len(faces), made.RECIPE.data.held_out, made.RECIPE.seed)
        assert np.array_equal(faces.votes[held], clean[name].votes[held])
        changed = (faces.votes[kept] != clean[name].votes[kept]).any(axis=1).sum()
        assert changed == round(0.4 * len(kept))


def test_entropy_is_nought_where_all_agree() -> None:
    votes = np.array([[10, 0, 0, 0], [5, 5, 0, 0], [0, 0, 0, 0]], np.uint8)
    assert np.allclose(entropy(votes), [0, np.log(2), 0])


def test_a_client_that_has_too_little_is_told_what_to_do() -> None:
    few = tiny.faces(9)
    with pytest.raises(DataError, match="clinic has 7 faces to train on: give it 8 or more"):
        ClientFaces(made.RECIPE, few, "clinic")
    faces = tiny.faces(160)
    with pytest.raises(DataError, match="clinic has faces of one class alone"):
        ClientFaces(made.RECIPE, faces[np.arange(160) % 8 == 0], "clinic")
    with pytest.raises(DataError, match=r"those of clinic are \[1, 20, 20\]"):
        ClientFaces(made.RECIPE, type(faces)(faces.images[:, :, :20, :20], faces.votes), "clinic")


def test_a_pass_shows_each_face_at_most_once_and_again_the_same() -> None:
    its = ClientFaces(made.RECIPE, tiny.faces(100), "a")
    batches = list(its.epoch(5))
    assert [len(batch.images) for batch in batches] == [16] * (75 // 16)
    assert all(
        np.array_equal(one.images, other.images) for one, other in zip(batches, its.epoch(5), strict=True)
    )  # fmt: skip
    assert not np.array_equal(batches[0].images, next(its.epoch(6)).images)
