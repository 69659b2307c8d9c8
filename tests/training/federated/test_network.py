"""A server and clients that speak HTTPS on loopback: the same result as in one process, and nobody else let in."""

import ssl
import stat
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engines.errors import FederationError, MienError
from tests import tiny
from tests.training.federated import made
from training.federated.local import Client
from training.federated.rounds import Coordinator

pytest.importorskip("flwr", reason="needs the federate extra")

import httpx
from flwr.supercore.protobuf.constants import PROTOBUF_MEDIA_TYPE

from training.federated.apps import client_app, server_app
from training.federated.certificates import (
    AUTHORITY,
    CLIENTS,
    SERVER,
    SERVER_KEY,
    make_certificates,
    read_clients,
    read_key,
)
from training.federated.node import FleetClient
from training.federated.server import FleetServer
from training.federated.simulation import simulate

_NAMES = ["client-0", "client-1", "client-2"]


def _nothing(*_: object) -> None:
    pass


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("certificates")
    make_certificates(folder, ["localhost", "127.0.0.1"], _NAMES)
    return folder


@pytest.fixture
def server(certificates: Path) -> Iterator[FleetServer]:
    keys = read_clients(certificates / CLIENTS)
    with FleetServer("127.0.0.1", 0, certificates / SERVER, certificates / SERVER_KEY, keys) as running:
        yield running


def _take_part(server: FleetServer, client: Client, certificates: Path, said: list[str]) -> threading.Thread:
    def run() -> None:
        app = client_app(lambda _: client, tiny.words(), None, said.append)
        key = read_key(certificates / CLIENTS / f"{client.name}.key")
        address = f"127.0.0.1:{server.port}"
        with FleetClient(address, certificates / AUTHORITY, key, app, notice=said.append) as connected:
            try:
                connected.run()
            except FederationError as error:
                said.append(f"{client.name} ended: {error}")

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_over_the_network_it_is_the_simulation_to_the_last_bit(server: FleetServer, certificates: Path) -> None:
    recipe = made.recipe("fedper")
    alone, ours = Coordinator(recipe, tiny.words()), made.clients(recipe)
    simulate(alone, ours, tiny.words(), folder=None, told=_nothing, notice=_nothing)
    coordinator, theirs, said = Coordinator(recipe, tiny.words()), made.clients(recipe), list[str]()
    threads = [_take_part(server, client, certificates, said) for client in theirs]
    app = server_app(
        coordinator, tiny.words(), lambda: server.gather(3, 60), timeout=60, folder=None, told=_nothing, notice=_nothing
    )
    server.carry_out(app)
    for thread in threads:
        thread.join(30)
    assert not any(thread.is_alive() for thread in threads)
    assert made.same(alone.weights, coordinator.weights)
    assert all(made.same(a.model.weights(), b.model.weights()) for a, b in zip(ours, theirs, strict=True))
    assert alone.final == coordinator.final
    assert alone.log == coordinator.log
    assert sum("bytes that leave: weights" in line for line in said) == 6


def test_a_client_of_another_version_is_named_and_the_round_goes_on(server: FleetServer, certificates: Path) -> None:
    clients, said, lines = made.clients(), list[str](), list[str]()
    clients[1].recipe = made.recipe("amy", margin=0.9)
    threads = [_take_part(server, client, certificates, said) for client in clients]
    coordinator = Coordinator(made.recipe("amy"), tiny.words())

    def present() -> dict[int, str]:
        return server.gather(3, 60) if coordinator.round == 0 else server.gather(2, 0)

    server.carry_out(
        server_app(coordinator, tiny.words(), present, timeout=60, folder=None, told=_nothing, notice=lines.append)
    )
    for thread in threads:
        thread.join(30)
    assert [set(line["clients"]) for line in coordinator.log] == [{"client-0", "client-2"}] * 2
    assert lines[0].startswith("Round 1 goes on without client-1: The server trains by another recipe")
    assert any(line.startswith("client-1 ended: The server trains by another recipe") for line in said)


def _refusal(server: FleetServer, authority: Path, key: Path) -> str:
    app = client_app(lambda _: made.client(), tiny.words(), None, _nothing)
    with (
        FleetClient(f"127.0.0.1:{server.port}", authority, read_key(key), app, notice=_nothing) as client,
        pytest.raises(FederationError) as refused,
    ):
        client.run()
    return str(refused.value)


