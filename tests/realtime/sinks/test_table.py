"""Tables: what is read back is what was written, in all three formats."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.errors import OutputError
from engines.prompts import Prompts
from realtime.records import UNKNOWN_POINTS, Face, Frame, Reading
from realtime.sinks import Extras, TableFormat, open_table, table
from realtime.sinks.columns import POINTS, columns, legend, metadata
from tests.realtime.sinks.made import CLASSES, EMBEDDING, run

FIXED = ["frame", "time_s", "face_id", "x", "y", "w", "h", "score", "label", "confidence", "uncertainty"]
WHOLE = ("frame", "face_id")
IMAGE = np.zeros((2, 2, 3), np.uint8)


def read_parquet(path: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    return rows


def read_csv(path: Path) -> list[dict[str, Any]]:
    def value(name: str, text: str) -> str | int | float:
        return text if name == "label" else int(text) if name in WHOLE else float(text)

    with path.open(encoding="utf-8", newline="") as file:
        return [{name: value(name, text) for name, text in row.items()} for row in csv.DictReader(file)]


def read_jsonl(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


READERS: dict[TableFormat, Callable[[Path], list[dict[str, Any]]]] = {
    "parquet": read_parquet,
    "csv": read_csv,
    "jsonl": read_jsonl,
}

every_format = pytest.mark.parametrize("kind", READERS)
a_number = st.floats(-5000, 5000, width=32)
a_share = st.floats(0, 1, width=32)
a_name = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=12)


@st.composite
def readings(draw: st.DrawFn) -> list[Reading]:
    classes = draw(st.lists(a_name | st.sampled_from(['a "b", c', "two words", "x\ny"]), min_size=1, unique=True))
    faces = st.builds(
        lambda face_id, box, score, shares, uncertainty: Face(
            face_id, np.array(box, np.float32), UNKNOWN_POINTS, score, np.array(shares, np.float32), uncertainty
        ),
        st.integers(0, 2**40),
        st.lists(a_number, min_size=4, max_size=4),
        a_share,
        st.lists(a_share, min_size=len(classes), max_size=len(classes)),
        a_share,
    )
    groups = draw(st.lists(st.lists(faces, max_size=3), max_size=5))
    times = draw(st.lists(st.floats(0, 1e7), min_size=len(groups), max_size=len(groups)))
    return [
        Reading(i, moment, tuple(classes), tuple(group))
        for i, (moment, group) in enumerate(zip(sorted(times), groups, strict=True))
    ]


def expected(reading: Reading) -> list[dict[str, Any]]:
    return [
        {
            **dict(zip(FIXED[:3], (reading.index, reading.time, face.face_id), strict=True)),
            **dict(zip("xywh", (float(value) for value in face.box), strict=True)),
            "score": face.score,
            "label": reading.classes[int(face.probabilities.argmax())],
            "confidence": float(face.probabilities.max()),
            "uncertainty": face.uncertainty,
            **{f"p_{name}": float(p) for name, p in zip(reading.classes, face.probabilities, strict=True)},
        }
        for face in reading.faces
    ]


@every_format
@settings(max_examples=25, deadline=None)
@given(what=readings())
def test_the_rows_read_back_are_those_written(
    kind: TableFormat, what: list[Reading], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("table") / f"table.{kind}"
    classes = what[0].classes if what else CLASSES
    with open_table(path, classes, kind) as sink:
        for reading in what:
            sink.write(Frame(IMAGE, reading.index, reading.time), reading)
    got, wanted = READERS[kind](path), [row for reading in what for row in expected(reading)]
    assert len(got) == len(wanted)
    for row, want in zip(got, wanted, strict=True):
        assert list(row) == [*FIXED, *(f"p_{name}" for name in classes)]
        assert row.pop("label") == want.pop("label")
        assert row.pop("time_s") == pytest.approx(want.pop("time_s"), abs=1e-6)
        assert row == pytest.approx(want, rel=1e-5, abs=1e-38)


@every_format
def test_a_frame_without_a_face_has_no_row(kind: TableFormat, tmp_path: Path) -> None:
    with open_table(tmp_path / "table", CLASSES, kind) as sink:
        for frame, reading in run(4):
            sink.write(frame, reading)
    assert [row["frame"] for row in READERS[kind](tmp_path / "table")] == [0, 2, 3]


@every_format
def test_an_empty_table_can_be_read(kind: TableFormat, tmp_path: Path) -> None:
    open_table(tmp_path / "table", CLASSES, kind).close()
    assert READERS[kind](tmp_path / "table") == []


def test_csv_and_jsonl_show_six_digits(tmp_path: Path) -> None:
    for kind in ("csv", "jsonl"):
        with open_table(tmp_path / kind, CLASSES, kind) as sink:
            sink.write(*run(1)[0])
    assert (tmp_path / "csv").read_text().splitlines() == [
        'frame,time_s,face_id,x,y,w,h,score,label,confidence,uncertainty,p_neutral,p_happiness,"p_pain, mild"',
        "0,0.0,1,10.25,20.5,30.0,40.0,0.9,happiness,0.8,0.123457,0.1,0.8,0.1",
    ]
    assert '"uncertainty": 0.123457, "p_neutral": 0.1,' in (tmp_path / "jsonl").read_text()


def test_parquet_is_written_group_by_group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "_ROW_GROUP", 4)
    with open_table(tmp_path / "table", CLASSES, "parquet") as sink:
        for frame, reading in run(12):
            sink.write(frame, reading)
    assert pq.ParquetFile(tmp_path / "table").num_row_groups == 3
    assert len(read_parquet(tmp_path / "table")) == 11


EXTRAS = Extras(keypoints=True, embeddings=3)


@every_format
def test_points_and_roll_and_embedding_are_added(kind: TableFormat, tmp_path: Path) -> None:
    plain = [*FIXED, *(f"p_{name}" for name in CLASSES)]
    with open_table(tmp_path / "table", CLASSES, kind, EXTRAS) as sink:
        for frame, reading in run(3):
            sink.write(frame, reading)
    rows = READERS[kind](tmp_path / "table")
    assert len(rows) == 2
    for row in rows:
        assert list(row)[: len(plain)] == plain
        assert row["roll_deg"] == pytest.approx(np.rad2deg(np.arctan2(2, 18)), abs=1e-4)
        assert (row["kp_right_eye_x"], row["kp_right_eye_y"], row["kp_left_ear_y"]) == (16, 30, 36.125)
        assert [row[f"kp_{name}_x"] for name in POINTS] == [16, 34, 25.5, 25, 10, 40]
        embedding = [row[f"e_{i}"] for i in range(3)] if kind == "csv" else row["embedding"]
        assert embedding == pytest.approx([0.6, 0, -0.8], abs=1e-6)
    assert len(rows[0]) == len(plain) + 1 + 12 + (3 if kind == "csv" else 1)


def test_embeddings_in_parquet_are_vectors_of_one_length_in_full_precision(tmp_path: Path) -> None:
    with open_table(tmp_path / "table", CLASSES, "parquet", EXTRAS) as sink:
        sink.write(*run(1)[0])
    column = pq.read_table(tmp_path / "table").column("embedding")
    assert column.type == pa.list_(pa.float32(), 3)
    assert np.array_equal(np.array(column.to_pylist(), np.float32), EMBEDDING[None])


def test_a_face_without_the_embedding_that_is_wanted_is_an_error(tmp_path: Path) -> None:
    sink = open_table(tmp_path / "table", CLASSES, "csv", Extras(embeddings=4))
    with pytest.raises(ValueError, match="expected 4 numbers"), sink:
        sink.write(*run(1)[0])
    assert list(tmp_path.iterdir()) == []


def test_a_parquet_file_says_what_it_holds(tmp_path: Path) -> None:
    prompts = Prompts(CLASSES, (("a calm face",), ("a smile", "a laugh"), ("a wince",)))
    about = {"model": "mien-s", **legend(prompts, columns(CLASSES, EXTRAS))}
    open_table(tmp_path / "table", CLASSES, "parquet", EXTRAS, about).close()
    schema = pq.read_schema(tmp_path / "table")
    told = json.loads(schema.metadata[b"mien"])
    assert told["model"] == "mien-s"
    assert told["prompts"]["happiness"] == ["a smile", "a laugh"]
    assert list(told["columns"]) == schema.names
    for field in schema:
        written = {key.decode(): value.decode() for key, value in field.metadata.items()}
        assert written == told["columns"][field.name]
        assert written["unit"]
        assert written["description"]
    units = {name: each["unit"] for name, each in told["columns"].items()}
    assert (units["x"], units["time_s"], units["roll_deg"]) == ("pixels", "seconds", "degrees")
    assert units["p_pain, mild"] == "probability 0..1"


def test_a_source_is_told_by_its_name_alone() -> None:
    assert metadata({"source": "/home/ann/talks/one.mp4", "model": "m"}) == {"source": "one.mp4", "model": "m"}
    assert metadata({"source": "C:\\talks\\one.mp4"}) == {"source": "one.mp4"}


@every_format
def test_a_reading_of_other_classes_is_refused(kind: TableFormat, tmp_path: Path) -> None:
    frame, reading = run(1)[0]
    with pytest.raises(OutputError, match="other classes"), open_table(tmp_path / "table", ("calm",), kind) as sink:
        sink.write(frame, reading)
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_format_is_said(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="no table format 'xlsx': choose one of parquet, csv, jsonl"):
        open_table(tmp_path / "table", CLASSES, "xlsx")  # type: ignore[arg-type]


def test_two_classes_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="different names"):
        open_table(tmp_path / "table", ("calm", "calm"), "csv")
