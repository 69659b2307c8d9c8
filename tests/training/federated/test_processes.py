"""Real processes on loopback with TLS: a client is killed and comes back, and so is the server."""

import json
import os
import re
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest

import main
from engines.assets import Assets
from tests.training.federated import made
from training.data import Faces, load_faces, save_faces
from training.federated.faces import ClientFaces
from training.federated.local import Client
from training.federated.rounds import Coordinator
from training.federated.store import SERVER, load_client, restore_coordinator
from training.recipe import Recipe
from training.words import class_embeddings

pytest.importorskip("flwr", reason="needs the federate extra")

from training.federated.certificates import AUTHORITY, CLIENTS, make_certificates

pytestmark = [
    pytest.mark.skipif(os.name == "nt", reason="needs signals that stop and kill"),
    pytest.mark.timeout(600),
]

_NAMES = ("clinic-a", "clinic-b", "clinic-c")
_PATIENCE_S = 240.0
_FORKS = get_context("forkserver")
# What all of these processes import is imported once, by the one that they are forked from.
_FORKS.set_forkserver_preload([__name__, *(f"training.federated.{name}" for name in ("opening", "node", "server"))])


def _mien(arguments: list[str], said: Path) -> None:
    """The command line in a process of its own, with all that it says in ``said``."""
    with said.open("w") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    sys.argv = ["mien", "federate", *arguments]
    main.main()


class _Process:
    """A ``mien federate`` of its own."""

    def __init__(self, said: Path, *arguments: str | Path) -> None:
        self._said = said
        self._process = _FORKS.Process(target=_mien, args=([str(each) for each in arguments], said))
        self._process.start()

    @property
    def lines(self) -> list[str]:
        """What it has said so far."""
        return self._said.read_text().splitlines() if self._said.exists() else []

    def says(self, pattern: str) -> str:
        """Wait for a line that has ``pattern``."""
        until, alive = time.monotonic() + _PATIENCE_S, True
        while alive and time.monotonic() < until:
            alive = self._process.is_alive()  # asked first: what it said last counts too
            for line in self.lines:
                if re.search(pattern, line):
                    return line
            time.sleep(0.02)
        raise AssertionError(f"{pattern!r} was not said: {self.lines}")

    def send(self, number: int) -> None:
        assert self._process.pid is not None
        os.kill(self._process.pid, number)

    def end(self) -> int | None:
        """Wait for its end; how it ended."""
        self._process.join(_PATIENCE_S)
        return self._process.exitcode

    def kill(self) -> int | None:
        self._process.kill()
        return self.end()


class _Federation:
    """Keys, faces and recipe of a federation in ``folder``, and its processes, of which none outlives it."""

    def __init__(self, folder: Path, recipe: Recipe, names: tuple[str, ...]) -> None:
        self.folder, self.recipe = folder, recipe
        self._keys, self._port = folder / "keys", "0"
        self._started: list[_Process] = []
        make_certificates(self._keys, ["localhost", "127.0.0.1"], names)
        self._file = made.write_recipe(recipe, folder / "recipe.toml")
        self.faces: dict[str, Faces] = {}
        for name, (_, faces) in zip(names, made.dealt(recipe, len(names)), strict=True):
            save_faces(faces, folder / f"{name}.npz")
            # As the client reads them: how an array lies in memory decides in which order sums are made.
            self.faces[name] = load_faces(folder / f"{name}.npz")

    def serve(self, *more: str) -> _Process:
        """A server, which listens; each on the port of the first."""
        server = self._start(
            "server", self._file, "--certificates", self._keys, "--out", self.folder / "server",
            "--port", self._port, *more,
        )  # fmt: skip
        (self._port,) = re.findall(r"port (\d+)", server.says("Listening on"))
        return server

    def join(self, name: str) -> _Process:
        """A client."""
        return self._start(
            "client", self._file, "--data", self.folder / f"{name}.npz", "--server", f"127.0.0.1:{self._port}",
            "--authority", self._keys / AUTHORITY, "--key", self._keys / CLIENTS / f"{name}.key",
            "--out", self.folder / "clients",
        )  # fmt: skip

    def _start(self, *arguments: str | Path) -> _Process:
        self._started.append(_Process(self.folder / f"said-{len(self._started)}", *arguments))
        return self._started[-1]

    def end(self) -> list[str]:
        """Kill what runs still; all that was said."""
        for process in self._started:
            process.kill()
        return [line for process in self._started for line in process.lines]


