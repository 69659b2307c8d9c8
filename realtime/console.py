"""What a person at a terminal sees of long work: a progress bar with a rate, and short closing lines.

All of it goes to standard error but for results, so that a pipe gets only those.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as RichProgress
from rich.table import Table

from realtime.products import printable

if TYPE_CHECKING:  # these load what reads and writes videos, which a list of engines need not wait for
    from realtime.pipeline import Item, Pipeline
    from realtime.progress import Progress

_EVERY = 5
"""Frames between two moves of a progress bar: it need not cost what it shows."""

# A file may be called [/].mp4, or 12:o:3.mp4.
_console = Console(stderr=True, highlight=False, soft_wrap=True, emoji=False)
_results = Console(highlight=False, soft_wrap=True, markup=False, emoji=False)


class Advance(Protocol):
    """Moves a progress bar to ``done`` of ``total`` (None while unknown), with a word on how it goes."""

    def __call__(self, done: int, total: int | None, note: str = "") -> None: ...


def say(line: str) -> None:
    """One line to the person, above a progress bar if there is one."""
    _console.print(printable(line), markup=False)


def result(line: str) -> None:
    """One line that the command was run for."""
    _results.print(printable(line), markup=False)


@contextmanager
def progress(title: str, *, log: bool = False) -> Iterator[Advance]:
    """A bar with a rate and the time that remains, while the block runs.

    Without a terminal there is no bar but, with ``log``, a line every tenth.
    """
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=30),
        TaskProgressColumn(show_speed=True),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[note]}", markup=False),
    )
    with RichProgress(*columns, console=_console, disable=not _console.is_terminal) as bar:
        task = bar.add_task(printable(title), total=None, note="")
        tenths = 0

        def advance(done: int, total: int | None, note: str = "") -> None:
            nonlocal tenths
            bar.update(task, completed=done, total=total, note=note)
            if log and bar.disable and total and 10 * done // total > tenths:
                tenths = 10 * done // total
                say(f"{title}: {10 * tenths} % {note}".rstrip())

        yield advance


class Bars:
    """A bar for each source in work and, with ``whole``, one over all, while it is entered."""

    def __init__(self, *, whole: bool) -> None:
        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=30),
            TextColumn("{task.fields[words]}", markup=False),
        )
        on = _console.is_terminal
        # What is printed to a pipe is to get there.
        self._bars = RichProgress(*columns, console=_console, disable=not on, redirect_stdout=sys.stdout.isatty())
        self._tasks: dict[int, TaskID] = {}
        self._all = self._bars.add_task("All", total=None, words="") if whole else None
        self._tenths = 0

    def begin(self, number: int, title: str) -> None:
        """A new bar, which runs to and fro until it is known how far it is."""
        self._tasks[number] = self._bars.add_task(printable(title), total=None, words="")

    def move(self, number: int, progress: "Progress") -> None:
        """Of the bar ``number``."""
        rate = f"{progress.rate:.0f} a second" if progress.rate else ""
        words = ", ".join(filter(None, (rate, _time_left(progress.left))))
        self._bars.update(self._tasks[number], total=progress.share and 1.0, completed=progress.share or 0, words=words)

    def end(self, number: int) -> None:
        """The bar goes."""
        self._bars.remove_task(self._tasks.pop(number))

    def move_all(self, share: float, done: int, total: int, left: float | None) -> None:
        """The one over all, of which ``share`` and ``done`` of ``total`` are done; without a terminal each tenth."""
        if self._all is None:
            return
        words = ", ".join(filter(None, (f"{done} of {total}", _time_left(left))))
        self._bars.update(self._all, total=1.0, completed=share, words=words)
        if self._bars.disable and total > 1 and int(10 * share) > self._tenths:
            self._tenths = int(10 * share)
            say(words)

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._bars.stop()


def _time_left(seconds: float | None) -> str:
    """As a person would say it; nothing where it is unknown."""
    if seconds is None:
        return ""
    for unit, length in (("h", 3600), ("min", 60)):
        if seconds >= 2 * length:
            return f"about {seconds / length:.0f} {unit} left"
    return f"about {seconds:.0f} s left"


def follow(pipeline: "Pipeline", readings: "Iterator[Item]") -> "Iterator[Item]":
    """Pass ``readings`` on, and show how far they are."""
    with progress(pipeline.info.name) as advance:
        for done, item in enumerate(readings, start=1):
            if done % _EVERY == 0 or done == pipeline.info.frames:
                advance(done, pipeline.info.frames)
            yield item


def report(files: Sequence[Path], *, brief: bool = False) -> None:
    """Say what was seen, from the summary, which is the last of the ``files``, and where they lie.

    In one line where it is to be ``brief``.
    """
    summary = json.loads(files[-1].read_text(encoding="utf-8"))
    rate = f" at {summary['fps']:.0f} a second" if summary["fps"] else ""
    counted = _count(summary["frames"], "picture" if summary["still"] else "frame")
    left_out = f"; {len(summary['skipped'])} could not be read" if summary.get("skipped") else ""
    result(f"{summary['source']}: {counted}{rate}, a face in {summary['frames_with_faces']}{left_out}.")
    if brief:
        return
    for face in [] if summary["still"] and summary["frames"] > 1 else summary["faces"]:
        leading = sorted(face["mean_probabilities"].items(), key=lambda pair: -pair[1])[:3]
        shares = ", ".join(f"{name} {share:.0%}" for name, share in leading)
        seen = f" ({_count(face['frames'], 'frame')}, {face['first_time_s']:.1f} to {face['last_time_s']:.1f} s)"
        result(f"  face {face['face_id']}{'' if summary['still'] else seen}: {shares}")
    for path in files:
        result(f"  {path}")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def print_table(title: str, header: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """A readable table of figures: the first column to the left, numbers to the right."""
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for place, name in enumerate(header):
        table.add_column(name, justify="left" if place == 0 else "right")
    for row in rows:
        table.add_row(*row)
    _results.print(table)


def print_engines(document: dict[str, Any]) -> None:
    """What ``mien engines`` found, for a person."""
    here = [engine for engine in document["engines"] if engine["installed"]]
    rows = [
        (
            engine["engine"],
            engine["version"],
            engine["device"] or "",
            engine["precision"] or "",
            *(figure((engine["p50_ms"] or {}).get(size)) for size in ("1", "12")),
            "auto" if engine["auto"] else "",
        )
        for engine in here
    ]
    cores = _count(document["cores"], "core")
    cards = "".join(f", {card}" for card in document["gpus"])
    title = f"Engines for {document['model']} on {document['processor']}, {cores}{cards}"
    print_table(title, ("engine", "version", "device", "precision", "1 face ms", "12 faces ms", "taken by"), rows)
    for engine in document["engines"]:
        missing = [f"missing: {engine['add']}"] if engine["add"] else []
        if missing or engine["notes"]:
            result(f"{engine['engine']}: {'; '.join([*missing, *engine['notes']])}")


def figure(value: float | None) -> str:
    """``value`` with three significant digits; nothing for None."""
    return "" if value is None else f"{value:.0f}" if value >= 100 else f"{value:.3g}"
