"""Measures what choosing an engine adds to a start, and prints Markdown.

    python scripts/measure_startup.py --runs 20

Whole programs are started in turn, imports and all: one that opens the engine by its name and one that leaves the
choice to ``auto``, which remembers; ``mien --help``, a program that loads what every command with a model does, and
``mien engines``. Of each: the median and the least time, the median of the processors' time (which other work on the
machine lengthens less), and how much longer both were than of the program before it, run by run. In milliseconds.
"""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from engines.choice import recall
from engines.listing import describe
from engines.machine import cores, processor
from engines.measuring import measure
from engines.package import ModelPackage

_ROOT = Path(__file__).resolve().parents[1]
_OPEN = """
import sys
from engines.base import EngineName
from engines.package import ModelPackage
from engines.select import open_engine
with open_engine(ModelPackage.load(), EngineName(sys.argv[1])):
    pass
"""
_LOAD = """
import main
import realtime.console
from engines.package import ModelPackage
ModelPackage.load()
"""

Programs = dict[str, tuple[str, ...]]


def chosen(package: ModelPackage) -> str:
    """The engine that ``auto`` takes, measured now if nothing is remembered."""
    if not recall(package):
        measure(package)
    if not recall(package):
        sys.exit("The machine was too busy for its engines to be measured: try again when it is idle.")
    return str(next(engine["engine"] for engine in describe(package)["engines"] if engine["auto"]))


def compared(engine: str) -> list[Programs]:
    """The programs that are run in turn, each after the one that it is compared with."""
    code, mien = (sys.executable, "-c"), (sys.executable, "main.py")
    return [
        {f"open `{engine}`": (*code, _OPEN, engine), "open `auto`": (*code, _OPEN, "auto")},
        {"`mien --help`": (*mien, "--help"), "load the model": (*code, _LOAD), "`mien engines`": (*mien, "engines")},
    ]


def taken(command: tuple[str, ...]) -> tuple[float, float]:
    """Milliseconds from the start of a program to its end, and of the processors' time for it."""
    began, before = time.perf_counter(), os.times()
    subprocess.run(command, cwd=_ROOT, stdout=subprocess.DEVNULL, check=True)
    ended, after = time.perf_counter(), os.times()
    worked = after.children_user + after.children_system - before.children_user - before.children_system
    return (ended - began) * 1000, worked * 1000


def main() -> None:
    """Print the table, the rows of programs that are compared as soon as they are measured."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=20, help="of each program, after one to warm up")
    runs = parser.parse_args().runs
    package = ModelPackage.load()
    print(f"{package.card.name} on {processor()}, {cores()} cores; ms\n")
    print("| program | median | least | processors | adds | to the processors |\n| --- | --- | --- | --- | --- | --- |")
    for programs in compared(chosen(package)):
        times = np.array([[taken(command) for command in programs.values()] for _ in range(runs + 1)])[1:]
        for place, name in enumerate(programs):
            here = times[:, place]
            cells = [np.median(here[:, 0]), here[:, 0].min(), np.median(here[:, 1])]
            if place:
                cells += np.median(here - times[:, place - 1], axis=0).tolist()
            print(f"| {name} |", " | ".join(f"{ms:.0f}" for ms in cells), "|" if place else "| | |", flush=True)


if __name__ == "__main__":
    main()
