"""What tells one machine from another is read from the system's own files."""

from pathlib import Path

import pytest

from engines import machine

_OF_OTHERS = machine.Load.of_others
"""As it is: in tests nobody else seems to work."""


def test_this_machine_has_a_processor_with_cores() -> None:
    assert machine.processor()
    assert machine.cores() >= 1


def test_the_first_core_stands_for_the_processor(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    info = tmp_path / "cpuinfo"
    info.write_text("processor\t: 0\nmodel\t\t: 85\nmodel name\t: Fast\nstepping\t: 7\ncpu MHz\t: 1\n\nmodel\t: 99\n")
    monkeypatch.setattr(machine, "_CPU_INFO", info)
    assert machine.processor() == "Fast 85 7"


@pytest.mark.parametrize("text", [None, "", "Features\t: fp\n\n", "\xff"])
def test_a_system_that_tells_little_still_has_a_processor(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str | None
) -> None:
    info = tmp_path / "cpuinfo"
    if text is not None:
        info.write_text(text, encoding="latin-1")
    monkeypatch.setattr(machine, "_CPU_INFO", info)
    assert machine.processor()


def _card(folder: Path, place: str, text: str) -> None:
    (folder / "gpus" / place).mkdir(parents=True)
    (folder / "gpus" / place / "information").write_text(text)


def test_cards_are_named_with_their_driver(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "version").write_text("NVRM version: NVIDIA Kernel Module  580.1\nGCC version: 12\n")
    _card(tmp_path, "0000:01:00.0", "Model: \t\t Some Card\nIRQ: 12\n")
    _card(tmp_path, "0000:02:00.0", "Model: \t\t Other Card\n")
    monkeypatch.setattr(machine, "_NVIDIA", tmp_path)
    driver = "NVRM version: NVIDIA Kernel Module  580.1"
    assert machine.nvidia_gpus() == (f"Some Card, {driver}", f"Other Card, {driver}")


def test_a_driver_is_named_without_who_built_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "version").write_text("NVRM version: Open Kernel Module  580.1  Release Build  (root@study)\nGCC: 12\n")
    monkeypatch.setattr(machine, "_NVIDIA", tmp_path)
    assert machine.nvidia_driver() == "NVRM version: Open Kernel Module  580.1  Release Build"


@pytest.mark.parametrize("there", [True, False])
def test_without_the_drivers_files_its_library_tells(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, there: bool
) -> None:
    monkeypatch.setattr(machine, "_NVIDIA", tmp_path / "none")
    monkeypatch.setattr(machine, "_DRIVER_LIBRARIES", (tmp_path if there else tmp_path / "none",))
    assert bool(machine.nvidia_gpus()) == there


@pytest.mark.parametrize(
    ("busy", "idle", "own", "share"),
    [(4.0, 4.0, 4.0, 0.0), (4.0, 4.0, 2.0, 0.25), (0.0, 0.0, 0.0, 0.0), (3.9, 0.1, 4.0, 0.0)],
)
def test_the_load_of_others_is_what_is_not_ones_own(
    monkeypatch: pytest.MonkeyPatch, busy: float, idle: float, own: float, share: float
) -> None:
    seconds = iter([(10.0, 20.0, 5.0), (10.0 + busy, 20.0 + idle, 5.0 + own)])
    monkeypatch.setattr(machine, "_processor_seconds", lambda: next(seconds))
    assert _OF_OTHERS(machine.Load()) == pytest.approx(share)


def test_this_process_is_a_part_of_what_the_processors_do() -> None:
    busy, idle, own = machine._processor_seconds()
    assert busy >= 0
    assert busy + idle > 0
    assert own > 0
