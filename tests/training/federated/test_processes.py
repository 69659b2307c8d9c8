"""Real processes on loopback with TLS: five rounds, one client killed in the second and back in the fourth."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from engines.assets import Assets
from tests.training.federated import made
from training.data import Faces, load_faces
from training.federated.certificates import AUTHORITY, CLIENTS, make_certificates
from training.federated.faces import ClientFaces
from training.federated.local import Client
from training.federated.rounds import Coordinator
from training.federated.store import SERVER, load_client, restore_coordinator
from training.words import class_embeddings

pytestmark = [
    pytest.mark.skipif(os.name == "nt", reason="needs signals that stop and kill"),
    pytest.mark.timeout(600),
]
pytest.importorskip("flwr", reason="needs the federate extra")

_ROOT = Path(__file__).resolve().parents[3]
_RECIPE = made.recipe("fedper", rounds=5)
_LONG = made.recipe("fedper", rounds=12)
_NAMES = ("clinic-a", "clinic-b", "clinic-c")
_PATIENCE_S = 240.0


class _Process:
    """A ``mien federate`` of its own; what it says is kept, line by line."""

    def __init__(self, environment: dict[str, str], *arguments: str | Path) -> None:
        command = [sys.executable, str(_ROOT / "main.py"), "federate", *map(str, arguments)]
        self._process = subprocess.Popen(
            command, cwd=_ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                self.lines.append(line.rstrip())

    def says(self, pattern: str) -> str:
        """Wait for a line that has ``pattern``."""
        until = time.monotonic() + _PATIENCE_S
        while time.monotonic() < until:
            for line in list(self.lines):
                if re.search(pattern, line):
                    return line
            if not self._reader.is_alive():
                break
            time.sleep(0.02)
        raise AssertionError(f"{pattern!r} was not said: {self.lines}")

    def send(self, number: int) -> None:
        self._process.send_signal(number)

    def end(self) -> int:
        """Wait for its end; how it ended."""
        code = self._process.wait(_PATIENCE_S)
        self._reader.join()
        return code

    def kill(self) -> None:
        self._process.kill()
        self.end()


@pytest.fixture
def world(tmp_path: Path, assets: Assets, child_environment: dict[str, str]) -> dict[str, Faces]:
    """The recipe, keys and faces of a federation below ``tmp_path``; the faces by client."""
    class_embeddings(assets, _RECIPE)  # skips here where the text encoder cannot be had
    make_certificates(tmp_path / "keys", ["localhost", "127.0.0.1"], _NAMES)
    made.write_recipe(_RECIPE, tmp_path / "recipe.toml")
    given = {}
    for name, (_, faces) in zip(_NAMES, made.dealt(_RECIPE), strict=True):
        np.savez(tmp_path / f"{name}.npz", images=faces.images[:, 0], votes=faces.votes)
        given[name] = load_faces(tmp_path / f"{name}.npz")
    assert child_environment
    return given


def _plain(world: dict[str, Faces], assets: Assets, away: dict[str, set[int]]) -> tuple[Coordinator, dict[str, Client]]:
    """The same rounds in one process, without those that were ``away``."""
    words = class_embeddings(assets, _RECIPE)
    coordinator = Coordinator(_RECIPE, words)
    clients = {
        name: Client(_RECIPE, ClientFaces(_RECIPE, faces, name), words, name) for name, faces in world.items()
    }  # fmt: skip
    while coordinator.round < _RECIPE.federated.rounds:
        there = [c for name, c in clients.items() if coordinator.round + 1 not in away.get(name, set())]
        sent = coordinator.broadcast()
        coordinator.absorb({client.name: client.train(sent) for client in there})
    return coordinator, clients


def test_three_processes_finish_five_rounds_though_one_is_killed_and_comes_back(
    tmp_path: Path, world: dict[str, Faces], assets: Assets, child_environment: dict[str, str]
) -> None:
    environment = {**child_environment, "OMP_NUM_THREADS": "1"}
    recipe, keys = tmp_path / "recipe.toml", tmp_path / "keys"

    def serve(port: str, *more: str) -> _Process:
        return _Process(
            environment, "server", recipe, "--certificates", keys, "--out", tmp_path / "server", "--port", port, *more
        )  # fmt: skip

    def start(name: str) -> _Process:
        return _Process(
            environment, "client", recipe, "--data", tmp_path / f"{name}.npz", "--server", f"127.0.0.1:{port}",
            "--authority", keys / AUTHORITY, "--key", keys / CLIENTS / f"{name}.key", "--out", tmp_path / "clients",
        )  # fmt: skip

    first = server = serve("0", "--wait", "0", "--until", "3")
    port = re.findall(r"port (\d+)", server.says("Listening on"))[0]
    running = {name: start(name) for name in _NAMES}
    try:
        # Stopped as soon as its first update is sent, it can have no part in the second round; then it is killed.
        running["clinic-c"].says("^Sent to")
        running["clinic-c"].send(signal.SIGSTOP)
        server.says("^round 1: 3 clients")
        running["clinic-c"].send(signal.SIGKILL)
        assert running["clinic-c"].end() == -signal.SIGKILL
        server.says("Round 2 goes on without clinic-c: it did not answer")
        server.says("^round 3: 2 clients")
        assert server.end() == 0
        running["clinic-c"] = start("clinic-c")
        server = serve(port, "--resume", "--least", "3")
        assert server.says("^round 4: 3 clients")
        assert server.says("^round 5: 3 clients")
        assert [server.end(), *(process.end() for process in running.values())] == [0] * 4
    finally:
        for process in (first, server, *running.values()):
            process.kill()
    plain, clients = _plain(world, assets, {"clinic-c": {2, 3}})
    coordinator = Coordinator(_RECIPE, class_embeddings(assets, _RECIPE))
    restore_coordinator(coordinator, tmp_path / "server")
    _close(coordinator.weights, plain.weights)
    for name, client in clients.items():
        _close(load_client(tmp_path / "clients" / name, _RECIPE)[0], client.model.weights())
    assert any(line.startswith("clinic-c goes on with what") for line in running["clinic-c"].lines)
    assert not any("Traceback" in line for process in (server, *running.values()) for line in process.lines)


def _close(one: dict[str, np.ndarray], other: dict[str, np.ndarray]) -> None:
    """The same within 1e-4: processes may have another number of threads, and so another order of sums."""
    assert set(one) == set(other)
    for name, values in one.items():
        assert np.allclose(values, other[name], rtol=1e-4, atol=1e-4), name


def test_a_server_that_is_killed_goes_on_from_its_last_round(
    tmp_path: Path, world: dict[str, Faces], child_environment: dict[str, str]
) -> None:
    environment = {**child_environment, "OMP_NUM_THREADS": "1"}
    recipe, keys = tmp_path / "recipe.toml", tmp_path / "keys"
    assert set(world) == set(_NAMES)
    made.write_recipe(_LONG, recipe)
    for name in _NAMES[2:]:
        (keys / CLIENTS / f"{name}.pem").unlink()

    def serve(port: str, *more: str) -> _Process:
        return _Process(
            environment, "server", recipe, "--certificates", keys, "--out", tmp_path / "server", "--port", port, *more
        )  # fmt: skip

    server = serve("0")
    port = re.findall(r"port (\d+)", server.says("Listening on"))[0]
    clients = [
        _Process(
            environment, "client", recipe, "--data", tmp_path / f"{name}.npz", "--server", f"127.0.0.1:{port}",
            "--authority", keys / AUTHORITY, "--key", keys / CLIENTS / f"{name}.key", "--out", tmp_path / "clients",
        )
        for name in _NAMES[:2]
    ]  # fmt: skip
    try:
        server.says("^round 2: 2 clients")
        server.send(signal.SIGKILL)
        server.end()
        done = json.loads((tmp_path / "server" / "log.jsonl").read_text().splitlines()[-1])["round"]
        assert 2 <= done < 12
        server = serve(port, "--resume")
        server.says(f"^round {done + 1}: 2 clients")
        assert [server.end(), *(process.end() for process in clients)] == [0, 0, 0]
        assert "12 rounds are done." in server.lines
        assert all(process.says("It is looked for again") for process in clients)
    finally:
        for process in (server, *clients):
            process.kill()
    assert (tmp_path / "server" / SERVER).exists()
