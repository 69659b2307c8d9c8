"""The table over all: a row a source, in every format the same."""

import csv
import json
from pathlib import Path

import pyarrow.parquet
import pytest

from engines.errors import OutputError
from realtime.batch.index import COLUMNS, expect_own, index_rows, write_index
from realtime.products import Outputs
from tests.realtime.batch import made


@pytest.mark.parametrize("format_", ["csv", "jsonl", "parquet"])
def test_every_source_has_its_row_however_it_went(tmp_path: Path, format_: str) -> None:
    out = tmp_path / "out"
    clips = [made.file(tmp_path / f"{name}.mp4", name) for name in ("done", "stopped", "torn", "new", "failed", "don")]
    twin = made.file(tmp_path / "twin.mp4", "done")
    made.summary(Outputs(out / "in", "done"), clips[0], files=["done.csv", 'do;ne, "é".mp4'])
    made.summary(Outputs(out, "stopped"), clips[1], complete=False)
    made.summary(Outputs(out, "torn"), clips[2], complete=False, error="torn.mp4 ends at 0.4 s")
    made.summary(Outputs(out, "don"), clips[5], faces=[], frames_with_faces=0)
    units = made.planned([*clips, twin], out)
    errors = {str(clips[4]): "failed.mp4 cannot be read"}
    path = write_index(index_rows(units, errors, out, made.SETTINGS), out, format_)
    assert path == out / f"index.{format_}"
    if format_ == "csv":
        with path.open(newline="") as file:
            rows = [{name: value or None for name, value in row.items()} for row in csv.DictReader(file)]
    elif format_ == "jsonl":
        rows = [json.loads(line) for line in path.read_text().splitlines()]
    else:
        rows = pyarrow.parquet.read_table(path).to_pylist()
    assert tuple(rows[0]) == COLUMNS
    assert [row["status"] for row in rows] == ["done", "interrupted", "failed", "waiting", "failed", "done", "done"]
    assert [row["error"] for row in rows if row["error"]] == ["torn.mp4 ends at 0.4 s", "failed.mp4 cannot be read"]
    done = {name: str(value) for name, value in rows[0].items()}
    assert (done["frames"], done["faces"], done["label"], done["share"]) == ("5", "1", "joy", "0.75")
    assert done["summary"] == "in/done.json"
    files = json.loads(done["files"]) if format_ == "csv" else rows[0]["files"]
    assert files == ["in/done.csv", 'in/do;ne, "é".mp4']
    assert rows[3]["files"] is None
    assert rows[5]["label"] is None
    assert {**rows[6], "path": None} == {**rows[0], "path": None}
    assert [each.name for each in out.iterdir() if each.name.startswith(".")] == []


@pytest.mark.parametrize("format_", ["csv", "jsonl", "parquet"])
def test_a_table_of_the_users_own_is_not_taken_for_the_index(tmp_path: Path, format_: str) -> None:
    expect_own(tmp_path, format_)
    path = made.file(tmp_path / f"index.{format_}", "page,term\n12,smile\n")
    with pytest.raises(OutputError, match="would be lost"):
        expect_own(tmp_path, format_)
    path.unlink()
    write_index(
        index_rows(made.planned([made.file(tmp_path / "a.mp4")], tmp_path), {}, tmp_path, ""), tmp_path, format_
    )
    expect_own(tmp_path, format_)


def test_only_results_by_these_settings_and_of_what_is_there_count(tmp_path: Path) -> None:
    out = tmp_path / "out"
    clips = [made.file(tmp_path / f"{name}.mp4", name) for name in ("as", "by others", "changed")]
    for clip, settings in zip(clips, (made.SETTINGS, "others", made.SETTINGS), strict=True):
        made.summary(Outputs(out, clip.stem), clip, settings=settings)
    clips[2].write_text("of another size")
    units = made.planned(clips, out)
    rows = index_rows(units, {}, out, made.SETTINGS)
    assert [(row["status"], row["frames"]) for row in rows] == [("done", 5), ("waiting", None), ("waiting", None)]
    rows = index_rows(units, {}, out, made.SETTINGS, now={str(clip) for clip in clips})
    assert [row["status"] for row in rows] == ["done"] * 3
