"""On a real Ray cluster of several processes: as by one, also when one of them is killed midway."""

import json
import os
import shutil
import signal
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import psutil
import pyarrow.parquet
import pytest
from typer.testing import CliRunner

import main
from engines.assets import Assets
from engines.errors import MienError
from realtime.batch import cluster
from realtime.batch.batch import Order, _Run, read_all
from realtime.batch.here import Here
from realtime.batch.task import Outcome, Task, as_text
from realtime.options import Options
from realtime.products import Outputs, Products
from realtime.progress import Progress
from tests.realtime.batch import made
from tests.realtime.faces import portrait
from tests.realtime.sources.helpers import write_picture
from tests.strace import outside, trace

needs_ray = pytest.mark.skipif(find_spec("ray") is None, reason='needs Ray: pip install -e ".[cluster]"')


def _readers() -> list[psutil.Process]:
    """The processes of the cluster that are reading."""
    children = psutil.Process().children(recursive=True)
    return [child for child in children if any("ray::read_there" in part for part in child.cmdline())]


@needs_ray
@pytest.mark.timeout(300)
def test_a_worker_that_is_killed_costs_nothing_but_time(
    assets: Assets, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, child_environment: dict[str, str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MIEN_ASSETS", child_environment.get("MIEN_ASSETS", ""))
    for number in range(4):
        made.video(Path("in") / f"{number}.mp4", frames=12 if number else 240, tint=number)
    options = Options(detector="short", assets=assets)
    killed: list[int] = []
    shares: dict[int, list[float]] = {}
    ended, moved = _Run.ended, _Run.moved

    def watch(run: _Run, task: Task, progress: Progress) -> None:
        moved(run, task, progress)
        shares.setdefault(task.number, []).append(progress.share or 0.0)

    def kill_the_other(run: _Run, task: Task, outcome: Outcome) -> None:
        ended(run, task, outcome)
        if not killed and task.number != 0:
            for reader in _readers():  # the long one is still in work
                reader.send_signal(signal.SIGKILL)
                killed.append(reader.pid)

    def order(out: str, **how: object) -> Order:
        return Order(("in",), Path(out), Products(annotate=False), **how)  # type: ignore[arg-type]

    assert read_all(options, order("one")) == 0
    monkeypatch.setattr(_Run, "ended", kill_the_other)
    monkeypatch.setattr(_Run, "moved", watch)
    assert read_all(options, order("many", cluster=cluster.LOCAL, workers=3)) == 0
    assert killed
    assert any(0 < share < 1 for share in shares[0])  # told while it was read
    for number in range(4):
        one, many = (pyarrow.parquet.read_table(f"{out}/in/{number}.parquet") for out in ("one", "many"))
        assert one.equals(many)
        assert json.loads(Path(f"many/in/{number}.json").read_text())["complete"]
    rows = [pyarrow.parquet.read_table(f"{out}/index.parquet") for out in ("one", "many")]
    assert rows[0].equals(rows[1])
    assert not list(Path("many").rglob(".*"))


@needs_ray
def test_what_a_person_should_know_is_told_as_without_a_cluster(
    assets: Assets, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("photos").mkdir()
    write_picture(Path("photos") / "a.png", portrait())
    Path("photos/broken.jpg").write_text("no picture")
    options = Options("photos", detector="short", assets=assets)
    photos = Task(0, options, Outputs(Path("out"), "photos"), Products(), made.SETTINGS)
    alone = made.Seen()
    Here().read(iter([photos]), alone)
    monkeypatch.setattr(cluster, "as_text", lambda task: "no task" if task.number else as_text(task))
    seen = made.Seen()
    cluster.Cluster(cluster.LOCAL, 1).read(iter([photos, made.task(1)]), seen)
    assert alone.lines
    assert seen.lines == alone.lines
    assert seen.outcomes[0].error == ""
    assert "talk.mp4 could not be read on the cluster: json.decoder.JSONDecodeError" in seen.outcomes[1].error


@pytest.mark.parametrize(("arguments", "most"), [((), None), (("--workers", "1"), 1)])
def test_as_many_are_in_work_as_were_asked_for_and_else_as_there_are_cores(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], most: int | None
) -> None:
    asked: list[int | None] = []

    def join(_cluster: cluster.Cluster, _address: str, most: int | None) -> None:
        asked.append(most)
        raise MienError("enough")

    monkeypatch.setattr(cluster.Cluster, "__init__", join)
    made.file(tmp_path / "a.mp4")
    command = ["video", str(tmp_path / "a.mp4"), "--out", str(tmp_path), "--cluster", "local", *arguments]
    CliRunner().invoke(main.app, command)
    assert asked == [most]


@needs_ray
@pytest.mark.timeout(300)
def test_a_cluster_of_this_machine_reaches_nobody(
    assets: Assets, tmp_path: Path, child_environment: dict[str, str]
) -> None:
    if (
        shutil.which("strace") is None
        or subprocess.run(["strace", "-f", "true"], check=False, capture_output=True).returncode
    ):
        pytest.skip("needs strace, and to be allowed to trace")
    assert not assets.missing()
    made.video(tmp_path / "a.mp4")
    log = tmp_path / "network.strace"
    command = [sys.executable, str(Path(main.__file__)), "video", "a.mp4", "--cluster", "local", "--engine", "openvino"]
    # The worst that a user may have: a rule that leads around every proxy.
    hidden = {name: value for name, value in child_environment.items() if not name.upper().endswith("_PROXY")}
    done = trace(command, log, tmp_path, hidden | {"no_proxy": "*", "MIEN_OFFLINE": "1"})
    assert done.returncode == 0, done.stderr
    assert outside(log.read_text(errors="replace").splitlines()) == []
    assert json.loads((tmp_path / "mien-output" / "a.json").read_text())["frames_with_faces"] > 0


def test_without_ray_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "find_spec", lambda _: None)
    with pytest.raises(MienError, match=r'pip install "mien\[cluster\]"'):
        cluster.Cluster("local").read(iter(()), made.Seen())


@needs_ray
def test_a_cluster_that_is_not_there_is_an_error_of_one_line() -> None:
    before = dict(os.environ)
    with pytest.raises(MienError, match="Cannot join the Ray cluster at nowhere") as error:
        cluster.Cluster("nowhere").read(iter(()), made.Seen())
    assert "\n" not in str(error.value)
    assert {name: value for name, value in os.environ.items() if "proxy" in name.lower()} == {
        name: value for name, value in before.items() if "proxy" in name.lower()
    }
