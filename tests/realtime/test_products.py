"""The files that an input leads to."""

from pathlib import Path
from typing import get_args

from realtime.products import EpisodeFormat, Outputs, Products
from realtime.sinks.table import TableFormat


def test_every_file_that_is_made_is_among_those_that_may_be() -> None:
    outputs = Outputs(Path("out"), "talk")
    tables = [outputs.table(Products(table=kind)) for kind in get_args(TableFormat)]
    pages = [outputs.summary, outputs.report, *map(outputs.episodes, get_args(EpisodeFormat))]
    videos = [Path(f"{outputs.annotated}{ending}") for ending in ("", ".mp4", ".mkv", ".mov", ".jpg")]
    assert set(outputs.possible) == {*tables, *pages, *videos}