def test_a_wrong_certificate_and_an_unknown_key_are_refused(
    server: FleetServer, certificates: Path, tmp_path: Path
) -> None:
    make_certificates(tmp_path, ["127.0.0.1"], ["client-0"])
    known, unknown = (folder / CLIENTS / "client-0.key" for folder in (certificates, tmp_path))
    assert "does not let this client in: give its public key" in _refusal(server, certificates / AUTHORITY, unknown)
    # An authority of somebody else's, who would like to be taken for the server.
    assert "is not the one that the certificate vouches for" in _refusal(server, tmp_path / AUTHORITY, known)
    assert not server.present


def test_a_server_under_another_name_is_refused(certificates: Path, tmp_path: Path) -> None:
    make_certificates(tmp_path, ["elsewhere.example"], ["client-0"])
    keys = read_clients(tmp_path / CLIENTS)
    with FleetServer("127.0.0.1", 0, tmp_path / SERVER, tmp_path / SERVER_KEY, keys) as other:
        key = tmp_path / CLIENTS / "client-0.key"
        assert "by a name that its own was made for" in _refusal(other, tmp_path / AUTHORITY, key)
    assert certificates.exists()


@pytest.mark.parametrize(
    ("path", "status"),
    [("/docs", 404), ("/openapi.json", 404), ("/v1/control/start-run", 404), ("/v1/runtime/pull-messages", 404),
     ("/v1/fleet/pull-messages", 401), ("/v1/fleet/register-node", 401)],
)  # fmt: skip
def test_the_server_has_no_other_doors(server: FleetServer, certificates: Path, path: str, status: int) -> None:
    trusted = ssl.create_default_context(cafile=str(certificates / AUTHORITY))
    with httpx.Client(verify=trusted, trust_env=False) as client:
        headers = {"content-type": PROTOBUF_MEDIA_TYPE, "accept": PROTOBUF_MEDIA_TYPE}
        url = f"https://127.0.0.1:{server.port}{path}"
        assert client.post(url, headers=headers).status_code == status
        with pytest.raises(httpx.HTTPError):
            client.post(url.replace("https", "http"))


def test_a_client_waits_for_a_server_that_is_not_there(certificates: Path) -> None:
    said: list[str] = []
    app = client_app(lambda _: made.client(), tiny.words(), None, _nothing)
    key = read_key(certificates / CLIENTS / "client-0.key")
    with FleetClient("127.0.0.1:9", certificates / AUTHORITY, key, app, notice=said.append) as client:
        thread = threading.Thread(target=client.run)
        thread.start()
        until = time.monotonic() + 30
        while not said and time.monotonic() < until:
            time.sleep(0.05)
    thread.join(30)
    assert said == ["The server 127.0.0.1:9 is not there. It is looked for again; Ctrl-C ends that."]


def test_private_keys_are_their_owners_alone_and_stay_as_they_are(tmp_path: Path) -> None:
    make_certificates(tmp_path, ["localhost"], ["a"])
    key = tmp_path / CLIENTS / "a.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / SERVER_KEY).stat().st_mode) == 0o600
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.*") if path.is_file()}
    make_certificates(tmp_path, ["localhost"], ["a", "b"])
    assert all(path.read_bytes() == content for path, content in before.items())
    assert set(read_clients(tmp_path / CLIENTS)) == {"a", "b"}


def test_bad_names_keys_and_addresses_give_one_line(tmp_path: Path, certificates: Path) -> None:
    (tmp_path / "a.pem").write_text("no key")
    busy = certificates / SERVER
    calls: list[tuple[Callable[[], object], str]] = [
        (lambda: make_certificates(tmp_path, ["localhost"], ["../evil"]), "no name for a client"),
        (lambda: read_key(tmp_path / "none.key"), "Cannot read the key"),
        (lambda: read_key(tmp_path / "a.pem"), "is no private key"),
        (lambda: read_clients(tmp_path), "is no public key"),
        (lambda: read_clients(tmp_path / "none"), "has no public key"),
        (lambda: FleetServer("127.0.0.1", 0, busy, tmp_path / "a.pem", {}), "Cannot use the certificate"),
        (lambda: FleetServer("192.0.2.1", 0, busy, certificates / SERVER_KEY, {}), "Cannot listen on 192"),
    ]
    for call, says in calls:
        with pytest.raises(MienError, match=says) as error:
            call()
        assert "\n" not in str(error.value)
