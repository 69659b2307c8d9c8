"""Finds what is to be read: the videos and pictures of the files and folders that a person names."""

import errno
import os
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from engines.errors import SourceError
from realtime.products import Outputs
from realtime.sinks.base import partial_of
from realtime.sources.pictures import FOREIGN_SUFFIXES, PICTURE_SUFFIXES, natural_order, pictures_in

_PICTURES = PICTURE_SUFFIXES | FOREIGN_SUFFIXES
"""Also those that cannot be read: a folder of them is to say so."""

VIDEO_SUFFIXES = frozenset({
    ".3g2", ".3gp", ".asf", ".avi", ".divx", ".dv", ".f4v", ".flv", ".m2t", ".m2ts", ".m2v", ".m4v", ".mjpeg", ".mjpg",
    ".mkv", ".mov", ".mp4", ".mpe", ".mpeg", ".mpg", ".mts", ".mxf", ".ogm", ".ogv", ".qt", ".ts", ".vob", ".webm",
    ".wmv",
})  # fmt: skip
"""What is taken for a video in a folder; a file that is named itself is read whatever its suffix."""


@dataclass(frozen=True, slots=True)
class Found:
    """One unit of work: a video, a picture that was named itself, the pictures of one folder, or a stream.

    ``source`` is as it is opened and shown. ``place`` is where its results go below the output folder. ``problem``
    says why it cannot even be looked at, where that is so.
    """

    source: str
    place: Path = Path()
    problem: str = ""

    def files(self) -> Sequence[Path]:
        """What is read of it, in order; nothing of a stream. Raises ``SourceError`` where it is gone or closed to us.

        Found anew each time, since a file may vanish.
        """
        path = Path(self.source)
        try:
            if path.is_dir():
                return pictures_in(path)
            return [path] if path.exists() or path.is_symlink() else []
        except OSError as error:
            if error.errno == errno.ENAMETOOLONG:  # such as a stream's
                return []
            raise SourceError(f"{path} cannot be read ({error.strerror}): check its permissions") from error


def find(inputs: Iterable[str], *, recursive: bool, out: Path, results: Container[Path] = ()) -> list[Found]:
    """What ``inputs`` hold, each path once, in natural order below each folder, its own files first.

    A folder gives its own videos and pictures, and with ``recursive`` those of all folders in it. Passed over are
    hidden files and folders, the folder ``out`` where it lies in one of these, ``results`` (resolved paths), and what a
    run has left that was killed. What is no folder is taken as it is. Raises ``SourceError`` for a folder with nothing
    to read.
    """
    found: dict[Path, Found] = {}
    for text in inputs:
        folder = expanded(text)
        if folder is None:
            below = [Found(text, problem=f"{text} does not exist: check the name")]
        elif is_folder(folder):
            below = list(_Walk(folder, out, results, recursive=recursive).below(folder, Path(folder.resolve().name)))
            if not below:
                raise SourceError(_nothing_in(folder, recursive=recursive))
        else:
            below = [Found(str(folder) if _exists(folder) else text)]
        for each in below:
            found.setdefault(Path(each.source).absolute(), each)
    return list(found.values())


def expanded(text: str) -> Path | None:
    """The path that a person names; None where it begins in the home of somebody who has none."""
    try:
        return Path(text).expanduser()
    except RuntimeError:
        return None


def is_folder(path: Path) -> bool:
    """Whether there is one, as far as can be seen."""
    try:
        return path.is_dir()
    except OSError:  # a name that is too long, say: opening it will tell
        return False


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False


def _is_file(entry: "os.DirEntry[str]") -> bool:
    """Also a link that leads nowhere: a video that is gone should be missed. Not a pipe, which would never end."""
    try:
        return entry.is_file() or (entry.is_symlink() and not entry.is_dir() and not Path(entry).exists())
    except OSError:  # a link to itself
        return True


def _nothing_in(folder: Path, *, recursive: bool) -> str:
    try:
        deeper = not recursive and any(each.is_dir() for each in folder.iterdir())
    except OSError:
        deeper = False
    hint = "give a folder that does, or --recursive for those in it" if deeper else "give a folder that does"
    return f"{folder} holds no videos and no pictures: {hint}"


def _unfinished(names: Sequence[str]) -> Container[str]:
    """What may have been made by a run that was killed before it could write the summary that speaks of it."""
    found: set[str] = set()
    for name in names:
        outputs = Outputs(Path(), name.removeprefix(".").removesuffix(".json.partial"))
        if name == partial_of(outputs.summary).name and outputs.summary.name not in names:
            found.update(path.name for path in outputs.possible)
    return found


class _Walk:
    """Goes through folders, each once, also where links lead in a circle."""

    def __init__(self, root: Path, out: Path, results: Container[Path], *, recursive: bool) -> None:
        self._recursive = recursive
        self._results = results
        # Results may go beside what they are made of, or into a folder above it: then they are passed over one by one.
        self._seen = set() if root.resolve().is_relative_to(out.resolve()) else {out.resolve()}

    def below(self, folder: Path, place: Path) -> Iterator[Found]:
        here = folder.resolve()
        if here in self._seen:
            return
        self._seen.add(here)
        try:
            with os.scandir(folder) as listed:
                everything = list(listed)
            unfinished = _unfinished([each.name for each in everything])
            entries = [
                each
                for each in everything
                if not (each.name.startswith(".") or each.name in unfinished or here / each.name in self._results)
            ]
            entries.sort(key=lambda entry: natural_order(entry.name))
        except OSError as error:
            why = f"{folder} cannot be read ({error.strerror}): check its permissions"
            yield Found(str(folder), place.parent, why)
            return
        folders = [entry.name for entry in entries if is_folder(Path(entry))]
        files = [entry.name for entry in entries if _is_file(entry)]
        suffixes = [Path(name).suffix.lower() for name in files]
        if _PICTURES.intersection(suffixes):
            yield Found(str(folder), place.parent)
        for name, suffix in zip(files, suffixes, strict=True):
            if suffix in VIDEO_SUFFIXES:
                yield Found(str(folder / name), place)
        if self._recursive:
            for name in folders:
                yield from self.below(folder / name, place / name)
