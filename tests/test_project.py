"""The project as a whole: who may import whom, what is promised to pip, and what the command line costs to ask."""

import importlib
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

_ROOT = Path(__file__).resolve().parents[1]
_ROOMS = ("engines", "gui", "realtime", "training")
_HEAVY = {"PySide6", "av", "cv2", "mediapipe", "onnxruntime", "openvino", "pyarrow", "torch"}


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    return tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_imports_run_one_way() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_asking_the_command_line_for_help_loads_nothing_heavy() -> None:
    asked = "import sys, main\ntry:\n    main.main()\nfinally:\n    print('loaded', *sys.modules)"
    command = [sys.executable, "-c", asked, "--help"]
    done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "video" in done.stdout
    assert not _HEAVY & set(done.stdout.splitlines()[-1].split())


def test_torch_is_pinned_and_no_part_of_the_base(project: dict[str, Any]) -> None:
    base, extras = project["project"]["dependencies"], project["project"]["optional-dependencies"]
    assert not [needed for needed in base if needed.startswith("torch")]
    assert "torch==2.13.0" in extras["train"]
    assert set(extras) == {"train", "cluster", "federate", "tensorrt", "dev"}
    assert "mien[train]" in extras["federate"]


def test_both_packages_that_fill_the_cv2_folder_are_of_one_version(project: dict[str, Any]) -> None:
    pins = [needed.partition("==")[2] for needed in project["project"]["dependencies"] if needed.startswith("opencv")]
    assert len(pins) == 2
    assert len(set(pins)) == 1


def test_the_installed_program_is_main(project: dict[str, Any]) -> None:
    module, _, function = project["project"]["scripts"]["mien"].partition(":")
    assert callable(getattr(importlib.import_module(module), function))


def test_every_data_file_of_a_room_is_installed_with_it(project: dict[str, Any]) -> None:
    patterns = project["tool"]["setuptools"]["package-data"]
    for room in _ROOMS:
        files = {path for path in (_ROOT / room).rglob("*") if path.is_file()}
        packed = {path for pattern in patterns.get(room, []) for path in (_ROOT / room).glob(pattern)}
        left = {path for path in files - packed if path.suffix not in {".py", ".pyc"} and not path.name.startswith(".")}
        assert not left, f"{room}'s package-data in pyproject.toml leaves out {sorted(map(str, left))}"


@pytest.mark.skipif(os.name == "nt", reason="the scripts are for bash")
@pytest.mark.parametrize("name", ["scripts/demo", "scripts/test", "scripts/check", "scripts/lib.sh", ".ci/run"])
def test_the_scripts_are_sound(name: str) -> None:
    script = _ROOT / name
    assert name.endswith(".sh") or os.access(script, os.X_OK)
    done = subprocess.run(["bash", "-n", str(script)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
