"""What ``mien engines`` says: of what is here, what is missing, and what auto takes."""

from typing import Any

import pytest

from engines import machine, registry
from engines.base import EngineName
from engines.choice import Measured, remember
from engines.listing import Unavailable, describe, unavailable
from engines.package import ModelPackage
from engines.registry import Entry
from tests import tiny
from tests.engines.fakes import entry, missing, of_every_fate

pytestmark = pytest.mark.usefixtures("memory")

TENSORRT, OPENVINO, ONNXRUNTIME, TORCH = "tensorrt", "openvino", "onnxruntime", "torch"


@pytest.fixture(autouse=True)
def _fakes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "ENTRIES", of_every_fate())


def _by_name(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {engine["engine"]: engine for engine in document["engines"]}


def test_each_engine_is_said_with_what_it_is_or_what_it_needs() -> None:
    document = describe(tiny.package())
    assert (document["model"], document["cores"]) == ("tiny", machine.cores())
    found = _by_name(document)
    assert [found[TENSORRT][part] for part in ("installed", "add", "version")] == [False, "pip install tensorrt", None]
    assert found[OPENVINO]["installed"]
    assert found[OPENVINO]["version"]
    assert (found[OPENVINO]["device"], found[OPENVINO]["precision"], found[OPENVINO]["add"]) == ("CPU", "exact", None)
    assert set(found[OPENVINO]["p50_ms"]) == {"1", "4", "12"}
    assert found[ONNXRUNTIME]["notes"] == ["There is no card."]
    assert [name for name, engine in found.items() if engine["auto"]] == [OPENVINO]


def test_what_takes_long_to_load_is_measured_when_asked_for() -> None:
    assert _by_name(describe(tiny.package()))[TORCH]["p50_ms"] is None
    assert _by_name(describe(tiny.package(), anew=True))[TORCH]["p50_ms"] is not None
    assert _by_name(describe(tiny.package()))[TORCH]["p50_ms"] is not None


def _nobody_measures(_: ModelPackage, *, every: bool) -> None:  # noqa: ARG001
    pytest.fail("measured again")


def test_what_is_known_is_listed_without_measuring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engines.listing.measure", _nobody_measures)
    slow, quick = {1: 3.0, 4: 4.0, 12: 5.0}, {1: 1.0, 4: 2.0, 12: 3.0}
    package = tiny.package()
    remember(
        package,
        (
            Measured(EngineName.OPENVINO, p50_ms=slow, least_ms=slow),
            Measured(EngineName.TORCH, p50_ms=quick, least_ms=quick),
        ),
    )
    found = _by_name(describe(package))
    assert found[OPENVINO]["p50_ms"] == {"1": 3.0, "4": 4.0, "12": 5.0}
    assert [name for name, engine in found.items() if engine["auto"]] == [TORCH]


def test_what_only_a_card_makes_useful_is_said_by_whether_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "ENTRIES", (missing(EngineName.TENSORRT), entry(EngineName.ONNXRUNTIME)))
    monkeypatch.setattr(Entry, "version", property(lambda _: "1.31.1"))

    def notes(*cards: str) -> list[str]:
        monkeypatch.setattr(machine, "nvidia_gpus", lambda: cards)
        found = _by_name(describe(tiny.package()))
        return [note for name in (TENSORRT, ONNXRUNTIME) for note in found[name]["notes"]]

    [without] = notes()
    assert "needs an NVIDIA card" in without
    [with_one] = notes("Some Card, driver 1")
    assert "pip install onnxruntime-gpu" in with_one
    monkeypatch.setattr(Entry, "version", property(lambda _: "onnxruntime-gpu 1.31.1"))
    assert notes("Some Card, driver 1") == []


def test_what_cannot_run_here_is_known_without_measuring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engines.listing.measure", _nobody_measures)
    monkeypatch.setattr("engines.machine.nvidia_gpus", tuple)
    package = tiny.package()
    remember(package, (Measured(EngineName.ONNXRUNTIME, failure="There is no card."),))
    assert unavailable(package) == {
        EngineName.TENSORRT: Unavailable("card"),
        EngineName.ONNXRUNTIME: Unavailable("health", "There is no card."),
    }
    monkeypatch.setattr("engines.machine.nvidia_gpus", lambda: ("NVIDIA H200",))
    assert unavailable(package)[EngineName.TENSORRT] == Unavailable("library", "pip install tensorrt")
