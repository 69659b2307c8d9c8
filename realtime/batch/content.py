"""What tells that a source was read before: its content, and everything else that the results depend on."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path

from engines.assets import sha256_of
from engines.errors import ModelError, PromptError, SourceError
from engines.package import ARRAYS, CARD, DEFAULT_PACKAGE, package_folder
from realtime.options import Options
from realtime.products import Products

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Stamp:
    """What the file system says: ``size`` in bytes, and a ``mark`` that changes when a file is written to or renamed.

    While both are the same, so is the content; where they differ, the content may be the same all the same.
    """

    size: int
    mark: str

    @classmethod
    def of(cls, files: Sequence[Path]) -> "Stamp":
        """Raises ``SourceError`` where a file is gone or closed to us."""
        try:
            told = [(path.name, stat.st_size, stat.st_mtime_ns) for path in files for stat in [path.stat()]]
        except OSError as error:
            raise _unreadable(error) from error
        marks = hashlib.sha256(json.dumps(told).encode())
        return cls(sum(size for _, size, _ in told), marks.hexdigest())


def content_of(files: Sequence[Path], look: Callable[[int], None] = lambda _: None) -> str:
    """The SHA-256 of a file, or over the names and contents of several, in hex; memory stays flat.

    ``look`` is told the bytes of each piece, and may raise what ends it. Raises ``SourceError``.
    """
    if len(files) == 1:
        return _sha256(files[0], look)
    whole = hashlib.sha256()
    for path in files:
        whole.update(json.dumps([path.name, _sha256(path, look)]).encode())
    return whole.hexdigest()


def _sha256(path: Path, look: Callable[[int], None]) -> str:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while piece := file.read(_CHUNK):
                digest.update(piece)
                look(len(piece))
    except OSError as error:
        raise _unreadable(error) from error
    return digest.hexdigest()


def _unreadable(error: OSError) -> SourceError:
    if isinstance(error, FileNotFoundError):
        return SourceError(f"{error.filename} does not exist: check the name")
    return SourceError(f"{error.filename} cannot be read ({error.strerror}): check its permissions")


def settings_of(options: Options, products: Products) -> str:
    """A SHA-256 of everything but the source that the results depend on, in hex.

    The engine counts as it was asked for: what ``auto`` takes is the machine's matter. Of Mien's version the first two
    numbers count. Raises ``ModelError`` or ``PromptError`` where a file of theirs cannot be read.
    """
    chosen = options.to_dict() | {"source": None, "prompts": None, "model": None}
    folder = package_folder(options.model or DEFAULT_PACKAGE)
    try:
        # The card has the sum of the encoder, which is checked against it whenever it is opened.
        parts = [folder / name for name in (CARD, *ARRAYS)]
        model = [sha256_of(path) if path.exists() else "" for path in parts]
    except OSError as error:
        raise ModelError(f"{folder} is not a model package: {error.strerror}; name one with --model.") from error
    try:
        words = sha256_of(options.prompts) if options.prompts else ""
    except OSError as error:
        raise PromptError(f"Cannot read the prompts file {options.prompts}: {error.strerror}.") from error
    told = {"mien": _version(), "chosen": chosen, "products": asdict(products), "model": model, "words": words}
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()


def _version() -> str:
    try:
        return ".".join(metadata.version("mien").split(".")[:2])
    except metadata.PackageNotFoundError:
        return ""
