"""What every room's tests share."""

import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

import main
from engines.assets import Assets, cache_directory
from engines.package import ModelPackage
from engines.text_encoder import TextEncoder
from tests import tiny

Mien = Callable[..., tuple[int, str, str]]
"""Runs a command: see :func:`mien`."""

# A slow machine is no failure, and the same code gets the same examples.
settings.register_profile("mien", deadline=None, derandomize=True)
settings.load_profile("mien")

_SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session", autouse=True)
def _nothing_is_measured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """``auto`` takes the first engine, whatever does best on this machine, and leaves the user's cache alone."""
    memory = tmp_path_factory.mktemp("cache") / "engines.json"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("engines.choice.memory_file", lambda: memory)
        patch.setattr("engines.select.measure", lambda *_, **__: ())
        patch.setattr("engines.select.measure_later", lambda _: None)
        patch.setattr("engines.machine.Load.of_others", lambda _: 0.0)  # whatever else runs beside the tests
        yield


@pytest.fixture(scope="session", autouse=True)
def _ctrl_c_is_not_ignored() -> None:
    """A shell that starts the tests in the background has them ignore Ctrl-C, and so would the programs they start."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def child_environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of programs that tests start: what they measure, build and keep is not the user's.

    The model files that the user has are theirs to read: they are large, and nothing is to be fetched again.
    """
    places = ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "APPDATA", "LOCALAPPDATA")
    own = dict.fromkeys(places, str(tmp_path_factory.mktemp("child")))
    fetched = cache_directory()
    files = {"MIEN_ASSETS": str(fetched)} if fetched.is_dir() else {}
    return {**files, **os.environ, **own}


@pytest.fixture
def shared_data() -> Path:
    """The folder with real clips and faces; the test is skipped where it is missing."""
    if not _SHARED.is_dir():
        pytest.skip("needs ../shared/data")
    return _SHARED


@pytest.fixture(scope="session")
def assets() -> Assets:
    """The third-party model files; the test is skipped where they were not fetched."""
    found = Assets(offline=True)
    if found.missing():
        pytest.skip("needs the model files: main.py doctor --fetch")
    return found


@pytest.fixture(scope="session")
def text_encoder(assets: Assets) -> TextEncoder:
    """The real text encoder."""
    return TextEncoder.from_assets(assets)


@pytest.fixture(scope="session")
def tiny_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a finished training run on :mod:`tests.tiny`'s faces."""
    from training.train import train  # noqa: PLC0415 - torch, which few tests need

    folder = tmp_path_factory.mktemp("tiny-run")
    train(tiny.RECIPE, tiny.faces(320), tiny.words(), folder, resume=False, progress=lambda *_: None)
    return folder


@pytest.fixture(scope="session")
def tiny_package(tiny_run: Path, tmp_path_factory: pytest.TempPathFactory) -> ModelPackage:
    """That run as a real model package; not to be changed: see ``own_package``."""
    from training.checkpoint import Checkpoint  # noqa: PLC0415 - as above
    from training.export import export  # noqa: PLC0415

    folder = tmp_path_factory.mktemp("packages") / "tiny"
    return export(Checkpoint.load(tiny_run), tiny.faces(320), tiny.words(), tiny.CROP, folder)


@pytest.fixture
def own_package(tiny_package: ModelPackage, tmp_path: Path) -> ModelPackage:
    """A model package that a test may damage."""
    return ModelPackage.load(Path(shutil.copytree(tiny_package.folder, tmp_path / "own")))


@pytest.fixture
def mien(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path) -> Mien:
    """Run a command in an empty folder: the exit code, and what was printed as result and as error."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str | Path | int) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["mien", *map(str, arguments)])
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            main.main()
        printed = capfd.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err

    return run


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory, assets: Assets) -> Path:  # noqa: ARG001 - it is to be read
    """Two seconds of a real portrait, moving, in a video file."""
    from realtime.records import Reading  # noqa: PLC0415 - these load what reads and writes videos
    from realtime.sinks import AnnotatedVideo  # noqa: PLC0415
    from realtime.sources import SyntheticSource  # noqa: PLC0415
    from tests.realtime.faces import portrait  # noqa: PLC0415

    path = tmp_path_factory.mktemp("clip") / "portrait.mp4"
    source = SyntheticSource(width=640, height=360, frames=60, portrait=portrait())
    with source, AnnotatedVideo(path) as video:
        for frame in source:
            video.write(frame, Reading(frame.index, frame.time, (), ()))
    return path
