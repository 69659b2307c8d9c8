"""Holds every model that ships, and other people's tools, against each other: how often right, and how quick.

    python -m venv fer && fer/bin/pip install fer "setuptools<81"
    python scripts/compare_tools.py ../shared/data/ferplus_valid.npz --fer fer/bin/python --picture speed.png

One face at a time, cut out already, on one thread: from its pixels to its expression. Prints a table in Markdown with
the accuracy by both protocols, the mean recall, and of the milliseconds the 10th percentile (what it takes where others
leave the machine alone), the median and the 99th. A tool that knows fewer expressions is wrong about faces of the
others. Only what was measured in one run, on an idle machine, can be compared.
"""

import argparse
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engines.assets import Assets
from engines.machine import cores, processor
from engines.openvino import OpenVinoEngine
from engines.package import DEFAULT_PACKAGE, ModelPackage
from engines.quantised import has_quantised
from engines.text_head import TextHead
from training.data import CLASSES, Faces, Protocol, load_faces, select
from training.metrics import Metrics, measure

FER = {
    "neutral": "neutral",
    "happy": "happiness",
    "surprise": "surprise",
    "sad": "sadness",
    "angry": "anger",
    "disgust": "disgust",
    "fear": "fear",
}
"""Our names for those of ``fer``, which knows no contempt."""
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}
_ONE_THREAD |= {"CUDA_VISIBLE_DEVICES": "", "TF_CPP_MIN_LOG_LEVEL": "3"}
_WARM_UP = 20
_TICKS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20)  # milliseconds


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """Of each face the place of the expression that it was given, int ``[N]``, and the milliseconds, float ``[N]``."""

    name: str
    given: NDArray[np.intp]
    milliseconds: NDArray[np.float64]

    def measured(self, faces: Faces, protocol: Protocol) -> Metrics:
        """How good they are on the faces that ``protocol`` keeps: each is certain of what it was given."""
        keep, labels = select(faces.votes, protocol)
        return measure(np.eye(len(CLASSES), dtype=np.float32)[self.given[keep]], labels[keep])


def ours(faces: Faces) -> Iterator[Answers]:
    """What each model that ships says of ``faces``, in float32 and, where it has such a form, in int8."""
    assets = Assets.from_environment(notify=print)
    for folder in sorted(DEFAULT_PACKAGE.parent.iterdir()):
        package = ModelPackage.load(folder)
        head = TextHead.of(package, None, assets)
        for precision in ("fp32", "int8") if has_quantised(package) else ("fp32",):
            with OpenVinoEngine(package, threads=1, precision=precision, sizes=(1,)) as engine:
                given, taken = [], []
                for face in [*[faces.images[0]] * _WARM_UP, *faces.images]:
                    began = time.perf_counter()
                    given.append(head.probabilities(engine.embed(face[None])).argmax())
                    taken.append((time.perf_counter() - began) * 1000)
            name = f"{package.card.name}, {precision}"
            yield Answers(name, np.array(given[_WARM_UP:]), np.array(taken[_WARM_UP:]))


def fer(python: Path, faces: Faces) -> Answers:
    """What ``fer`` says of ``faces``, run by the ``python`` of the environment that it is installed in."""
    script = Path(__file__).with_name("fer_answers.py")
    with tempfile.TemporaryDirectory() as folder:
        asked, answered = Path(folder) / "faces.npy", Path(folder) / "answers.json"
        np.save(asked, faces.images[:, 0])
        subprocess.run([python, script, asked, answered], env=os.environ | _ONE_THREAD, check=True)
        said = json.loads(answered.read_text(encoding="utf-8"))
    given = [CLASSES.index(FER[name]) for name in said["given"]]
    return Answers(f"fer {said['version']}", np.array(given), np.array(said["milliseconds"]))


def row(answers: Answers, faces: Faces) -> str:
    """Of the table."""
    argmax, majority = answers.measured(faces, "argmax"), answers.measured(faces, "majority")
    shares = (argmax.accuracy, argmax.macro_recall, majority.accuracy)
    times = np.percentile(answers.milliseconds, [10, 50, 99])
    cells = [*(f"{share:.1%}" for share in shares), *(f"{time:.2f}" for time in times)]
    return f"| {answers.name} | {' | '.join(cells)} |"


def draw(found: list[Answers], faces: Faces, path: Path) -> None:
    """Accuracy against milliseconds, a dot for each. Raises ``OutputError`` if ``path`` cannot be written."""
    from matplotlib.figure import Figure  # noqa: PLC0415 - only with --picture
    from matplotlib.ticker import PercentFormatter  # noqa: PLC0415

    from realtime.plots import COLORS, INK, bare, plot_style, write_plot  # noqa: PLC0415

    measured = [answers.measured(faces, "argmax") for answers in found]
    with plot_style():
        figure = Figure(figsize=(6, 3.6), layout="constrained")
        axes = figure.subplots()
        for place, (answers, metrics) in enumerate(zip(found, measured, strict=True)):
            point = float(np.median(answers.milliseconds)), metrics.accuracy
            axes.plot(*point, "o", color=COLORS[place % len(COLORS)])
            above = (0, 7 if place % 2 == 0 else -14)  # by turns, so that neighbours do not write over each other
            axes.annotate(answers.name, point, above, textcoords="offset points", ha="center", color=INK)
        bare(axes, f"Accuracy on {measured[0].n:,} faces (argmax)")
        axes.set(xscale="log", xlabel=f"milliseconds a face, one thread of {processor()}", ylim=(0.5, 1.0))
        axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
        axes.set_xticks(_TICKS, map(str, _TICKS), minor=False)
        axes.minorticks_off()
        axes.set_xlim(_TICKS[0], _TICKS[-1])
        write_plot(figure, path)


def main() -> None:
    """Measure, print the table, and draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="faces with votes, laid out as the FER+ files")
    parser.add_argument("--fer", type=Path, metavar="PYTHON", help="of an environment in which fer is installed")
    parser.add_argument("--picture", type=Path, metavar="FILE.png", help="draw accuracy against milliseconds")
    chosen = parser.parse_args()
    faces = load_faces(chosen.data)
    faces = faces[select(faces.votes, "argmax")[0]]
    print(f"{processor()}, {cores()} cores; {len(faces):,} faces\n")
    print("| | accuracy, argmax | macro recall | accuracy, majority | ms, p10 | p50 | p99 |\n" + "| --- " * 7 + "|")
    found = []
    for answers in ours(faces):
        found.append(answers)
        print(row(answers, faces), flush=True)
    if chosen.fer:
        found.append(fer(chosen.fer, faces))
        print(row(found[-1], faces))
    if chosen.picture:
        draw(found, faces, chosen.picture)


if __name__ == "__main__":
    main()
