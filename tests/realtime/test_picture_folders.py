"""A folder of pictures, read as one input: every row says of which file it is, and nothing is lost silently."""

import csv
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from engines.assets import Assets
from engines.base import EngineName
from engines.errors import SourceError
from realtime.analysis import analyze
from realtime.options import Options
from realtime.products import Outputs, Products
from realtime.sinks import TableFormat, open_table
from realtime.sinks.columns import Extras, columns
from tests.realtime.faces import portrait
from tests.realtime.sinks.made import CLASSES, face, pair
from tests.realtime.sources.helpers import red_and_blue, write_picture


def _read(source: Path, out: Path, **products: Any) -> tuple[dict[str, Any], list[str]]:
    """The summary of ``source``, and what was said meanwhile."""
    lines: list[str] = []
    options = Options(source, engine=EngineName.ONNXRUNTIME)
    *_, summary = analyze(
        options, Outputs(out, "it"), Products(**products), notice=lines.append, follow=lambda _, items: items
    )
    return json.loads(summary.read_text()), lines


@pytest.fixture
def photos(tmp_path: Path, assets: Assets) -> Path:  # noqa: ARG001 - they are to be read
    folder = tmp_path / "photos"
    folder.mkdir()
    for name in ("10.jpg", "9.jpg"):
        write_picture(folder / name, portrait())
    write_picture(folder / "8.png", red_and_blue())
    (folder / "9b.jpg").write_bytes(b"torn")
    return folder


def test_a_row_names_its_picture_and_the_summary_those_left_out(photos: Path, tmp_path: Path) -> None:
    summary, lines = _read(photos, tmp_path)
    table = pq.read_table(tmp_path / "it.parquet")
    assert table.column_names[0] == "file"
    assert table["file"].to_pylist() == ["9.jpg", "10.jpg"]
    assert table["frame"].to_pylist() == [1, 3]
    assert set(table["time_s"].to_pylist()) == {0.0}
    assert summary["smoothing_s"] == 0
    assert (summary["pictures"], summary["frames"], summary["frames_with_faces"]) == (4, 3, 2)
    ((file, why),) = [tuple(skipped.values()) for skipped in summary["skipped"]]
    assert file == "9b.jpg"
    assert "not a readable picture" in why
    assert any("9b.jpg" in line for line in lines)
    pictures = sorted(path.name for path in (tmp_path / "it.annotated").iterdir())
    assert pictures == ["000000.jpg", "000001.jpg", "000003.jpg"]


def test_the_same_face_reads_the_same_wherever_it_comes(photos: Path, tmp_path: Path) -> None:
    _read(photos, tmp_path, annotate=False)
    first, second = pq.read_table(tmp_path / "it.parquet").drop_columns(["file", "frame", "face_id"]).to_pylist()
    assert first == second
    _read(photos / "9.jpg", tmp_path, annotate=False)
    (alone,) = pq.read_table(tmp_path / "it.parquet").to_pylist()
    assert alone["file"] == "9.jpg"
    assert {name: alone[name] for name in first} == first


def test_a_single_picture_that_cannot_be_read_is_an_error_and_leaves_nothing(photos: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    with pytest.raises(SourceError, match=r"9b\.jpg is not a readable picture"):
        _read(photos / "9b.jpg", out)
    assert list(out.iterdir()) == []


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_every_format_names_the_picture(kind: TableFormat, tmp_path: Path) -> None:
    frame, reading = pair(0, 0.0, [face()])
    with open_table(tmp_path / "table", CLASSES, kind, Extras(files=True)) as table:
        table.write(type(frame)(frame.image, 0, 0.0, 'a, "b".png'), reading)
    with (tmp_path / "table").open(newline="", encoding="utf-8") as file:
        (row,) = list(csv.DictReader(file)) if kind == "csv" else map(json.loads, file)
    assert list(row) == ["file", *(column.name for column in columns(CLASSES))]
    assert row["file"] == 'a, "b".png'
