"""What docs/tables.md promises: it names all that is written, and its lines of Python run."""

import json
import re
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest

from engines.prompts import Prompts
from realtime.sinks import Extras, Summary, TableFormat, open_episodes, open_table
from realtime.sinks.columns import POINTS, columns, legend
from tests.realtime.sinks.made import CLASSES, run

PAGE = (Path(__file__).parents[1] / "docs" / "tables.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
ROWS = 29
EXTRAS = Extras(keypoints=True, embeddings=3)


@pytest.fixture
def talk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a run with all that can be loaded, as the page calls it."""
    key = legend(Prompts(CLASSES, (("calm",), ("a smile",), ("a wince",))), columns(CLASSES, EXTRAS))
    formats: tuple[TableFormat, ...] = ("parquet", "csv", "jsonl")
    sinks = [open_table(tmp_path / f"talk.{kind}", CLASSES, kind, EXTRAS, {"model": "m", **key}) for kind in formats]
    summary = Summary(tmp_path / "talk.json", CLASSES, {"source": "talk.mp4"}, legend=key)
    for sink in (*sinks, summary, open_episodes(tmp_path / "talk.episodes.csv", CLASSES, "csv")):
        with sink:
            for frame, reading in run(ROWS + 1):
                sink.write(frame, reading)
    index = pyarrow.table({"path": ["talk.mp4"], "status": ["done"]})
    pyarrow.parquet.write_table(index, tmp_path / "index.parquet")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_there_are_lines_for_every_library() -> None:
    for name in ("pandas", "polars", "duckdb", "pyarrow"):
        assert any(re.search(rf"^import {name}\b", block, re.MULTILINE) for block in BLOCKS)


@pytest.mark.parametrize("block", BLOCKS, ids=range(len(BLOCKS)))
@pytest.mark.usefixtures("talk")
def test_the_lines_run(block: str, capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, Any] = {}
    exec(block, names)  # noqa: S102 - they are ours
    readings = names.get("readings")
    assert readings is None or len(readings) == ROWS
    if "embeddings" in names:
        assert names["embeddings"].shape == (ROWS, 3)
    if "print(" in block:
        assert capsys.readouterr().out
    # What a comment offers instead reads the same.
    for other in re.findall(r"p[dl]\.read_\w+\([^)]*\)", "".join(re.findall(r"#.*", block))):
        assert len(eval(other, names)) == ROWS  # noqa: S307
    for other in re.findall(r"'talk\.\w+'", "".join(re.findall(r"#.*", block))):
        assert names["duckdb"].sql(f"SELECT * FROM {other}").fetchall()[ROWS - 1][0] == ROWS  # noqa: S608


def test_every_column_is_there() -> None:
    for column in columns((), EXTRAS):
        name = re.sub(r"^kp_.*_([xy])$", r"kp_NAME_\1", column.name)
        assert f"`{name}`" in PAGE
    assert all(f"`{name}`" in PAGE for name in POINTS)


def test_every_key_of_the_summary_is_there(talk: Path) -> None:
    summary = json.loads((talk / "talk.json").read_text(encoding="utf-8"))
    (face,) = summary["faces"]
    for key in (*summary, *face, *face["episodes"][0]):
        assert f"`{key}`" in PAGE


def test_the_header_of_the_episodes_is_there(talk: Path) -> None:
    header = (talk / "talk.episodes.csv").read_text(encoding="utf-8").splitlines()[0]
    assert f"`{header.replace(',', ', ')}`" in PAGE
