"""The files that an input leads to."""

import os
from pathlib import Path
from typing import get_args

import pytest

from realtime.products import EpisodeFormat, Outputs, Products, file_name
from realtime.sinks.base import partial_of
from realtime.sinks.table import TableFormat


def test_every_file_that_is_made_is_among_those_that_may_be() -> None:
    outputs = Outputs(Path("out"), "talk")
    tables = [outputs.table(Products(table=kind)) for kind in get_args(TableFormat)]
    pages = [outputs.summary, outputs.report, *map(outputs.episodes, get_args(EpisodeFormat))]
    videos = [Path(f"{outputs.annotated}{ending}") for ending in ("", ".mp4", ".mkv", ".mov", ".jpg")]
    assert set(outputs.possible) == {*tables, *pages, *videos}


@pytest.mark.parametrize("letter", ["a", "é", "😀", "\udce9"])
def test_a_name_that_is_nearly_too_long_leaves_room_for_its_endings(letter: str, tmp_path: Path) -> None:
    longest = letter * (251 // len(os.fsencode(letter)))
    one, other = (Outputs(tmp_path, file_name(f"{longest}{number}")) for number in (1, 2))
    assert one.name != other.name
    for path in one.possible:
        partial_of(path).touch()
    assert file_name("talk") == "talk"
