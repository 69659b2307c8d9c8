"""Reads thousands of damaged media files, and says which of them Mien did not bear.

    python scripts/fuzz_media.py --count 2000 --workers 2
    python scripts/fuzz_media.py --only 1234

Small videos and pictures of many kinds are made, damaged in a manner that a seed decides, and read with everything that
Mien makes of an input. Each must end in a result or in one line that says what is wrong: not in another error or the
death of the process (crash), not in silence (hang) nor in more than 2 GB of memory (memory). Prints the bad ones, each
with the number by which ``--only`` makes it again, and exits with 1 if there are any. For Linux and macOS.
"""

import argparse
import multiprocessing
import os
import resource
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Literal

import numpy as np
import psutil
from fuzz_seeds import make_seeds

from engines.base import EngineName
from engines.errors import MienError
from realtime import opening
from realtime.analysis import analyze
from realtime.options import Options
from realtime.products import Outputs, Products
from realtime.sources.quiet import hush_opencv

MEMORY_MB = 2048
_LOOK_S = 0.05
_MOST_MAPPED = 16 * 1024**3
"""Of a child's address space, so that nothing that goes wrong takes the machine with it."""
_EVERYTHING = Products(keypoints=True, embeddings=True, episodes=("csv", "elan", "boris"))

Verdict = Literal["result", "line", "crash", "hang", "memory"]
Mutation = Callable[[bytearray, np.random.Generator], bytearray]


@dataclass(frozen=True, slots=True)
class Ending:
    """How the reading of one damaged file ended; ``text`` is what was said, ``megabytes`` the most memory till then."""

    number: int
    name: str
    verdict: Verdict
    text: str
    megabytes: int

    @property
    def bad(self) -> bool:
        return self.verdict not in {"result", "line"}


def _truncate(data: bytearray, chance: np.random.Generator) -> bytearray:
    return data[: chance.integers(len(data))]


def _flip(data: bytearray, chance: np.random.Generator) -> bytearray:
    for place in chance.integers(len(data), size=chance.integers(1, 65)):
        data[place] ^= 1 << chance.integers(8)
    return data


def _zero(data: bytearray, chance: np.random.Generator) -> bytearray:
    start, end = _span(data, chance)
    data[start:end] = bytes(end - start)
    return data


def _shuffle(data: bytearray, chance: np.random.Generator) -> bytearray:
    size = int(chance.choice([16, 188, 512, 4096]))
    blocks = [data[start : start + size] for start in range(0, len(data), size)]
    return bytearray().join(blocks[place] for place in chance.permutation(len(blocks)))


def _duplicate(data: bytearray, chance: np.random.Generator) -> bytearray:
    start, end = _span(data, chance)
    return data[:end] + data[start:end] * int(chance.integers(1, 9)) + data[end:]


def _remove(data: bytearray, chance: np.random.Generator) -> bytearray:
    start, end = _span(data, chance)
    return data[:start] + data[end:]


def _blow_up(data: bytearray, chance: np.random.Generator) -> bytearray:
    """Sizes, counts and times that no file has, among the fields of the header or the index at the end."""
    reach = min(len(data), 1024)
    for _ in range(chance.integers(1, 5)):
        start = int(chance.integers(reach)) + (len(data) - reach) * int(chance.integers(2))
        wide = int(chance.choice([1, 2, 4, 8]))
        data[start : start + wide] = chance.choice([b"\xff", b"\x7f", b"\x80", b"\xea"]) * wide
    return data