@contextmanager
def _federation(folder: Path, recipe: Recipe, names: tuple[str, ...] = _NAMES) -> Iterator[_Federation]:
    made_of = _Federation(folder, recipe, names)
    try:
        yield made_of
    finally:
        said = made_of.end()
    assert not any("Traceback" in line for line in said)


def _plain(federation: _Federation, assets: Assets, away: dict[str, set[int]]) -> tuple[Coordinator, dict[str, Client]]:
    """The same rounds in one process, without those that were ``away``."""
    recipe, words = federation.recipe, class_embeddings(assets, federation.recipe)
    coordinator = Coordinator(recipe, words)
    clients = {
        name: Client(recipe, ClientFaces(recipe, faces, name), words, name) for name, faces in federation.faces.items()
    }
    while coordinator.round < recipe.federated.rounds:
        there = [c for name, c in clients.items() if coordinator.round + 1 not in away.get(name, set())]
        sent = coordinator.broadcast()
        coordinator.absorb({client.name: client.train(sent) for client in there})
    return coordinator, clients


def _close(one: dict[str, np.ndarray], other: dict[str, np.ndarray]) -> None:
    """The same within 1e-4: processes may have another number of threads, and so another order of sums."""
    assert set(one) == set(other)
    for name, values in one.items():
        assert np.allclose(values, other[name], rtol=1e-4, atol=1e-4), name


def test_three_processes_finish_five_rounds_though_one_is_killed_and_comes_back(tmp_path: Path, assets: Assets) -> None:
    recipe = made.recipe("fedper", rounds=5)
    with _federation(tmp_path, recipe) as federation:
        server = federation.serve("--wait", "0", "--until", "3")
        running = {name: federation.join(name) for name in _NAMES}
        # Stopped as soon as its first update is sent, it can have no part in the second round; then it is killed.
        running["clinic-c"].says("^Sent to")
        running["clinic-c"].send(signal.SIGSTOP)
        server.says("^round 1: 3 clients")
        assert running["clinic-c"].kill() == -signal.SIGKILL
        server.says("Round 2 goes on without clinic-c: it did not answer")
        server.says("^round 3: 2 clients")
        assert server.end() == 0
        running["clinic-c"] = federation.join("clinic-c")
        server = federation.serve("--resume", "--least", "3")
        server.says("^round 4: 3 clients")
        server.says("^round 5: 3 clients")
        assert [server.end(), *(process.end() for process in running.values())] == [0] * 4
        assert any(line.startswith("clinic-c goes on with what") for line in running["clinic-c"].lines)
        plain, clients = _plain(federation, assets, {"clinic-c": {2, 3}})
    coordinator = Coordinator(recipe, class_embeddings(assets, recipe))
    restore_coordinator(coordinator, tmp_path / "server")
    _close(coordinator.weights, plain.weights)
    for name, client in clients.items():
        _close(load_client(tmp_path / "clients" / name, recipe)[0], client.model.weights())


@pytest.mark.usefixtures("assets")
def test_a_server_that_is_killed_goes_on_from_its_last_round(tmp_path: Path) -> None:
    with _federation(tmp_path, made.recipe("fedper", rounds=4), _NAMES[:2]) as federation:
        server = federation.serve()
        clients = [federation.join(name) for name in _NAMES[:2]]
        # With one of them stopped, there is no end before the server is killed.
        server.says("^round 2: 2 clients")
        clients[0].send(signal.SIGSTOP)
        assert server.kill() == -signal.SIGKILL
        clients[0].send(signal.SIGCONT)
        done = json.loads((tmp_path / "server" / "log.jsonl").read_text().splitlines()[-1])["round"]
        assert 2 <= done < 4
        assert all(process.says("It is looked for again") for process in clients)
        server = federation.serve("--resume")
        server.says(f"^round {done + 1}: 2 clients")
        assert [server.end(), *(process.end() for process in clients)] == [0, 0, 0]
        assert "4 rounds are done." in server.lines
    assert (tmp_path / "server" / SERVER).exists()
