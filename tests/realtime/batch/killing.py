"""Kills ``mien video DIR`` at chance moments and lets it go on, until all is done: nothing is lost or done twice."""

import csv
import json
import random
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.etree import ElementTree

import av
import pyarrow.parquet

import main

COMMAND = (
    *(sys.executable, str(Path(main.__file__)), "video", "in", "--recursive", "--out", "out"),
    *(
        "--detector",
        "short",
        "--engine",
        "onnxruntime",
        "--episodes",
        "csv",
        "--episodes",
        "elan",
        "--episodes",
        "boris",
    ),
)


def kill_and_go_on(
    folder: Path, environment: Mapping[str, str], *, kills: int, seed: int, longest: float, options: Sequence[str] = ()
) -> int:
    """Run in ``folder``, killed ``kills`` times within ``longest`` seconds each, then to its end.

    After each kill whatever bears its final name is whole, and what was finished is not touched again. Returns how many
    sources were finished before the last run.
    """
    chance = random.Random(seed)
    finished: dict[Path, int] = {}
    for _ in range(kills):
        _run(folder, environment, options, chance.uniform(0.3, longest))
        expect_whole(folder / "out")
        _expect_untouched(finished)
        finished |= _finished(folder / "out")
    done_before = sum(path.suffix == ".json" for path in finished)
    done = subprocess.run(
        [*COMMAND, *options], cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=100
    )
    assert done.returncode == 0, done.stderr
    _expect_untouched(finished)
    expect_whole(folder / "out")
    assert not list((folder / "out").rglob(".*"))
    return done_before


def _run(folder: Path, environment: Mapping[str, str], options: Sequence[str], seconds: float) -> None:
    with subprocess.Popen(
        [*COMMAND, *options], cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as running:
        try:
            running.wait(seconds)
        except subprocess.TimeoutExpired:
            running.kill()


def expect_whole(out: Path) -> None:
    """Whatever bears its final name can be read to its end."""
    for path in out.rglob("[!.]*"):
        if path.suffix == ".json":
            assert json.loads(path.read_text())["complete"]
        elif path.suffix == ".boris":
            assert json.loads(path.read_text())["observations"]
        elif path.suffix == ".eaf":
            ElementTree.fromstring(path.read_bytes())  # noqa: S314 - our own
        elif path.suffix == ".html":
            assert path.read_text().endswith("</html>\n")
        elif path.suffix == ".csv":
            text = path.read_text()
            assert text.endswith("\n")
            assert len({len(row) for row in csv.reader(text.splitlines())}) == 1
        elif path.suffix == ".parquet":
            pyarrow.parquet.read_table(path)
        elif path.suffix == ".mp4":
            with av.open(path) as video:
                assert sum(1 for _ in video.decode(video=0)) > 0


def _finished(out: Path) -> dict[Path, int]:
    """The files of whatever has its summary, and when they were written."""
    summaries = [path for path in out.rglob("*.json") if not path.name.startswith(".")]
    files = [path.with_name(name) for path in summaries for name in json.loads(path.read_text())["files"]]
    return {path: path.stat().st_mtime_ns for path in (*summaries, *files)}


def _expect_untouched(finished: Mapping[Path, int]) -> None:
    assert {path: path.stat().st_mtime_ns for path in finished} == dict(finished)
