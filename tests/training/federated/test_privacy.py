"""What leaves a client: no picture, nothing but what is listed, and with clip and noise no more than they allow."""

import dataclasses
import math
from typing import Any

import numpy as np
import pytest

from engines.errors import DataError
from tests import tiny
from tests.training.federated import made
from training.federated.exchange import Broadcast, Update
from training.federated.privacy import epsilon, protected
from training.federated.prototypes import Prototypes
from training.federated.rounds import Coordinator, run_rounds
from training.federated.strategies import STRATEGIES

pytest.importorskip("flwr", reason="needs the federate extra")

from training.federated.flower import Array, ArrayRecord, MetricRecord
from training.federated.wire import FIGURES, mark, pack_broadcast, pack_update, read_broadcast, read_update, size


def _sent(name: str = "amy", **changes: Any) -> tuple[Broadcast, Update]:
    recipe = made.recipe(name, **changes)
    broadcast = dataclasses.replace(Coordinator(recipe, tiny.words()).broadcast(), round=1)
    return broadcast, made.client(recipe).train(broadcast)


def _length(update: Update, broadcast: Broadcast) -> float:
    changes = [update.weights[name] - broadcast.weights[name] for name in update.weights]
    changes.append(update.prototypes.means - broadcast.prototypes.means)
    return math.sqrt(sum(float(np.square(change.astype(float)).sum()) for change in changes))


@pytest.mark.parametrize("name", STRATEGIES)
def test_no_tensor_the_size_of_a_picture_is_ever_sent(name: str) -> None:
    recipe = made.recipe(name)
    client = made.client(recipe)
    update = client.train(Coordinator(recipe, tiny.words()).broadcast())
    content = pack_update(update)
    side = recipe.encoder.size
    shapes = [values.shape for values in (*update.weights.values(), update.prototypes.means, update.prototypes.counts)]
    packed = sum(math.prod(array.shape) for record in content.array_records.values() for array in record.values())
    assert packed == sum(math.prod(shape) for shape in shapes)
    for shape in shapes:
        # No picture, no batch of them, no row of pixels of one; and nothing that counts the faces of this client.
        assert shape[-2:] != (side, side)
        assert side * side * recipe.encoder.channels not in (*shape, math.prod(shape[1:]))
        assert not {len(client.faces), len(client.faces.held)} & set(shape)
    # The largest thing sent is as large as a layer, however many faces there are.
    more = made.client(recipe, count=128).train(Coordinator(recipe, tiny.words()).broadcast())
    assert size(pack_update(more)) == size(content)


def test_what_is_sent_is_what_is_listed() -> None:
    _, update = _sent()
    content = pack_update(update)
    assert set(content) == {"weights", "prototypes", "figures"}
    assert set(content.metric_records["figures"]) == {"faces", *FIGURES}
    assert set(content.array_records["prototypes"]) == {"means", "counts"}
    assert set(content.array_records["weights"]) == {"row"}
    assert not any(name.startswith("estimator.") for name in update.weights)
    assert size(content)["total"] == sum(count for part, count in size(content).items() if part != "total")
    assert size(content)["weights"] == sum(len(a.data) for a in content.array_records["weights"].values())


def test_local_training_sends_numbers_alone() -> None:
    _, update = _sent("local")
    assert not update.weights
    assert not update.prototypes.counts.any()


def test_messages_come_out_as_they_went_in() -> None:
    broadcast, update = _sent()
    its = mark(made.RECIPE, tiny.words())
    again = read_broadcast(pack_broadcast(broadcast, its), its, broadcast.weights)
    assert made.same(again.weights, broadcast.weights)
    assert again.round == 1
    back = read_update(pack_update(update), broadcast.weights)
    assert made.same(back.weights, update.weights)
    assert np.array_equal(back.prototypes.means, update.prototypes.means)
    assert (back.faces, back.figures) == (update.faces, update.figures)


def test_a_server_of_another_version_or_recipe_is_refused() -> None:
    broadcast, _ = _sent()
    its, other = (mark(recipe, tiny.words()) for recipe in (made.RECIPE, made.recipe("fedavg")))
    with pytest.raises(DataError, match="another recipe or another version"):
        read_broadcast(pack_broadcast(broadcast, other), its, broadcast.weights)
    less = {name: values for name, values in broadcast.weights.items() if "project" not in name}
    with pytest.raises(DataError, match="were expected: use one recipe"):
        read_broadcast(pack_broadcast(broadcast, its), its, less)


