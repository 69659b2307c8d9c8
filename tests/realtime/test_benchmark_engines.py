"""Engines by themselves, what they were measured on, and the picture of it."""

import ctypes
import getpass
import json
import platform
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import matplotlib as mpl
import pytest

from engines.errors import EngineUnavailable, OutputError
from realtime.benchmark import nvml
from realtime.benchmark.energy import EnergyMeter
from realtime.benchmark.engines import EngineOpener, measure_engines
from realtime.benchmark.machine import facts
from realtime.benchmark.picture import draw_engines
from tests import tiny


def _engines(count: int) -> list[dict[str, Any]]:
    return [
        {
            "engine": f"engine-{number}",
            "device": "CPU",
            "precision": "fp32",
            "batch": {
                str(size): {"p50_ms": size + number, "p99_ms": size + number, "faces_per_s": 1000 * size}
                for size in (1, 16, 256)
            },
        }
        for number in range(count)
    ]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[tiny.BrightnessEngine]:
    """Every engine that :func:`_open` opened; each is measured for no longer than it must."""
    monkeypatch.setattr("realtime.benchmark.engines._SECONDS_A_BATCH", 0.0)
    return []


def _open(opened: list[tiny.BrightnessEngine], precision: str = "exact") -> tiny.BrightnessEngine:
    opened.append(tiny.BrightnessEngine(tiny.package()))
    opened[-1].precision = precision
    return opened[-1]


def _cannot() -> tiny.BrightnessEngine:
    raise EngineUnavailable("There is no card.")


def test_each_engine_is_given_each_batch(opened: list[tiny.BrightnessEngine]) -> None:
    steps: list[tuple[int, int, str]] = []
    openers = {"one": partial(_open, opened), "other": partial(_open, opened, "rough")}
    reports, unavailable = measure_engines(openers, tiny.package(), (1, 8, 256), lambda *step: steps.append(step))
    assert [list(report["batch"]) for report in reports] == [["1", "8", "256"]] * 2
    for figures in reports[0]["batch"].values():
        assert 0 < figures["p50_ms"] <= figures["p99_ms"]
        assert figures["faces_per_s"] > 0
    assert [set(engine.batches) for engine in opened] == [{1, 8, 256}] * 2
    assert [engine.released for engine in opened] == [1, 1]
    assert steps == [(0, 2, "one"), (1, 2, "other"), (2, 2, "")]
    assert unavailable == {}


def test_what_is_one_engine_under_two_names_is_measured_once(opened: list[tiny.BrightnessEngine]) -> None:
    openers = {"one": partial(_open, opened), "one exact": partial(_open, opened)}
    reports, unavailable = measure_engines(openers, tiny.package(), (1,), lambda *_: None)
    assert [report["precision"] for report in reports] == ["exact"]
    assert unavailable == {}
    assert [engine.released for engine in opened] == [1, 1]


def test_an_engine_that_cannot_run_here_does_not_stop_the_others(opened: list[tiny.BrightnessEngine]) -> None:
    openers: dict[str, EngineOpener] = {"card": _cannot, "one": partial(_open, opened)}
    reports, unavailable = measure_engines(openers, tiny.package(), (1,), lambda *_: None)
    assert len(reports) == 1
    assert unavailable == {"card": "There is no card."}
    with pytest.raises(EngineUnavailable, match="no card"):
        measure_engines({"card": _cannot}, tiny.package(), (1,), lambda *_: None)


def _processor(folder: Path, number: str, name: str, microjoules: int) -> Path:
    one = folder / f"intel-rapl:{number}"
    one.mkdir()
    (one / "name").write_text(f"{name}\n")
    (one / "max_energy_range_uj").write_text("999999999\n")
    (one / "energy_uj").write_text(f"{microjoules}\n")
    return one / "energy_uj"


def test_the_energy_of_the_processors_is_that_of_the_whole_ones(tmp_path: Path) -> None:
    first = _processor(tmp_path, "0", "package-0", 1_000_000)
    part = _processor(tmp_path, "0:0", "core", 0)
    second = _processor(tmp_path, "1", "package-1", 999_000_000)
    board = _processor(tmp_path, "2", "psys", 0)
    meter = EnergyMeter(tmp_path)
    for counter, now in ((first, 3_000_000), (part, 9), (second, 500_000), (board, 9)):
        counter.write_text(str(now))
    assert meter.spent()["cpu"] == pytest.approx(2.0 + 1.5)  # the second has started over


def test_energy_that_is_not_told_is_none(tmp_path: Path) -> None:
    _processor(tmp_path, "0", "package-0", 1).unlink()
    assert EnergyMeter(tmp_path).spent()["cpu"] is None
    assert EnergyMeter(tmp_path / "nowhere").spent()["cpu"] is None


class _Driver:
    """NVIDIA's library with two cards."""

    def __init__(self) -> None:
        self.millijoules = [5000, 7000]

    def nvmlDeviceGetCount_v2(self, count: Any) -> int:  # noqa: N802 - NVIDIA's names
        count._obj.value = 2
        return 0

    def nvmlDeviceGetHandleByIndex_v2(self, index: int, card: Any) -> int:  # noqa: N802
        card._obj.value = index + 1
        return 0

    def nvmlDeviceGetTotalEnergyConsumption(self, card: ctypes.c_void_p, energy: Any) -> int:  # noqa: N802
        energy._obj.value = self.millijoules[(card.value or 0) - 1]
        return 0


def test_the_energy_of_the_cards_is_what_their_driver_tells(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    driver = _Driver()
    monkeypatch.setattr(nvml, "library", lambda: driver)
    meter = EnergyMeter(tmp_path)
    driver.millijoules = [6000, 7500]
    assert meter.spent() == {"cpu": None, "gpu": pytest.approx(1.5)}


def test_without_a_driver_no_card_tells_its_energy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nvml, "library", lambda: None)
    assert nvml.joules() is None


def test_the_facts_name_the_processor_but_neither_machine_nor_user() -> None:
    found = facts()
    assert found["processor"]
    assert found["usable_threads"] >= 1
    assert {"numpy", "onnxruntime", "openvino"} <= set(found["versions"])
    text = json.dumps(found)
    assert platform.node() not in text
    assert str(Path.home()) + "/" not in text
    assert getpass.getuser() not in text.split('"')


def test_the_picture_is_the_same_for_the_same_figures(tmp_path: Path) -> None:
    draw_engines(_engines(3), tmp_path / "one.png")
    with mpl.rc_context({"font.size": 30, "lines.linestyle": ":"}):
        draw_engines(_engines(3), tmp_path / "two.png")
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()
    picture = cv2.imread(str(tmp_path / "one.png"))
    assert picture is not None
    assert picture.shape[1] == 1350
    draw_engines(_engines(2), tmp_path / "other.png")
    assert (tmp_path / "one.png").read_bytes() != (tmp_path / "other.png").read_bytes()


@pytest.mark.parametrize("count", [1, 12])
def test_one_engine_or_a_dozen_can_be_drawn(count: int, tmp_path: Path) -> None:
    draw_engines(_engines(count), tmp_path / "engines.png")
    assert cv2.imread(str(tmp_path / "engines.png")) is not None


def test_a_picture_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="nowhere"):
        draw_engines(_engines(1), tmp_path / "nowhere" / "engines.png")
    with pytest.raises(ValueError, match="no engines"):
        draw_engines([], tmp_path / "engines.png")
