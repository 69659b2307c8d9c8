"""A table that was written is read back, in all three formats; one that is no such table is said to be none."""

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from engines.errors import TableError
from realtime.replay.table import read_rows
from realtime.sinks import Extras, TableFormat, open_table
from realtime.sinks.columns import columns
from tests.realtime.replay.made import CLASSES, face, reading, write_table
from tests.realtime.sinks import made

every_format = pytest.mark.parametrize("kind", ["parquet", "csv", "jsonl"])
READINGS = [
    reading(3, 1.25, face(1, (0.2, 0.7, 0.1)), face(2**40, (1.0, 0.0, 0.0))),
    reading(4, 1.283333),
    reading(5, 1.3, face(1, (0.25, 0.5, 0.25), left=-3.5)),
]


@every_format
def test_what_was_written_is_read(kind: str, tmp_path: Path) -> None:
    rows = read_rows(write_table(tmp_path / f"t.{kind}", READINGS))
    assert rows.classes == CLASSES
    assert rows.frames.tolist() == [3, 3, 5]
    assert rows.times.tolist() == [1.25, 1.25, 1.3]
    assert rows.face_ids.tolist() == [1, 2**40, 1]
    assert rows.boxes[2] == pytest.approx([-3.5, 30, 40, 40])
    assert rows.probabilities == pytest.approx(np.array([(0.2, 0.7, 0.1), (1, 0, 0), (0.25, 0.5, 0.25)]), abs=1e-6)
    assert {each.dtype for each in (rows.scores, rows.uncertainty, rows.boxes)} == {np.dtype(np.float32)}


@every_format
def test_names_of_classes_may_be_anything(kind: str, tmp_path: Path) -> None:
    odd = ('a "b", c', "x\ny", "label")
    path = write_table(tmp_path / f"t.{kind}", [], classes=odd)
    if kind != "jsonl":
        assert read_rows(path).classes == odd
    assert len(read_rows(path).times) == 0


@every_format
def test_columns_of_others_do_no_harm(kind: str, tmp_path: Path) -> None:
    names = [*(each.name for each in columns(CLASSES)), "name"]
    row = [7, 0.5, 1, 1, 2, 3, 4, 0.9, "happiness", 0.7, 0.25, 0.2, 0.7, 0.1, "Ann"]
    path = tmp_path / f"t.{kind}"
    if kind == "parquet":
        pq.write_table(pa.table({name: [value] for name, value in zip(names, row, strict=True)}), path)
    elif kind == "csv":
        path.write_text(",".join(names) + "\n" + ",".join(map(str, row)) + "\n", encoding="utf-8")
    else:
        path.write_text(json.dumps(dict(zip(names, row, strict=True))) + "\n", encoding="utf-8")
    assert read_rows(path).boxes.tolist() == [[1, 2, 3, 4]]


@every_format
def test_points_and_embeddings_do_no_harm(kind: TableFormat, tmp_path: Path) -> None:
    path = tmp_path / f"t.{kind}"
    with open_table(path, made.CLASSES, kind, Extras(keypoints=True, embeddings=3)) as sink:
        for pair in made.run(4):
            sink.write(*pair)
    rows = read_rows(path)
    assert rows.classes == made.CLASSES
    assert rows.frames.tolist() == [0, 2, 3]
    assert rows.boxes[0].tolist() == [10.25, 20.5, 30, 40]


def test_rows_come_in_the_order_of_time(tmp_path: Path) -> None:
    path = write_table(tmp_path / "t.csv", READINGS)
    head, *rest = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([head, *reversed(rest)]) + "\n", encoding="utf-8")
    rows = read_rows(path)
    assert rows.times.tolist() == [1.25, 1.25, 1.3]
    assert rows.boxes[2, 0] == pytest.approx(-3.5)


def expect_one_line(path: Path, *words: str) -> None:
    with pytest.raises(TableError) as caught:
        read_rows(path)
    line = str(caught.value)
    assert path.name in line
    assert "\n" not in line
    assert all(word in line for word in words), line


@every_format
def test_a_damaged_table_is_said_to_be(kind: str, tmp_path: Path) -> None:
    path = write_table(tmp_path / f"t.{kind}", READINGS)
    path.write_bytes(path.read_bytes()[:-40])
    expect_one_line(path, "copy it again")


@every_format
@pytest.mark.parametrize("content", [b"\xff\xfe\x00nonsense\x00", b'"a,b\nc', b"[1, 2]\n", b"frame,time_s\n1,2\n"])
def test_a_foreign_file_is_said_to_be(kind: str, content: bytes, tmp_path: Path) -> None:
    path = tmp_path / f"t.{kind}"
    path.write_bytes(content)
    expect_one_line(path)


def test_it_says_what_a_foreign_table_lacks(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("frame,time_s,face_id,x,y,w,h,score,uncertainty\n", encoding="utf-8")
    expect_one_line(path, "p_", "choose one that Mien wrote")


@every_format
def test_a_cell_without_a_number_is_damage(kind: str, tmp_path: Path) -> None:
    broken = face(1, (0.2, 0.7, 0.1))
    broken.box[0] = np.nan
    path = write_table(tmp_path / f"t.{kind}", [reading(0, 0.0, broken)])
    expect_one_line(path)


def test_a_missing_file_and_another_ending_are_said(tmp_path: Path) -> None:
    expect_one_line(tmp_path / "gone.parquet", "does not exist")
    expect_one_line(tmp_path / "talk.mp4", ".parquet, .csv or .jsonl")
