"""What the examination says of the engines and the detector."""

import sys
from pathlib import Path

import pytest

from engines import registry
from engines.assets import Assets
from realtime.doctor import Finding, examine


def _found(part: str) -> Finding:
    return next(finding for finding in examine(Assets(offline=True), fetch=False) if finding.part == part)


def _engines() -> Finding:
    return _found("engines")


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


@pytest.mark.usefixtures("assets")
def test_what_finds_the_faces_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    found = _found("face detector")
    assert found.fine
    assert found.words == "auto on openvino"
    for name in ("openvino", "onnxruntime"):
        monkeypatch.setitem(sys.modules, name, None)
    found = _found("face detector")
    assert found.fine
    assert "mediapipe" in found.words
    assert "OpenVINO cannot be loaded" in found.words


def test_a_face_detector_without_its_files_is_not_fetched(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("engines.assets.cache_directory", lambda: tmp_path)
    found = _found("face detector")
    assert not found.fine
    assert list(tmp_path.iterdir()) == []
