"""Engines are measured side by side, at once or when there is time."""

import math
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from engines import machine, measuring, registry
from engines.base import EngineName
from engines.choice import recall
from engines.measuring import SIZES, measure, measure_later
from engines.package import ModelPackage
from tests import tiny
from tests.engines.fakes import NoCard, entry, of_every_fate

pytestmark = pytest.mark.usefixtures("memory")

_ONNXRUNTIME = registry.entry_of(EngineName.ONNXRUNTIME)
_ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _fakes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Engines of every fate; nothing was asked of this program yet."""
    monkeypatch.setattr(registry, "ENTRIES", of_every_fate())
    monkeypatch.setattr(measuring, "_asked", set())
    monkeypatch.setattr(measuring, "_SECONDS_A_SIZE", 0.001)


@pytest.mark.parametrize("every", [False, True])
def test_what_runs_gets_figures_and_what_does_not_a_reason(*, every: bool) -> None:
    package = tiny.package()
    found = {measured.engine: measured for measured in measure(package, every=every)}
    running = {EngineName.OPENVINO, EngineName.TORCH} if every else {EngineName.OPENVINO}
    assert set(found) == running | {EngineName.ONNXRUNTIME}
    for name in running:
        p50_ms = found[name].p50_ms
        assert p50_ms is not None
        assert set(p50_ms) == set(SIZES)
        assert min(p50_ms.values()) > 0
        assert (found[name].device, found[name].precision) == ("CPU", "exact")
    assert found[EngineName.ONNXRUNTIME].failure == "There is no card."
    assert {measured.engine: measured for measured in recall(package)} == found


def test_beside_other_work_there_are_figures_but_none_to_go_by(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine.Load, "of_others", lambda _: 0.5)
    [measured] = [each for each in measure(tiny.package()) if not each.failure]
    assert measured.p50_ms
    assert measured.cost == math.inf
    assert "beside other work" in measured.notes[-1]
    assert recall(tiny.package()) == ()


def test_nothing_is_remembered_where_no_engine_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "ENTRIES", (entry(EngineName.OPENVINO, NoCard),))
    assert [measured.failure for measured in measure(tiny.package())] == ["There is no card."]
    assert recall(tiny.package()) == ()


@pytest.mark.parametrize("steps", [0, 1, 2, 5, 20])
def test_stopped_at_any_moment_it_remembers_nothing(steps: int) -> None:
    left = iter(range(steps))
    assert measure(tiny.package(), going=lambda: next(left, None) is not None) == ()
    assert recall(tiny.package()) == ()


def test_later_is_once_and_not_now(monkeypatch: pytest.MonkeyPatch) -> None:
    measured = threading.Semaphore(0)
    monkeypatch.setattr(measuring, "measure", lambda _, going: measured.release() if going() else None)
    monkeypatch.setattr(measuring, "_PAUSE_SECONDS", 0.01)
    for _ in range(3):
        measure_later(tiny.package())
    assert measured.acquire(timeout=30)
    for thread in [thread for thread in threading.enumerate() if thread.name == "mien-measure-engines"]:
        thread.join(30)
    assert not measured.acquire(blocking=False)


_ENDS_AT_ONCE = """
from engines import measuring
from tests import tiny
measuring._PAUSE_SECONDS = float({pause})
measuring.measure_later(tiny.package())
print("done")
"""


@pytest.mark.parametrize("pause", ["3600", "0"])
def test_the_end_of_the_program_does_not_wait_for_it(pause: str, child_environment: dict[str, str]) -> None:
    command = [sys.executable, "-c", _ENDS_AT_ONCE.format(pause=pause)]
    done = subprocess.run(
        command, cwd=_ROOT, env=child_environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "done\n", "")


def test_a_model_without_an_encoder_fails_and_is_not_remembered(
    monkeypatch: pytest.MonkeyPatch, own_package: ModelPackage
) -> None:
    own_package.encoder.write_bytes(b"no encoder")
    monkeypatch.setattr(registry, "ENTRIES", (_ONNXRUNTIME,))
    assert [measured.p50_ms for measured in measure(own_package)] == [None]
    assert recall(own_package) == ()
