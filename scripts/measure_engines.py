"""Measures how the encoder is run best on this machine's processor, and prints Markdown.

    python scripts/measure_engines.py --seconds 2 > table.md

Each setting of OpenVINO (threads, precision, and whether a batch of any size is taken as it is, or filled up
to one of a few sizes that encoders are compiled for) and ONNX Runtime on as many threads, by the number of faces:
median, 99th percentile and, as a face that joins the picture meets it, the first run of that number; in milliseconds.
Only what was measured in one run, on an idle machine, can be compared.
"""

import argparse
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import product

import numpy as np

from engines.base import Engine
from engines.machine import cores, processor
from engines.onnxruntime import OnnxRuntimeEngine
from engines.openvino import OpenVinoEngine
from engines.package import ModelPackage
from engines.quantised import has_quantised

FACES = (1, 2, 3, 4, 6, 12, 40, 256)
SIZES: dict[str, tuple[int, ...]] = {"any": (), "1": (1,), "1 4": (1, 4), "1 2 4 8 16": (1, 2, 4, 8, 16)}
PRECISIONS = ("bf16", "fp16", "fp32")
_WARM_UPS = 3
_LEAST_RUNS = 10

Setting = tuple[str, Callable[[], Engine]]


def settings(package: ModelPackage) -> Iterator[Setting]:
    """Every way to run the encoder that is compared: how it was set, and how it is opened."""
    precisions = (*PRECISIONS, "int8") if has_quantised(package) else PRECISIONS
    for precision, threads, (sizes, fixed) in product(precisions, threads_tried(), SIZES.items()):
        engine = partial(OpenVinoEngine, package, threads=threads, precision=precision, sizes=fixed)
        yield f"{threads} | {sizes}", engine
    for threads in threads_tried():
        yield f"{threads} | any", partial(OnnxRuntimeEngine, package, threads=threads)


def threads_tried() -> list[int]:
    """One, half of the cores, and all."""
    return sorted({1, max(1, cores() // 2), cores()})


def row(engine: Engine, package: ModelPackage, seconds: float) -> list[str]:
    """Of each number of ``FACES``, in milliseconds: median, 99th percentile, and the first time that it came."""
    card = package.card
    cells = []
    for count in FACES:
        faces = np.random.default_rng(0).integers(0, 256, (count, card.channels, card.size, card.size), np.uint8)
        taken: list[float] = []
        while len(taken) < _WARM_UPS + _LEAST_RUNS or sum(taken) < seconds:
            began = time.perf_counter()
            engine.embed(faces)
            taken.append((time.perf_counter() - began) * 1000)
        p50, p99 = np.percentile(taken[_WARM_UPS:], [50, 99])
        cells.append(f"{p50:.2f} / {p99:.2f} / {taken[0]:.1f}")
    return cells


def main() -> None:
    """Print the table, a row as soon as it is measured."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--model", help="a model that ships, or the folder of a package; else the default")
    parser.add_argument("--seconds", type=float, default=1.0, help="for each cell")
    chosen = parser.parse_args()
    package = ModelPackage.load(chosen.model)
    print(f"{package.card.name} on {processor()}, {cores()} cores; ms, p50 / p99 / first\n")
    print("| engine | precision | threads | sizes |", " | ".join(map(str, FACES)), "|")
    print("| --- " * (4 + len(FACES)) + "|")
    for setting, opened in settings(package):
        with opened() as engine:
            print(
                f"| {engine.name} | {engine.precision} | {setting} |",
                " | ".join(row(engine, package, chosen.seconds)),
                "|",
                flush=True,
            )


if __name__ == "__main__":
    main()
