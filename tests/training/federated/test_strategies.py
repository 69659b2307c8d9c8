"""What each strategy sends and keeps, and that the rounds come out the same again."""

import dataclasses

import numpy as np
import pytest

from engines.errors import DataError
from tests import tiny
from tests.training.federated import made
from training.federated.exchange import Broadcast, Update
from training.federated.faces import ClientFaces
from training.federated.local import Client
from training.federated.prototypes import Prototypes
from training.federated.rounds import Coordinator, run_rounds
from training.federated.strategies import STRATEGIES

_SENT = {"amy": "all", "fedavg": "all", "fedprox": "all", "fedper": "body", "fedrep": "body", "local": "nothing"}


def _run(name: str, head: str = "text", **changes: object) -> tuple[Coordinator, list[Client]]:
    recipe = made.recipe(name, head=head, **changes)
    coordinator, clients = Coordinator(recipe, tiny.words()), made.clients(recipe)
    run_rounds(coordinator, clients, lambda *_: None)
    return coordinator, clients


@pytest.mark.parametrize("head", ["text", "linear"])
@pytest.mark.parametrize("name", STRATEGIES)
def test_what_is_sent_and_what_stays(name: str, head: str) -> None:
    client = made.client(made.recipe(name, head=head))
    shared, personal = set(client.shared), set(client.personal)
    assert not shared & personal
    assert shared | personal == set(client.model.weights())
    assert {n for n in client.model.weights() if n.startswith("estimator.")} <= personal
    classifier = {"guided.words"} if head == "linear" else {n for n in shared | personal if ".encoder.project." in n}
    assert classifier
    match _SENT[name]:
        case "all":
            assert classifier <= shared
        case "body":
            assert classifier <= personal
            assert shared
        case _:
            assert not shared
    assert ("guided.words" in shared | personal) == (head == "linear")


@pytest.mark.parametrize("name", STRATEGIES)
def test_what_stays_differs_and_what_is_common_is_common(name: str) -> None:
    coordinator, clients = _run(name)
    update = clients[0].train(dataclasses.replace(coordinator.broadcast(), round=0))
    assert set(update.weights) == set(coordinator.weights)
    assert len(coordinator.log) == 2
    assert coordinator.log[-1]["round"] == 2
    one, other = (each.personal for each in clients[1:])
    assert not made.same(one, other) or name in {"fedavg", "fedprox"}


def test_the_common_weights_are_the_mean_by_numbers_of_faces() -> None:
    recipe = made.recipe("fedavg", rounds=1)
    coordinator, clients = Coordinator(recipe, tiny.words()), made.clients(recipe)
    sent = coordinator.broadcast()
    updates = {client.name: client.train(sent) for client in clients}
    coordinator.absorb(updates)
    total = sum(update.faces for update in updates.values())
    for name, values in coordinator.weights.items():
        wanted = sum(update.weights[name].astype(float) * update.faces for update in updates.values()) / total
        assert np.allclose(values, wanted, atol=1e-6)


@pytest.mark.parametrize("name", ["amy", "fedrep"])
def test_the_same_federation_is_the_same_to_the_last_bit(name: str) -> None:
    (one, ours), (other, theirs) = _run(name), _run(name)
    assert made.same(one.weights, other.weights)
    assert one.log == other.log
    assert all(made.same(a.personal, b.personal) for a, b in zip(ours, theirs, strict=True))


def test_the_order_in_which_clients_answer_makes_no_difference() -> None:
    recipe = made.recipe("amy", rounds=1)
    clients = made.clients(recipe)
    one, other = Coordinator(recipe, tiny.words()), Coordinator(recipe, tiny.words())
    updates = {client.name: client.train(one.broadcast()) for client in clients}
    one.absorb(updates)
    other.absorb(dict(reversed(updates.items())))
    assert made.same(one.weights, other.weights)


def test_proximal_keeps_nearer_to_what_is_common() -> None:
    def way(weight: float) -> float:
        client = made.client(made.recipe("fedprox", proximal=weight))
        sent = Broadcast(0, client.shared, Prototypes.none(8, 384))
        after = client.train(sent).weights
        return float(sum(np.square(after[name] - sent.weights[name]).sum() for name in after if ".weight" in name))

    assert way(5.0) < way(0.0)


