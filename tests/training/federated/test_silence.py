"""A federation reaches nobody but the server that it was told of, whatever Flower is asked to report."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.strace import outside, trace

pytest.importorskip("flwr", reason="needs the federate extra")

pytestmark = pytest.mark.timeout(300)

_ROOT = Path(__file__).resolve().parents[3]
_FEDERATION = """
import sys, threading
from pathlib import Path
from tests import tiny
from tests.training.federated import made
from training.federated.apps import client_app, server_app
from training.federated.certificates import AUTHORITY, CLIENTS, SERVER, SERVER_KEY
from training.federated.certificates import make_certificates, read_clients, read_key
from training.federated.node import FleetClient
from training.federated.rounds import Coordinator
from training.federated.server import FleetServer

keys, words = Path("keys"), tiny.words()
make_certificates(keys, ["localhost", "127.0.0.1"], ["a"])
coordinator, client = Coordinator(made.RECIPE, words), made.client()
with FleetServer("127.0.0.1", 0, keys / SERVER, keys / SERVER_KEY, read_clients(keys / CLIENTS)) as server:
    def take_part():
        app, key = client_app(lambda _: client, words, None, print), read_key(keys / CLIENTS / "a.key")
        with FleetClient(f"127.0.0.1:{server.port}", keys / AUTHORITY, key, app, notice=print) as connected:
            connected.run()
    thread = threading.Thread(target=take_part)
    thread.start()
    server.carry_out(server_app(coordinator, words, lambda: server.gather(1, 60), timeout=60, folder=None,
                                told=print, notice=print))
    thread.join()
assert coordinator.round == 2
"""


def test_a_federation_reaches_nobody_else(tmp_path: Path, child_environment: dict[str, str]) -> None:
    if shutil.which("strace") is None:
        pytest.skip("needs strace")
    if subprocess.run(["strace", "-f", "-o", os.devnull, "true"], capture_output=True, check=False).returncode != 0:
        pytest.skip("may not trace processes here")
    # A proxy that would be asked, were it heeded; and an order to report.
    environment = child_environment | {
        "PYTHONPATH": str(_ROOT),
        "FLWR_TELEMETRY_ENABLED": "1",
        "https_proxy": "http://192.0.2.1:3128",
        "OMP_NUM_THREADS": "1",
    }
    log = tmp_path / "network.strace"
    done = trace([sys.executable, "-c", _FEDERATION], log, tmp_path, environment, ())
    assert done.returncode == 0, done.stdout + done.stderr
    assert outside(log.read_text(errors="replace").splitlines()) == []
