"""Decides, before anything is read, what has to be read and where each result goes."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TypeVar

from engines.errors import SourceError
from realtime.batch.content import Stamp, content_of
from realtime.batch.finding import Found
from realtime.batch.places import Places
from realtime.batch.results import Result, where
from realtime.products import Outputs, file_name

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)

INDEX = "index"
"""The table over all, which no result is named as."""

Look = Callable[[int, int], None]
"""Is told how many bytes were looked at, and of how many."""


@dataclass(slots=True)
class Unit:
    """A source on its way: ``outputs`` is where its results go.

    ``stamp`` is None of a stream, and ``content`` is empty where it need not be known yet. ``known`` is the run that
    has read it before by the same settings, ``twin`` the unit before it that has the same content. ``problem`` says
    why it cannot be read.
    """

    found: Found
    files: Sequence[Path] = ()
    stamp: Stamp | None = None
    content: str = ""
    outputs: Outputs | None = None
    known: Result | None = None
    twin: "Unit | None" = None
    problem: str = ""


class Book:
    """The runs whose results are there, by what is asked of them."""

    def __init__(self, results: Sequence[Result]) -> None:
        self.sizes = Counter(result.size for result in results if result.content)
        self._of_source = _grouped(results, lambda result: result.source)
        self._of_content = _grouped([each for each in results if each.content], lambda result: result.content)

    def content(self, source: str, stamp: Stamp) -> str:
        """Of a file that lies where it lay and was not written to since; else empty."""
        same = (each for each in self._of_source[where(source)] if (each.size, each.mark) == (stamp.size, stamp.mark))
        return next((each.content for each in same), "")

    def final(self, content: str, settings: str) -> Result | None:
        """A run of this content by these settings that need not be done again."""
        return next((each for each in self._of_content[content] if each.settings == settings and each.is_final), None)

    def former(self, unit: Unit) -> Iterator[Outputs]:
        """Where earlier results of ``unit`` lie, whatever their settings."""
        for result in (*self._of_source[where(unit.found.source)], *self._of_content[unit.content]):
            yield result.outputs


def plan(
    found: Sequence[Found], results: Sequence[Result], out: Path, settings: str, *, again: bool, look: Look
) -> list[Unit]:
    """One unit for each of ``found``, in order, with all that can be known without reading more than has to be.

    What lies where it lay and has not been written to since is known by that; what has the size of another source or
    of one that was read is known by its content, which is looked at here; all else is new. ``again`` forgets that
    anything was read. Never goes a result where that of another source lies, nor any file of the user's own.
    """
    book = Book(results)
    units = [_looked_at(each, book) for each in found]
    _learn_contents(units, book, look)
    first: dict[str, Unit] = {}
    for unit in units:
        if unit.content and first.setdefault(unit.content, unit) is not unit:
            unit.twin = first[unit.content]
        elif unit.content and not again:
            unit.known = book.final(unit.content, settings)
    places = Places(path for unit in units for path in (Path(unit.found.source), *unit.files))
    _name([unit for unit in units if unit.twin is None and not unit.problem], book, out, places)
    return units


def _looked_at(found: Found, book: Book) -> Unit:
    if found.problem:
        return Unit(found, problem=found.problem)
    try:
        files = found.files()
        if not files:
            return Unit(found)
        stamp = Stamp.of(files)
    except SourceError as error:
        return Unit(found, problem=str(error))
    return Unit(found, files, stamp, book.content(found.source, stamp))


def _learn_contents(units: Sequence[Unit], book: Book, look: Look) -> None:
    sizes = Counter(unit.stamp.size for unit in units if unit.stamp)
    unsure = [
        (unit, unit.stamp.size)
        for unit in units
        if unit.stamp and not unit.content and (sizes[unit.stamp.size] > 1 or book.sizes[unit.stamp.size])
    ]
    done, total = 0, sum(size for _, size in unsure)

    def tell(size: int) -> None:
        nonlocal done
        done += size
        look(done, total)

    for unit, _ in unsure:
        try:
            unit.content = content_of(unit.files, tell)
        except SourceError as error:
            unit.problem = str(error)


def _name(units: Sequence[Unit], book: Book, out: Path, places: Places) -> None:
    """Give each its place: that of its results, if there are any, and else one where nothing lies."""
    places.take(Outputs(out, INDEX))
    for unit in units:
        if unit.known is not None:
            unit.outputs = places.take(unit.known.outputs)
    for unit in units:
        if unit.known is None and (former := next(filter(places.is_left, book.former(unit)), None)):
            unit.outputs = places.take(former)
    for unit, name in zip(units, _wished_names(units), strict=True):
        if unit.outputs is None:
            numbered = (name if number == 1 else f"{name}-{number}" for number in count(1))
            wished = (Outputs(out / unit.found.place, each) for each in numbered)
            unit.outputs = places.take(next(filter(places.is_free, wished)))


def _wished_names(units: Sequence[Unit]) -> Iterator[str]:
    """The name of a source without its suffix, but with it where it tells two of one folder apart."""
    whole, short = [], []
    for unit in units:
        path = Path(unit.found.source)
        is_folder = len(unit.files) != 1 or unit.files[0] != path
        name = path.resolve().name if unit.files and is_folder else path.name
        whole.append((unit.found.place, name))
        short.append((unit.found.place, name if unit.files and is_folder else path.stem))
    alike = _grouped([(stem, name) for stem, name in zip(short, whole, strict=True)], lambda pair: _folded(pair[0]))
    for stem, full in zip(short, whole, strict=True):
        several = len({_folded(other) for _, other in alike[_folded(stem)]}) > 1
        yield file_name((full if several else stem)[1])


def _folded(named: tuple[Path, str]) -> tuple[Path, str]:
    """Some systems do not tell large letters from small ones."""
    return named[0], named[1].casefold()


def _grouped(items: Iterable[T], key: Callable[[T], K]) -> defaultdict[K, list[T]]:
    groups: defaultdict[K, list[T]] = defaultdict(list)
    for item in items:
        groups[key(item)].append(item)
    return groups
