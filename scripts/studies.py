"""What the studies share: many small training runs, kept one by one, and their figures with intervals."""

import argparse
import json
import math
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Protocol, TypeVar

import numpy as np

from engines.files import write_json

SEEDS = (1, 2, 3)

T_975 = {1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776, 7: 2.365, 15: 2.131, 23: 2.069}
"""Student's t at 97.5 %, by degrees of freedom."""


class Job(Protocol):
    """One training run."""

    @property
    def file(self) -> str:
        """Where its figures are kept, below the study's folder."""


Rows = list[dict[str, Any]]
"""The figures of some runs."""

J = TypeVar("J", bound=Job)


def interval(values: list[float]) -> str:
    """Mean and 95 % t interval of figures in 0..1, in points."""
    mean = 100 * float(np.mean(values))
    if len(values) < 2:
        return f"{mean:.1f}"
    half = T_975[len(values) - 1] * 100 * float(np.std(values, ddof=1)) / math.sqrt(len(values))
    return f"{mean:.1f} ± {half:.1f}"


def gains(ours: Rows, theirs: Rows, figure: Callable[[dict[str, Any]], float]) -> list[float]:
    """By how much a ``figure`` of ``ours`` is above that of ``theirs``, for each seed that both have, in its order."""
    mine, others = ({row["seed"]: figure(row) for row in rows} for rows in (ours, theirs))
    return [mine[seed] - others[seed] for seed in sorted(mine.keys() & others.keys())]


def seed_by_seed(values: list[float]) -> str:
    """:func:`interval` of differences, and each of them, in points."""
    return f"{interval(values)} ({', '.join(f'{100 * value:+.1f}' for value in values)})"


def arguments(description: str | None) -> argparse.ArgumentParser:
    """A command line with what every study takes."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="training faces, laid out as the FER+ files")
    parser.add_argument("--out", type=Path, required=True, help="where the figures of the runs are kept")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="runs at a time, a core each")
    return parser


def made(
    jobs: Sequence[J], run: Callable[[J, Path], dict[str, Any]], given: argparse.Namespace
) -> list[dict[str, Any]]:
    """The figures of all ``jobs``; ``run`` makes those that are missing, so it can be stopped at any time."""
    given.out.mkdir(parents=True, exist_ok=True)
    missing = [job for job in jobs if not (given.out / job.file).exists()]
    os.environ["OMP_NUM_THREADS"] = "1"  # the children take it over
    with ProcessPoolExecutor(given.workers, mp_context=get_context("spawn")) as pool:
        running = {pool.submit(run, job, given.data): job for job in missing}
        for done, future in enumerate(as_completed(running), 1):
            write_json(given.out / running[future].file, future.result())
            print(f"{done}/{len(missing)} {running[future].file}", flush=True)
    return [json.loads((given.out / job.file).read_text(encoding="utf-8")) for job in jobs]