def test_pickles_and_other_numbers_are_refused() -> None:
    _, update = _sent()
    content = pack_update(update)
    evil = (
        np.lib.format.magic(1, 0) + b"v\x00{'descr': '|O', 'fortran_order': False, 'shape': (1,), }".ljust(120) + b"\n"
    )
    for array in (Array("float32", (1,), "numpy.ndarray", evil), Array(np.zeros(3)), Array("float32", (9,), "x", b"")):
        content["weights"] = ArrayRecord({"a": array})
        with pytest.raises(DataError, match="The array a of a message is"):
            read_update(content, update.weights)
    content["weights"] = ArrayRecord({})
    with pytest.raises(DataError, match="holds no weights or prototypes"):
        read_update(content, update.weights)
    content = pack_update(update)
    content["figures"] = MetricRecord({"faces": 3, "names": 3})
    with pytest.raises(DataError, match="not laid out as expected"):
        read_update(content, update.weights)


def test_without_a_clip_nothing_is_changed() -> None:
    broadcast, update = _sent()
    assert protected(update, broadcast, made.RECIPE.federated, np.random.default_rng(0)) is update


@pytest.mark.parametrize("clip", [0.01, 0.5, 1e6])
def test_no_update_is_longer_than_the_clip(clip: float) -> None:
    broadcast, update = _sent("amy", clip=clip)
    assert _length(update, broadcast) <= clip * (1 + 1e-4)
    assert (update.faces, update.figures) == (1, {})
    assert (update.prototypes.counts == 1).all()
    assert not any("running" in name for name in update.weights)


def test_a_short_update_is_left_as_it_is() -> None:
    broadcast, update = _sent("fedavg")
    choices = made.recipe("fedavg", clip=1e6).federated
    sent = protected(update, broadcast, choices, np.random.default_rng(0))
    assert all(np.allclose(sent.weights[name], update.weights[name], atol=1e-6) for name in update.weights)


def test_noise_has_the_deviation_that_is_accounted_for() -> None:
    weights = {"a": np.zeros(40_000, np.float32)}
    broadcast = Broadcast(0, weights, Prototypes.none(2, 3))
    update = Update({"a": np.full(40_000, 1.0, np.float32)}, Prototypes.none(2, 3), 7)
    choices = made.recipe(clip=2.0, noise=0.5).federated
    sent = protected(update, broadcast, choices, np.random.default_rng(0)).weights["a"]
    assert sent.std() == pytest.approx(1.0, rel=0.02)
    assert sent.mean() == pytest.approx(0.01, abs=0.02)
    # A class that nobody has stays where it was: without faces there is nothing to hide, and nothing to say.
    assert not protected(update, broadcast, choices, np.random.default_rng(0)).prototypes.means.any()


def test_a_private_federation_runs_and_its_noise_is_never_the_same() -> None:
    recipe = made.recipe(clip=1.0, noise=0.1)
    logs = []
    for _ in range(2):
        coordinator = Coordinator(recipe, tiny.words())
        run_rounds(coordinator, made.clients(recipe), lambda *_: None)
        assert "accuracy" not in coordinator.log[-1]
        logs.append(coordinator.weights)
    assert not made.same(*logs)


def test_epsilon_is_that_of_the_gaussian_mechanism() -> None:
    pytest.importorskip("dp_accounting", reason="needs the federate extra")
    # Renyi divergence of order a is a / (2 z^2) a round; the best order over a fine grid bounds epsilon from above.
    noise, rounds, delta = 2.0, 10, 1e-5
    plain = min(rounds * a / (2 * noise**2) + math.log(1 / delta) / (a - 1) for a in np.linspace(1.1, 60, 4000))
    assert 0.7 * plain < epsilon(noise, rounds, delta) <= plain + 0.01
    assert epsilon(4.0, rounds) < epsilon(2.0, rounds) < epsilon(2.0, 2 * rounds)
    assert epsilon(0.0, 3) == math.inf
    assert epsilon(1.0, 0) == 0


def test_noise_without_a_clip_is_refused() -> None:
    with pytest.raises(DataError, match=r"set federated\.clip too"):
        Coordinator(made.recipe(noise=1.0), tiny.words())
