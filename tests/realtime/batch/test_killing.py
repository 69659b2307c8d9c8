"""Killed at chance moments, a run over a folder goes on: see :mod:`tests.realtime.batch.killing`."""

import os
from pathlib import Path

import pyarrow.parquet
import pytest

from engines.assets import Assets
from tests.realtime.batch import made
from tests.realtime.batch.killing import kill_and_go_on

KILLS = int(os.environ.get("MIEN_KILLS", "1"))
"""MIEN_KILLS=10 is the long form."""


@pytest.mark.timeout(600)
@pytest.mark.parametrize("options", [(), ("--workers", "2")], ids=["alone", "two workers"])
def test_nothing_is_lost_broken_or_done_twice_by_kills(
    assets: Assets, tmp_path: Path, child_environment: dict[str, str], options: tuple[str, ...]
) -> None:
    assert not assets.missing()
    for number in range(4):
        made.video(tmp_path / "in" / f"{number % 2}" / f"{number}.mp4", frames=20 + number, tint=number)
    kill_and_go_on(tmp_path, child_environment, kills=KILLS, seed=len(options), longest=4.0, options=options)
    rows = pyarrow.parquet.read_table(tmp_path / "out" / "index.parquet").to_pylist()
    assert [(row["status"], row["frames"]) for row in rows] == [("done", 20 + number) for number in (0, 2, 1, 3)]