def _span(data: bytearray, chance: np.random.Generator) -> tuple[int, int]:
    start = int(chance.integers(len(data)))
    return start, min(len(data), start + int(chance.integers(1, max(2, len(data) // 4))))


MUTATIONS: tuple[Mutation, ...] = (_truncate, _flip, _zero, _shuffle, _duplicate, _remove, _blow_up, _blow_up)


def damaged(data: bytes, chance: np.random.Generator) -> bytes:
    """``data`` with one to three kinds of damage."""
    spoilt = bytearray(data)
    for _ in range(chance.integers(1, 4)):
        if spoilt:
            spoilt = MUTATIONS[chance.integers(len(MUTATIONS))](spoilt, chance)
    return bytes(spoilt)


class _Kept:
    """A model that outlives the analyses which it is lent to."""

    def __init__(self, model: object) -> None:
        self._model = model

    def __getattr__(self, name: str) -> object:
        return getattr(self._model, name)

    def __enter__(self) -> "_Kept":
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Not yet."""


def _keep_models() -> None:
    """Have every analysis in this process share its models: to open them takes far longer than to read a file."""
    for name in ("open_engine", "make_detector"):
        _keep(name, getattr(opening, name))


def _keep(name: str, maker: Callable[..., object]) -> None:
    kept: list[_Kept] = []

    def lend(*arguments: object, **chosen: object) -> _Kept:
        if not kept:
            kept.append(_Kept(maker(*arguments, **chosen)))
        return kept[0]

    setattr(opening, name, lend)


def _read(file: Path, out: Path) -> tuple[Verdict, str]:
    """Analyse ``file`` with all products, into the empty folder ``out``."""
    options = Options(file, engine=EngineName.ONNXRUNTIME)
    threads = threading.active_count()
    try:
        made = analyze(options, Outputs(out, "read"), _EVERYTHING, notice=lambda _: None, follow=lambda _, items: items)
        ended: tuple[Verdict, str] = ("result", ", ".join(path.name for path in made))
    except MienError as error:
        ended = ("line" if "\n" not in str(error) else "crash", str(error))
    except Exception:
        return "crash", traceback.format_exc()
    left = [path.name for path in out.rglob("*.partial")]
    if left or threading.active_count() > threads:
        return "crash", f"left behind: {left}, {threading.active_count() - threads} threads; {ended[1]}"
    return ended


def _child(pipe: Connection, seeds: Path, seed: int) -> None:
    """Read the files whose numbers come through ``pipe``, and answer with an :class:`Ending` of each."""
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MAPPED, _MOST_MAPPED))
    hush_opencv()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # libpng and libjpeg say there what they think of each file
    _keep_models()
    while (number := pipe.recv()) is not None:
        with tempfile.TemporaryDirectory() as folder:
            file = write_case(seeds, seed, number, Path(folder))
            out = Path(folder) / "out"
            out.mkdir()
            verdict, text = _read(file, out)
        pipe.send((verdict, text, _most_megabytes()))


def _most_megabytes() -> int:
    """The most memory that this process has held. On Linux ``ru_maxrss`` has in it what its parent held before it."""
    if sys.platform != "linux":
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024**2
    told = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(told.partition("VmHWM:")[2].split()[0]) // 1024


def write_case(seeds: Path, seed: int, number: int, folder: Path) -> Path:
    """Write the damaged file that ``seed`` and ``number`` stand for into ``folder``."""
    names = sorted(path.name for path in seeds.iterdir())
    name = names[number % len(names)]
    file = folder / f"{number:06d}-{name}"
    file.write_bytes(damaged((seeds / name).read_bytes(), np.random.default_rng((seed, number))))
    return file


class _Reader:
    """A child process, replaced by another where it dies or has to be ended."""

    def __init__(self, seeds: Path, seed: int, patience: float) -> None:
        self._seeds = seeds
        self._seed = seed
        self._patience = patience
        self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_child, args=(theirs, self._seeds, self._seed), daemon=True)
        self._process.start()
        theirs.close()

    def read(self, number: int) -> tuple[Verdict, str, int]:
        """How the reading of file ``number`` ends, what is said, and the most memory up to then in megabytes."""
        self._pipe.send(number)
        ended = self._wait()
        if ended[2] > MEMORY_MB:
            ended = ("memory", *ended[1:])
        if ended[0] in {"hang", "memory"} or not self._process.is_alive():
            self._end()
            self._start()
        return ended

    def _wait(self) -> tuple[Verdict, str, int]:
        began, most = time.monotonic(), 0
        while not self._pipe.poll(_LOOK_S):
            with suppress(psutil.Error):
                most = max(most, psutil.Process(self._process.pid).memory_info().rss // 1024**2)
            if most > MEMORY_MB:
                return "memory", "ended by force", most
            if time.monotonic() - began > self._patience:
                return "hang", f"nothing for {self._patience:g} s", most
        try:
            ended: tuple[Verdict, str, int] = self._pipe.recv()
        except EOFError:
            self._process.join()
            return "crash", f"the process ended with {self._process.exitcode}", most
        return ended

    def _end(self) -> None:
        self._process.kill()
        self._process.join()
        self._pipe.close()

    def close(self) -> None:
        with suppress(OSError):
            self._pipe.send(None)
        self._process.join(10)
        self._end()


def fuzz(
    numbers: Iterator[int], seeds: Path, tell: Callable[[Ending], None], *, seed: int, workers: int, patience: float
) -> None:
    """Read the files of all ``numbers``; ``tell`` is told of each, one at a time, as it ends."""
    names = sorted(path.name for path in seeds.iterdir())
    taking = threading.Lock()

    def work() -> None:
        reader = _Reader(seeds, seed, patience)
        while True:
            with taking:
                number = next(numbers, None)
            if number is None:
                break
            ended = reader.read(number)
            with taking:
                tell(Ending(number, names[number % len(names)], *ended))
        reader.close()

    threads = [threading.Thread(target=work) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def main() -> int:
    """Print each bad file as it is found, then the counts; 1 if there were any."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=2000, help="how many damaged files")
    parser.add_argument("--seed", type=int, default=0, help="another seed, other damage")
    parser.add_argument("--workers", type=int, default=2, help="processes that read at a time")
    parser.add_argument("--patience", type=float, default=60.0, metavar="SECONDS", help="a file may take so long")
    parser.add_argument("--only", type=int, metavar="N", help="read file N alone, and say how it ends")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="write the bad files there")
    chosen = parser.parse_args()
    counts: Counter[str] = Counter()
    most = 0
    with tempfile.TemporaryDirectory() as folder:
        seeds = make_seeds(Path(folder))

        def tell(ending: Ending) -> None:
            nonlocal most
            counts[ending.verdict] += 1
            most = max(most, ending.megabytes)
            if ending.bad or chosen.only is not None:
                print(f"--only {ending.number} ({ending.name}): {ending.verdict}: {ending.text}", flush=True)
            if ending.bad and chosen.keep:
                chosen.keep.mkdir(parents=True, exist_ok=True)
                write_case(seeds, chosen.seed, ending.number, chosen.keep)

        numbers = range(chosen.count) if chosen.only is None else [chosen.only]
        fuzz(iter(numbers), seeds, tell, seed=chosen.seed, workers=chosen.workers, patience=chosen.patience)
    print(", ".join(f"{name} {counts[name]}" for name in ("result", "line", "crash", "hang", "memory")), end="; ")
    print(f"at most {most} MB")
    return int(counts["result"] + counts["line"] != counts.total())


if __name__ == "__main__":
    sys.exit(main())
