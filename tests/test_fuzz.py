"""Damaged media files: each ends in a result or a line. ``scripts/fuzz_media.py`` reads thousands of them."""

import os
import sys
from pathlib import Path

import numpy as np
import pytest

from engines.assets import Assets

sys.path.append(str(Path(__file__).resolve().parents[1] / "scripts"))
if os.name == "nt":
    pytest.skip("needs limits on memory that Windows has not", allow_module_level=True)

from fuzz_media import MUTATIONS, Ending, Mutation, damaged, fuzz, write_case
from fuzz_seeds import make_seeds

from realtime.sources import open_source


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_seeds(tmp_path_factory.mktemp("seeds"))


def test_damaged_files_end_in_a_result_or_a_line(seeds: Path, assets: Assets) -> None:  # noqa: ARG001 - they are used
    endings: list[Ending] = []
    fuzz(iter(range(60)), seeds, endings.append, seed=0, workers=1, patience=90)
    assert len(endings) == 60
    assert not [ending for ending in endings if ending.bad]
    assert {ending.verdict for ending in endings} == {"result", "line"}


def test_undamaged_every_kind_is_read(seeds: Path) -> None:
    for path in sorted(seeds.iterdir()):
        with open_source(path) as source:
            frames = {"moving.gif": 5, "h264.mp4": 20, "words.mkv": 20}.get(path.name, 1)
            assert sum(1 for _ in source) >= frames, path.name


def test_the_same_number_is_the_same_file(seeds: Path, tmp_path: Path) -> None:
    (tmp_path / "again").mkdir()
    first, again, other = (
        write_case(seeds, 7, number, folder).read_bytes()
        for number, folder in ((5, tmp_path), (5, tmp_path / "again"), (5 + 18, tmp_path))
    )
    assert first == again
    assert first != other


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_every_kind_of_damage_bears_every_length(mutation: Mutation) -> None:
    for length in (1, 2, 15, 1000, 5000):
        mutation(bytearray(length), np.random.default_rng(length))
        assert isinstance(damaged(bytes(length), np.random.default_rng(length)), bytes)
