"""Flower's apps on one machine do what the plain loop does, to the last bit; and go on without who fails."""

import dataclasses
import json
from pathlib import Path

import pytest

from engines.errors import DataError
from tests import tiny
from tests.training.federated import made
from training.federated.rounds import Coordinator, run_rounds

pytest.importorskip("flwr", reason="needs the federate extra")

from training.federated.simulation import simulate
from training.federated.store import CLIENT, LOG, SENT, SERVER, load_client, restore_client, restore_coordinator


def _nothing(*_: object) -> None:
    pass


@pytest.mark.parametrize("name", ["amy", "fedrep", "local"])
def test_the_simulation_is_the_plain_loop_to_the_last_bit(name: str) -> None:
    recipe = made.recipe(name)
    plain, ours = Coordinator(recipe, tiny.words()), made.clients(recipe)
    run_rounds(plain, ours, _nothing)
    flower, theirs = Coordinator(recipe, tiny.words()), made.clients(recipe)
    simulate(flower, theirs, tiny.words(), folder=None, told=_nothing, notice=_nothing, workers=2)
    assert made.same(plain.weights, flower.weights)
    assert all(made.same(a.model.weights(), b.model.weights()) for a, b in zip(ours, theirs, strict=True))
    for one, other in zip(plain.log, flower.log, strict=True):
        assert one == {key: value for key, value in other.items() if key not in {"sent", "received"}}


def test_a_client_that_fails_is_named_and_the_round_goes_on() -> None:
    clients = made.clients()
    clients[1].recipe = made.recipe("amy", margin=0.3)  # another one than the server's
    said: list[str] = []
    coordinator = Coordinator(made.RECIPE, tiny.words())
    simulate(coordinator, clients, tiny.words(), folder=None, told=_nothing, notice=said.append, workers=1)
    assert coordinator.round == 2
    assert all(set(line["clients"]) == {"client-0", "client-2"} for line in coordinator.log)
    wanted = "Round 1 goes on without client-1: The server trains by another recipe or another version of Mien"
    assert sum(line.startswith(wanted) for line in said) == 1
    assert all("\n" not in line for line in said)


def test_a_client_says_what_its_noise_promises_it() -> None:
    pytest.importorskip("dp_accounting", reason="needs the federate extra")
    recipe, said = made.recipe(clip=1.0, noise=2.0), list[str]()
    coordinator = Coordinator(recipe, tiny.words())
    simulate(coordinator, made.clients(recipe), tiny.words(), folder=None, told=_nothing, notice=said.append)
    promises = [line.partition("Epsilon ")[2] for line in said if line.startswith("client-0") and "Epsilon" in line]
    first, second = (float(promise.split()[0]) for promise in promises)
    assert 0 < first < second
    assert all(promise.endswith("at delta 1e-05 so far.") for promise in promises)
    assert coordinator.final == {}


def test_where_every_client_fails_there_is_one_line() -> None:
    clients = made.clients()
    for client in clients:
        client.recipe = made.recipe("fedavg")
    coordinator = Coordinator(made.RECIPE, tiny.words())
    with pytest.raises(DataError, match="No client gave an update"):
        simulate(coordinator, clients, tiny.words(), folder=None, told=_nothing, notice=_nothing)


def test_a_federation_that_was_stopped_goes_on_as_if_it_had_not_been(tmp_path: Path) -> None:
    recipe = made.recipe("fedper", rounds=4)
    whole, all_along = Coordinator(recipe, tiny.words()), made.clients(recipe)
    simulate(whole, all_along, tiny.words(), folder=None, told=_nothing, notice=_nothing)

    def stop(done: int, _: object) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        simulate(
            Coordinator(recipe, tiny.words()), made.clients(recipe), tiny.words(),
            folder=tmp_path, told=stop, notice=_nothing,
        )  # fmt: skip
    coordinator, clients = Coordinator(recipe, tiny.words()), made.clients(recipe)
    restore_coordinator(coordinator, tmp_path)
    assert coordinator.round == 2
    assert all(restore_client(client, tmp_path / client.name) for client in clients)
    simulate(coordinator, clients, tiny.words(), folder=tmp_path, told=_nothing, notice=_nothing)
    assert made.same(coordinator.weights, whole.weights)
    assert all(made.same(a.personal, b.personal) for a, b in zip(clients, all_along, strict=True))
    assert [client.rounds for client in clients] == [4, 4, 4]
    sent = [json.loads(line) for line in (tmp_path / "client-0" / SENT).read_text().splitlines()]
    assert len(sent) == 4
    assert {line["total"] for line in sent} == {whole.log[0]["received"]["client-0"]["total"]}
    assert len((tmp_path / LOG).read_text().splitlines()) == 4


def test_what_is_kept_is_refused_where_it_does_not_fit(tmp_path: Path) -> None:
    coordinator, clients = Coordinator(made.RECIPE, tiny.words()), made.clients()
    assert not restore_client(clients[0], tmp_path)
    with pytest.raises(DataError, match=r"holds no federation\.safetensors"):
        restore_coordinator(coordinator, tmp_path)
    simulate(coordinator, clients, tiny.words(), folder=tmp_path, told=_nothing, notice=_nothing)
    with pytest.raises(DataError, match="begun with another recipe"):
        restore_coordinator(Coordinator(made.recipe("fedavg"), tiny.words()), tmp_path)
    with pytest.raises(DataError, match="trained by another recipe"):
        load_client(tmp_path / "client-0", dataclasses.replace(made.RECIPE, seed=9))
    for file in (tmp_path / SERVER, tmp_path / "client-0" / CLIENT):
        file.write_bytes(file.read_bytes()[:100])
    with pytest.raises(DataError, match="is damaged"):
        restore_coordinator(coordinator, tmp_path)
    with pytest.raises(DataError, match="is damaged"):
        restore_client(clients[0], tmp_path / "client-0")
