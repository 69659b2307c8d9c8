"""The process is kept silent, and a child that must go out gets the user's own environment back."""

import importlib
import os
import sys
from types import ModuleType

import pytest

from engines import network

_NAMES = ("https_proxy", "HTTPS_PROXY", "no_proxy", "NO_PROXY")


@pytest.fixture(autouse=True)
def _as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment without proxies, not silenced yet; monkeypatch puts back what was there."""
    for name in _NAMES:
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    monkeypatch.setattr(network, "_users", {})
    monkeypatch.setitem(sys.modules, "openvino_telemetry", ModuleType("openvino_telemetry"))


def test_https_goes_to_a_closed_loopback_port_and_no_exception_leads_around_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("no_proxy", "*")
    network.silence()
    assert os.environ["https_proxy"] == os.environ["HTTPS_PROXY"] == "http://127.0.0.1:9"
    assert "no_proxy" not in os.environ


def test_openvino_finds_nothing_to_report_with() -> None:
    network.silence()
    with pytest.raises(ImportError):
        importlib.import_module("openvino_telemetry")


@pytest.mark.parametrize("times", [1, 2])
def test_a_download_still_sees_the_users_proxy(monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("no_proxy", "localhost")
    before = dict(os.environ)
    for _ in range(times):
        network.silence()
    assert network.users_environment() == before


def test_without_silence_the_environment_is_the_users() -> None:
    assert network.users_environment() == dict(os.environ)
