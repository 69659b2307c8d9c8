"""The window's figures about itself, on a clock of the tests."""

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.meter import REMEMBERED_S, Meter, quantile


class Clock:
    """Wall seconds, and those that the thread was busy."""

    def __init__(self) -> None:
        self.now = 50.0
        self.busy = 3.0

    def meter(self) -> Meter:
        return Meter(clock=lambda: self.now, busy=lambda: self.busy, memory=lambda: 512_000_000)

    def pass_by(self, seconds: float, load: float = 0.0) -> None:
        self.now += seconds
        self.busy += seconds * load


def painted(meter: Meter, clock: Clock, lags: list[float], rate: float = 30.0) -> None:
    for lag in lags:
        clock.pass_by(1 / rate)
        meter.add(lag)


def test_before_anything_is_painted_nothing_is_known() -> None:
    sample = Clock().meter().sample()
    assert math.isnan(sample.lag_ms.p95)
    assert math.isnan(sample.painted_fps)
    assert math.isnan(sample.load)
    assert sample.memory_mb == 512


def test_lag_and_rate_are_of_the_pictures_that_were_painted() -> None:
    clock = Clock()
    meter = clock.meter()
    painted(meter, clock, [0.020] * 95 + [0.050] * 5)
    sample = meter.sample()
    assert sample.lag_ms.p50 == pytest.approx(20)
    assert 20 < sample.lag_ms.p95 <= 50
    assert sample.lag_ms.p99 == pytest.approx(50)
    assert sample.painted_fps == pytest.approx(30)


def test_what_is_long_past_does_not_count() -> None:
    clock = Clock()
    meter = clock.meter()
    painted(meter, clock, [9.0] * 100)
    clock.pass_by(REMEMBERED_S)
    painted(meter, clock, [0.010] * 10)
    assert meter.sample().lag_ms.p99 == pytest.approx(10)
    clock.pass_by(REMEMBERED_S + 1)
    assert math.isnan(meter.sample().lag_ms.p50)


def test_the_load_is_that_of_the_last_ten_seconds() -> None:
    clock = Clock()
    meter = clock.meter()
    meter.sample()
    for _ in range(30):
        clock.pass_by(1, load=0.9)
        meter.sample()
    for _ in range(10):
        clock.pass_by(1, load=0.25)
        sample = meter.sample()
    assert sample.load == pytest.approx(0.25)


def test_the_load_between_two_looks_far_apart_is_known() -> None:
    clock = Clock()
    meter = clock.meter()
    meter.sample()
    clock.pass_by(60, load=0.5)
    assert meter.sample().load == pytest.approx(0.5)


def test_a_script_reads_the_last_sample_as_json() -> None:
    clock = Clock()
    meter = clock.meter()
    assert json.loads(json.dumps(meter.report(), allow_nan=False)) == {
        "painted_fps": None,
        "lag_ms": {"p50": None, "p95": None, "p99": None},
        "load": None,
        "memory_mb": 512.0,
    }
    painted(meter, clock, [0.02, 0.02])
    meter.sample()
    assert meter.report()["lag_ms"] == {"p50": 20.0, "p95": 20.0, "p99": 20.0}


def test_it_measures_this_thread_and_this_process() -> None:
    meter = Meter()
    meter.sample()
    sum(range(200_000))
    sample = meter.sample()
    assert sample.load > 0
    assert sample.memory_mb > 1


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=50), st.floats(0, 1))
def test_quantiles_are_numpys(values: list[float], share: float) -> None:
    assert quantile(sorted(values), share) == pytest.approx(float(np.quantile(values, share)), abs=1e-9)
