"""A run over everything that a person names."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from engines.base import EngineName
from engines.errors import MienError, OutputError
from engines.package import ModelPackage
from engines.select import open_engine
from realtime.batch.cluster import Cluster
from realtime.batch.content import settings_of
from realtime.batch.estimate import Amounts, Estimate
from realtime.batch.finding import expanded, find, is_folder
from realtime.batch.here import Here
from realtime.batch.index import expect_own, index_rows, write_index
from realtime.batch.planning import Unit, plan
from realtime.batch.results import Result, find_results
from realtime.batch.task import Outcome, Task
from realtime.batch.workers import Workers
from realtime.console import Bars, progress, report, result, say
from realtime.opening import open_head
from realtime.options import Options
from realtime.products import Products, make_folder
from realtime.progress import Progress


@dataclass(frozen=True, slots=True)
class Order:
    """What is read, and how: ``inputs`` into the folder ``out``.

    ``workers`` processes of this machine share it (None: this one alone), or as many of the Ray cluster at ``cluster``
    (None: as it has cores). ``again`` reads also what was read before.
    """

    inputs: Sequence[str]
    out: Path
    products: Products
    recursive: bool = False
    again: bool = False
    workers: int | None = None
    cluster: str = ""


def read_all(options: Options, order: Order) -> int:
    """Read what ``order`` names by ``options``, whatever their source, and return how many failed.

    A failure is told at the end and stops nothing else, but for a full disk, which ends all. Of a single source it is
    raised. Ctrl-C finishes the files of what is in work, and is raised again. Whatever happens, there is an index of
    it, if it is more than one source; where that cannot be written, this too is said and counts. Raises ``MienError``
    where nothing could be read at all.
    """
    results = list(find_results(order.out))
    made = {each.outputs.folder.resolve() / name for each in results for name in each.files}
    found = find(order.inputs, recursive=order.recursive, out=order.out, results=made)
    settings = settings_of(options, order.products)
    with progress("Looking for what was read before") as look:
        units = plan(found, results, order.out, settings, again=order.again, look=look)
    make_folder(order.out)
    return _Run(options, order, settings, units).run()


class _Run:
    """Looks on while the units are read, and keeps what is to be said at the end."""

    def __init__(self, options: Options, order: Order, settings: str, units: Sequence[Unit]) -> None:
        self._options = options
        self._order = order
        self._settings = settings
        self._units = units
        self._pending = {
            number: unit for number, unit in enumerate(units) if unit.outputs is not None and unit.known is None
        }
        self._alone = len(units) == 1
        self._errors = {unit.found.source: unit.problem for unit in units if unit.problem}
        self._now: set[str] = set()
        self._lacks_index = False
        self._full = False
        files = {number: unit.files for number, unit in self._pending.items() if unit.files}
        sizes = {number: unit.stamp.size if unit.stamp else 0 for number, unit in self._pending.items()}
        self._amounts = Amounts(files, sizes)
        self._estimate = Estimate(self._amounts.all, time.monotonic)
        self._bars = Bars(whole=not self._alone)

    def run(self) -> int:
        if self._is_indexed:
            expect_own(self._order.out, self._order.products.table)
        self._tell_known()
        try:
            if self._pending:
                self._read()
        except KeyboardInterrupt:
            say(f"Stopped. What was done so far is in {self._order.out}; the same command goes on from there.")
            raise
        finally:
            self._write_index()
        self._tell_failures()
        return len(self._errors) + self._lacks_index

    def _read(self) -> None:
        options = _settled(self._options) if len(self._pending) > 1 else self._options
        tasks = self._tasks(options)
        with self._amounts, self._bars:
            self._runner().read(tasks, self)

    def _runner(self) -> Cluster | Workers | Here:
        if self._order.cluster:
            return Cluster(self._order.cluster, self._order.workers)
        workers = min(self._order.workers or 1, len(self._pending))
        return Workers(workers) if workers > 1 else Here()

    def _tasks(self, options: Options) -> Iterator[Task]:
        for number, unit in self._pending.items():
            if self._full or unit.outputs is None:
                return
            own = replace(options, source=unit.found.source)
            yield Task(number, own, unit.outputs, self._order.products, self._settings, unit.content)

    def begun(self, task: Task) -> None:
        self._bars.begin(task.number, Path(task.source).name)

    def moved(self, task: Task, progress: Progress) -> None:
        self._bars.move(task.number, progress)
        self._move(task, progress.share or 0.0)

    def noticed(self, task: Task, line: str) -> None:
        say(line if self._alone else f"{Path(task.source).name}: {line}")

    def ended(self, task: Task, outcome: Outcome) -> None:
        self._bars.end(task.number)
        self._move(task, 1.0)
        if outcome.files:
            self._now.add(task.source)
        if outcome.error:
            if self._alone and outcome.cause is not None:
                raise outcome.cause
            self._errors[task.source] = outcome.error
            self._full = self._full or outcome.full
        else:
            report(outcome.files, brief=self._is_indexed)

    def _move(self, task: Task, share: float) -> None:
        self._estimate.move(task.number, share)
        self._bars.move_all(self._estimate.share, self._estimate.ended, len(self._pending), self._estimate.left)

    @property
    def _is_indexed(self) -> bool:
        return not self._alone or any(map(is_folder, filter(None, map(expanded, self._order.inputs))))

    def _write_index(self) -> None:
        if self._is_indexed:
            rows = index_rows(self._units, self._errors, self._order.out, self._settings, self._now)
            try:
                result(f"  {write_index(rows, self._order.out, self._order.products.table)}")
            except OutputError as error:
                self._lacks_index = True
                say(str(error))

    def _tell_known(self) -> None:
        known = [unit.known for unit in self._units if unit.known is not None]
        for each in known:
            if each.error:
                self._errors[each.source] = each.error
        if self._alone and known:
            say(f"Already done: {self._units[0].found.source}; --again reads it anew.")
            report(_files(known[0]))
        elif known:
            count = sum((unit.twin or unit).known is not None for unit in self._units)
            say(f"{count} of {len(self._units)} were already done; --again reads them anew.")

    def _tell_failures(self) -> None:
        if self._alone and self._errors:
            raise MienError(next(iter(self._errors.values())))
        if self._errors:
            say(f"{len(self._errors)} of {len(self._units)} failed:")
        for line in self._errors.values():
            say(f"  {line}")
        if self._full:
            left = len(self._pending) - self._estimate.ended
            say(f"The disk is full: {left} were not begun. Make room, and the same command goes on from there.")


def _files(known: Result) -> list[Path]:
    return [*(known.outputs.folder / name for name in known.files), known.outputs.summary]


def _settled(options: Options) -> Options:
    """With what ``auto`` takes on this machine, so that all sources are read alike, whoever reads them.

    What would fail for each of them fails here. TensorRT's name says more than which engine runs, so it is not named.
    """
    package = ModelPackage.load(options.model)
    open_head(package, options)
    with open_engine(package, options.engine, notice=say) as engine:
        taken = EngineName(engine.name)
    return options if taken is EngineName.TENSORRT else replace(options, engine=taken)
