"""A secure sum comes to what the plain mean is, and no message of a client shows its update."""

from typing import cast

import numpy as np
import pytest

from engines.errors import DataError
from tests import tiny
from tests.training.federated import made
from training.federated.rounds import Coordinator

pytest.importorskip("flwr", reason="needs the federate extra")

from training.federated.flower import Message
from training.federated.simulation import LocalGrid, simulate


def _nothing(*_: object) -> None:
    pass


def test_the_sum_is_the_mean_of_all_who_count_alike() -> None:
    recipe = made.recipe("amy", secure=True, rounds=1)
    coordinator, said = Coordinator(recipe, tiny.words()), list[str]()
    sent = coordinator.broadcast()
    weights = {name: values.copy() for name, values in sent.weights.items()}
    updates = [client.train(sent) for client in made.clients(recipe)]
    simulate(coordinator, made.clients(recipe), tiny.words(), folder=None, told=_nothing, notice=said.append, workers=1)
    for name in weights:
        wanted = np.mean([update.weights[name] for update in updates], axis=0)
        assert np.allclose(coordinator.weights[name], wanted, atol=1e-4)
    shares = [update.prototypes.counts / update.prototypes.counts.sum() for update in updates]
    sums = sum(share[:, None] * update.prototypes.means for share, update in zip(shares, updates, strict=True))
    wanted = sums / np.sum(shares, axis=0)[:, None]
    assert np.allclose(coordinator.prototypes.means, wanted, atol=1e-3)
    assert set(coordinator.log[0]["clients"]) == {"client-0", "client-1", "client-2"}
    assert "loss" not in coordinator.log[0]
    assert len(coordinator.final) == 3


def test_no_message_shows_an_update(monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = made.recipe("amy", secure=True, rounds=1)
    replies: list[Message] = []
    carry = LocalGrid._carry

    def watched(grid: LocalGrid, message: Message) -> Message:
        replies.append(carry(grid, message))
        return replies[-1]

    monkeypatch.setattr(LocalGrid, "_carry", watched)
    coordinator, clients = Coordinator(recipe, tiny.words()), made.clients(recipe)
    simulate(coordinator, clients, tiny.words(), folder=None, told=_nothing, notice=_nothing, workers=1)
    assert len(replies) == 3 * (4 + 1)
    assert all(not record for reply in replies for record in reply.content.array_records.values())
    masked = [
        np.frombuffer(part[-400:], np.int64)
        for reply in replies
        for record in reply.content.config_records.values()
        for part in cast(list[bytes], record.get("masked_params", []))
        if len(part) > 1000
    ]
    assert masked
    # What is masked fills its range evenly, whatever is under it.
    spread = np.concatenate(masked) / 2**32
    assert abs(spread.mean() - 0.5) < 0.1
    assert spread.std() > 0.2


def test_two_clients_are_too_few() -> None:
    recipe = made.recipe("amy", secure=True)
    with pytest.raises(DataError, match="takes 3 clients, and 2 are there"):
        simulate(
            Coordinator(recipe, tiny.words()), made.clients(recipe, 2), tiny.words(),
            folder=None, told=_nothing, notice=_nothing,
        )  # fmt: skip


def test_a_client_that_leaves_midway_is_taken_out_of_the_sum(monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = made.recipe("amy", secure=True, rounds=1)
    clients = made.clients(recipe, 4)
    train = type(clients[0]).train

    def fails(client: object, broadcast: object) -> object:
        if client is clients[2]:
            raise DataError("The cable was pulled.")
        return train(client, broadcast)  # type: ignore[arg-type]

    monkeypatch.setattr(type(clients[0]), "train", fails)
    coordinator = Coordinator(recipe, tiny.words())
    before = {name: values.copy() for name, values in coordinator.weights.items()}
    simulate(coordinator, clients, tiny.words(), folder=None, told=_nothing, notice=_nothing, workers=1)
    others = [client.model.weights() for index, client in enumerate(clients) if index != 2]
    for name in before:
        assert np.allclose(coordinator.weights[name], np.mean([each[name] for each in others], axis=0), atol=1e-4)