def test_fedrep_trains_the_head_before_the_rest() -> None:
    client = made.client(made.recipe("fedrep"))
    assert [len(client.faces) > 0, client.strategy.head_first] == [True, True]
    before = client.model.weights()
    client.train(Coordinator(client.recipe, tiny.words()).broadcast())
    after = client.model.weights()
    moved = {name for name in before if not np.array_equal(before[name], after[name])}
    assert any(".project." in name for name in moved)
    assert any(".stem." in name for name in moved)
    assert all(p.requires_grad for n, p in client.model.named_parameters() if n.startswith("guided.encoder"))


@pytest.mark.parametrize("block", ["uncertainty", "propagation", "prototypes"])
def test_each_block_can_be_left_out(block: str) -> None:
    (whole, _), (less, clients) = _run("amy"), _run("amy", "text", **{block: 0.0})
    assert not made.same(whole.weights, less.weights)
    if block == "prototypes":
        assert not less.prototypes.counts.any()
    if block == "uncertainty":
        fresh = made.client(clients[0].recipe).personal
        assert made.same(clients[0].personal, fresh)


def test_without_any_block_amy_is_fedavg() -> None:
    (amy, _), (fedavg, _) = _run("amy", uncertainty=0.0, propagation=0.0, prototypes=0.0), _run("fedavg")
    assert made.same(amy.weights, fedavg.weights)


def test_a_federation_learns() -> None:
    recipe = made.recipe("amy", rounds=4)
    recipe = dataclasses.replace(recipe, optimiser=dataclasses.replace(recipe.optimiser, epochs=5))
    coordinator = Coordinator(recipe, tiny.words())
    faces = made.dealt(recipe, 2, 480)
    clients = [Client(recipe, ClientFaces(recipe, its, name), tiny.words(), name) for name, its in faces]
    run_rounds(coordinator, clients, lambda *_: None)
    assert coordinator.log[-1]["personal"] > 0.5
    assert coordinator.log[-1]["accuracy"] > 0.5


def _update(coordinator: Coordinator, **changes: object) -> Update:
    plain = Update(
        dict(coordinator.weights), coordinator.prototypes, 10, {"loss": 1.0, "accuracy": 0.5, "personal": 0.5}
    )
    return dataclasses.replace(plain, **changes)  # type: ignore[arg-type]


def test_an_update_that_does_not_fit_is_named_and_changes_nothing() -> None:
    coordinator = Coordinator(made.RECIPE, tiny.words())
    before = {name: values.copy() for name, values in coordinator.weights.items()}
    some = next(iter(before))
    wrong = [
        ({**before, some: before[some][..., :1, :1]}, "clinic sent other weights"),
        ({**before, some: np.full_like(before[some], np.nan)}, "clinic sent numbers that are none"),
        ({**before, "more": np.zeros(3, np.float32)}, "clinic sent other weights"),
    ]
    for weights, says in wrong:
        with pytest.raises(DataError, match=says):
            coordinator.absorb({"clinic": _update(coordinator, weights=weights)})
    with pytest.raises(DataError, match="No client gave an update"):
        coordinator.absorb({})
    assert coordinator.round == 0
    assert made.same(coordinator.weights, before)


def test_a_client_takes_no_weights_but_those_it_shares() -> None:
    client = made.client(made.recipe("fedper"))
    whole = made.client(made.recipe("fedavg")).shared
    with pytest.raises(DataError, match="a shares other weights than the federation"):
        client.receive(whole)
    some = next(iter(client.shared))
    with pytest.raises(DataError, match=f"The weights {some} are"):
        client.receive({**client.shared, some: np.zeros((1, 2, 3), np.float32)})


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"federated": {"rounds": 0}}, "set federated.rounds"),
        ({"federated": {"strategy": "fedsomething"}}, "choose one of amy, fedavg"),
        ({"federated": {"alpha": 1.0}}, "alpha and sure in 0..1"),
        ({"federated": {"prototypes": -1.0}}, "are 0 or more"),
        ({"objective": {"contrast": 0.5}}, "by similarity alone"),
        ({"distillation": {"objective": "online", "features": 1.0}}, "have no teacher"),
        ({"data_free": {"generator": "fast"}}, "have no teacher"),
        ({"data": {"left_out": "anger"}}, "leave data.left_out and"),
        ({"data": {"privileged": "votes"}}, "data.privileged empty"),
    ],
)
def test_a_recipe_that_is_not_for_a_federation_is_refused(changes: dict[str, dict[str, object]], says: str) -> None:
    parts = {name: dataclasses.replace(getattr(made.RECIPE, name), **those) for name, those in changes.items()}
    with pytest.raises(DataError, match=says):
        Coordinator(dataclasses.replace(made.RECIPE, **parts), tiny.words())
