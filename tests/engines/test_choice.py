"""What was measured is remembered, for as long as it is true."""

import dataclasses
import json
import subprocess
import sys
from pathlib import Path

import pytest

from engines import choice, machine, registry
from engines.assets import Assets
from engines.base import EngineName
from engines.choice import Measured, recall, remember
from engines.package import ModelPackage
from engines.registry import Entry
from tests import tiny
from tests.engines.fakes import entry

_ROOT = Path(__file__).resolve().parents[2]
FOUND = (
    Measured(
        EngineName.OPENVINO,
        "CPU",
        "bf16",
        {1: 1.25, 4: 3.5, 12: 8.0},
        {1: 1.0, 4: 3.0, 12: 7.5},
        ("the GPU did not start",),
    ),
    Measured(EngineName.TENSORRT, failure="There is no card."),
)


@pytest.fixture
def package() -> ModelPackage:
    return tiny.package()


def _another(package: ModelPackage, number: int = 1) -> ModelPackage:
    card = dataclasses.replace(package.card, encoder_sha256=f"{number:064x}")
    return dataclasses.replace(package, card=card)


def test_what_was_measured_comes_back(memory: Path, package: ModelPackage) -> None:
    assert recall(package) == ()
    remember(package, FOUND)
    assert recall(package) == FOUND
    assert [path.name for path in memory.parent.iterdir()] == [memory.name]


@pytest.mark.usefixtures("memory")
def test_measured_anew_is_in_the_place_of_the_old(package: ModelPackage) -> None:
    remember(package, FOUND)
    remember(_another(package), FOUND[:1])
    remember(package, FOUND[1:])
    assert recall(package) == FOUND[1:]
    assert recall(_another(package)) == FOUND[:1]


@pytest.mark.usefixtures("memory")
@pytest.mark.parametrize(
    ("part", "value"), [("processor", "Another 1"), ("cores", 96), ("nvidia_gpus", ("Some card, driver 1",))]
)
def test_on_another_machine_it_counts_no_more(
    monkeypatch: pytest.MonkeyPatch, package: ModelPackage, part: str, value: object
) -> None:
    remember(package, FOUND)
    with monkeypatch.context() as patch:
        patch.setattr(machine, part, lambda: value)
        assert recall(package) == ()
        remember(package, FOUND[:1])
    assert recall(package) == FOUND


@pytest.mark.usefixtures("memory")
def test_another_model_a_newer_library_and_a_new_engine_are_measured_themselves(
    monkeypatch: pytest.MonkeyPatch, package: ModelPackage
) -> None:
    monkeypatch.setattr(registry, "ENTRIES", (entry(EngineName.OPENVINO),))
    remember(package, FOUND)
    assert recall(_another(package)) == ()
    with monkeypatch.context() as patch:
        patch.setattr(Entry, "version", property(lambda _: "99"))
        assert recall(package) == ()
    with monkeypatch.context() as patch:
        patch.setattr(registry, "ENTRIES", (entry(EngineName.OPENVINO), entry(EngineName.TORCH)))
        assert recall(package) == ()
    assert recall(package) == FOUND


def _spoilt(text: str) -> list[str]:
    """The file of :data:`FOUND`, damaged in ways that are all valid in themselves."""
    whole = json.loads(text)

    def having(**changed: object) -> str:
        entries = [{**whole["records"][0]["engines"][0], **changed}]
        return json.dumps({**whole, "records": [{**whole["records"][0], "engines": entries}]})

    return [
        "",
        text[: len(text) // 2],
        "\x00\xff",
        "[]",
        "null",
        json.dumps({**whole, "schema": 0}),
        json.dumps({**whole, "records": None}),
        json.dumps({**whole, "records": [None, 3, {}]}),
        json.dumps({**whole, "records": [{**whole["records"][0], "engines": 3}]}),
        having(engine="abacus"),
        having(least_ms={"1": 1.0}),
        having(least_ms={"1": -1.0, "4": 1.0}),
        having(p50_ms={"1": "quick", "4": 1.0}),
        having(p50_ms=[1, 2]),
        having(notes=None),
        having(surprise=1),
    ]


def test_a_damaged_memory_is_as_good_as_none(memory: Path, package: ModelPackage) -> None:
    remember(package, FOUND)
    for text in _spoilt(memory.read_text(encoding="utf-8")):
        memory.write_text(text, encoding="utf-8")
        assert recall(package) == (), text
        remember(package, FOUND)
        assert recall(package) == FOUND, text
    memory.write_bytes(b"\xff\xfe")
    assert recall(package) == ()


def test_a_memory_that_cannot_be_written_is_done_without(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, package: ModelPackage
) -> None:
    (tmp_path / "taken").write_text("a file where a folder should be")
    monkeypatch.setattr(choice, "memory_file", lambda: tmp_path / "taken" / "engines.json")
    remember(package, FOUND)
    assert recall(package) == ()


def test_a_folder_in_the_place_of_the_memory_is_done_without(memory: Path, package: ModelPackage) -> None:
    memory.mkdir(parents=True)
    remember(package, FOUND)
    assert recall(package) == ()
    assert list(memory.parent.iterdir()) == [memory]


def test_the_memory_does_not_grow_without_end(memory: Path, package: ModelPackage) -> None:
    for number in range(40):
        remember(_another(package, number), FOUND)
    assert len(json.loads(memory.read_text(encoding="utf-8"))["records"]) < 40
    assert recall(_another(package, 39)) == FOUND


_WHERE = (
    "from engines import assets, choice; print(choice.memory_file(), len(assets.Assets.from_environment().missing()))"
)


def test_programs_that_tests_start_remember_elsewhere_and_have_the_model_files(
    assets: Assets, child_environment: dict[str, str]
) -> None:
    command = [sys.executable, "-c", _WHERE]
    done = subprocess.run(command, cwd=_ROOT, env=child_environment, capture_output=True, text=True, check=True)
    place, missing = done.stdout.rsplit(maxsplit=1)
    assert not Path(place).is_relative_to(machine.cache_directory())
    assert int(missing) == len(assets.missing()) == 0
