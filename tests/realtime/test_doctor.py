"""What the examination says of the engines."""

import pytest

from engines import registry
from engines.assets import Assets
from realtime.doctor import Finding, examine


def _engines() -> Finding:
    return next(finding for finding in examine(Assets(offline=True), fetch=False) if finding.part == "engines")


def test_the_engines_are_named_with_their_versions() -> None:
    found = _engines()
    assert found.fine
    for name in registry.installed():
        assert f"{name} {registry.entry_of(name).version}" in found.words


def test_without_one_the_examination_says_how_to_get_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry.Entry, "installed", property(lambda _: False))
    found = _engines()
    assert not found.fine
    assert "pip install openvino" in found.words
