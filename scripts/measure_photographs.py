"""How many photographs of neutral and happy people Mien reads as they are labelled, from the picture to the word.

    python scripts/measure_photographs.py ../shared/data/faces_lfw_imfdb.zip --faces 1000

Each photograph is pasted somewhere into a 1280x720 picture, which goes as a still picture through the pipeline that
``mien video`` opens; a face that is not found counts as wrong. Three kinds of picture: plain grey, a made-up room, and
"desk", where the photograph is enlarged to 480 pixels and its edge repeated all around: what the encoder comes to where
finding the face is no question. The labels are noisy. Grey photographs are portraits from the news; those in colour are
film stills of few people, who are therefore drawn first.
"""

import argparse
import csv
import io
import math
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from measure_detection import HEIGHT, WIDTH, Image, laid_into, room
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from engines.files import write_json
from realtime.opening import open_pipeline
from realtime.options import Options
from realtime.records import Frame, Reading
from realtime.sources.base import Closable, SourceInfo

LABELS = ("neutral", "happiness")
MISSED = "not found"
EACH = 2
"""Photographs of one identity at most, unless told otherwise: some have hundreds."""
KINDS = ("plain", "room", "desk")
DESK_SIDE = 480
GREY = 128


@dataclass(frozen=True, slots=True, eq=False)
class Photograph:
    """A labelled face, ``image`` uint8 ``[H, W, 3]`` RGB."""

    file: str
    label: str
    image: Image

    @property
    def grey(self) -> bool:
        """Whether its three channels are equal."""
        return bool((self.image == self.image[..., :1]).all())


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was read in one photograph: a class, or ``MISSED``. ``score`` is the detection's, 0 where there was none."""

    file: str
    label: str
    grey: bool
    read: str
    score: float
    beside: int
    """Faces read where there is no photograph."""


def drawn(archive: Path, count: int, each: int = EACH, seed: int = 0) -> list[Photograph]:
    """``count`` neutral or happy photographs, or all there are, drawn by identity, at most ``each`` of one."""
    with zipfile.ZipFile(archive) as files:
        rows = [row for row in csv.DictReader(io.StringIO(files.read("labels.csv").decode())) if row["label"] in LABELS]
        random = np.random.default_rng(seed)
        of: dict[str, list[dict[str, str]]] = {}
        for index in random.permutation(len(rows)):
            of.setdefault(rows[index]["identity"], []).append(rows[index])
        people = [of[name] for name in sorted(of)]
        people = sorted((people[index] for index in random.permutation(len(people))), key=_in_news)
        chosen = [row for person in people for row in person[:each]][:count]
        return [Photograph(row["file"], row["label"], _decoded(files.read(f"images/{row['file']}"))) for row in chosen]


def _in_news(rows: Sequence[Mapping[str, str]]) -> bool:
    return rows[0]["source"] == "lfw"


def _decoded(data: bytes) -> Image:
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR_RGB)
    if picture is None:
        raise ValueError("a photograph cannot be decoded")
    return np.asarray(picture, np.uint8)


def pasted(photograph: Image, width: int, kind: str, seed: int) -> tuple[Image, NDArray[np.float64]]:
    """A picture uint8 ``[720, 1280, 3]`` with the photograph in it, and where: x, y, width, height in pixels."""
    side = DESK_SIDE if kind == "desk" else width
    factor = side / (max(photograph.shape[:2]) if kind == "desk" else photograph.shape[1])
    factor = min(factor, HEIGHT / photograph.shape[0])
    size = (round(photograph.shape[1] * factor), round(photograph.shape[0] * factor))
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    large = np.asarray(cv2.resize(photograph, size, interpolation=how), np.uint8)
    spare = WIDTH - size[0], HEIGHT - size[1]
    if kind == "desk":
        x, y = spare[0] // 2, spare[1] // 2
        scene = cv2.copyMakeBorder(large, y, spare[1] - y, x, spare[0] - x, cv2.BORDER_REPLICATE)
    else:
        x, y = np.random.default_rng(seed).integers(0, (spare[0] + 1, spare[1] + 1)).tolist()
        empty = np.full((HEIGHT, WIDTH, 3), GREY, np.uint8) if kind == "plain" else room(seed)
        scene = laid_into(empty, large, x, y)
    return np.asarray(scene, np.uint8), np.array([x, y, *size], np.float64)


class Scenes(Closable):
    """The pasted photographs as still pictures, one after the other."""

    def __init__(self, photographs: Sequence[Photograph], width: int, kind: str) -> None:
        super().__init__()
        self._photographs, self._width, self._kind = photographs, width, kind
        self.info = SourceInfo(name=kind, live=False, width=WIDTH, height=HEIGHT, frames=len(photographs), still=True)

    def __iter__(self) -> Iterator[Frame]:
        self._expect_open(self._kind)
        for index in range(len(self._photographs)):
            if self._closed.is_set():
                return
            yield Frame(self.scene(index)[0], index, 0.0)

    def scene(self, index: int) -> tuple[Image, NDArray[np.float64]]:
        """See :func:`pasted`."""
        return pasted(self._photographs[index].image, self._width, self._kind, index)


def judged(photograph: Photograph, place: NDArray[np.float64], reading: Reading) -> Outcome:
    """What ``reading`` says of the photograph at ``place`` (x, y, width, height): of the surest face centred there."""
    within = [
        bool((abs(face.box[:2] + face.box[2:] / 2 - place[:2] - place[2:] / 2) < place[2:] / 2).all())
        for face in reading.faces
    ]
    here = [face for face, inside in zip(reading.faces, within, strict=True) if inside]
    best = max(here, key=lambda face: face.score, default=None)
    read, score = (MISSED, 0.0) if best is None else (reading.label(best), best.score)
    return Outcome(photograph.file, photograph.label, photograph.grey, read, score, within.count(False))


def measure(photographs: Sequence[Photograph], width: int, kind: str, options: Options) -> list[Outcome]:
    """Send every photograph through the pipeline that ``options`` open."""
    scenes = Scenes(photographs, width, kind)
    with open_pipeline(options, source=scenes) as pipeline, closing(pipeline.run()) as readings:
        return [judged(photographs[frame.index], scenes.scene(frame.index)[1], reading) for frame, reading in readings]


def wilson(right: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson, JASA 22, 1927); 0 to 1 where ``of`` is 0."""
    if of == 0:
        return 0.0, 1.0
    z, share = 1.96, right / of
    middle, scale = share + z * z / (2 * of), 1 + z * z / of
    reach = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return max(0.0, (middle - reach) / scale), min(1.0, (middle + reach) / scale)


Share = dict[str, float | int | list[float]]


def _share(right: int, of: int) -> Share:
    low, high = wilson(right, of)
    return {"share": right / of if of else math.nan, "right": right, "of": of, "interval": [low, high]}


def tally(outcomes: Sequence[Outcome]) -> dict[str, object]:
    """Shares found and read right, each with its interval, and what each label was read as."""
    found = [each for each in outcomes if each.read != MISSED]
    right = [each for each in found if each.read == each.label]
    by_label = {
        label: _share(sum(each.label == label for each in right), sum(each.label == label for each in outcomes))
        for label in LABELS
    }
    return {
        "found": _share(len(found), len(outcomes)),
        "total": _share(len(right), len(outcomes)),
        **by_label,
        "mean": {"share": float(np.mean([right["share"] for right in by_label.values()]))},
        "among found": _share(len(right), len(found)),
        "read as": {
            label: dict(Counter(each.read for each in outcomes if each.label == label).most_common())
            for label in LABELS
        },
        "beside": sum(each.beside for each in outcomes),
    }


def split(outcomes: Sequence[Outcome]) -> dict[str, dict[str, object]]:
    """The tally of all, of the grey and of the coloured photographs, those without any left out."""
    parts = {
        "all": list(outcomes),
        "grey": [each for each in outcomes if each.grey],
        "colour": [each for each in outcomes if not each.grey],
    }
    return {name: tally(part) for name, part in parts.items() if part}


def _table(results: Mapping[str, Mapping[str, Mapping[str, object]]]) -> Table:
    columns = ("found", "neutral", "happiness", "mean", "total", "among found")
    table = Table("picture", "photographs", *columns, "beside")
    for kind, parts in results.items():
        for name, figures in parts.items():
            table.add_row(kind, name, *(_cell(figures[column]) for column in columns), str(figures["beside"]))
    return table


def _cell(share: object) -> str:
    assert isinstance(share, dict)  # noqa: S101 - what tally makes
    text = f"{share['share']:.1%}"
    if "interval" not in share:
        return text
    low, high = share["interval"]
    return f"{text} of {share['of']}\n{low:.1%} to {high:.1%}"


def _parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photographs", type=Path, help="faces_lfw_imfdb.zip")
    parser.add_argument("--faces", type=int, default=1000)
    parser.add_argument("--each", type=int, default=EACH, help="photographs of one identity, at most")
    parser.add_argument("--width", type=int, default=200, help="of a pasted photograph, in pixels")
    parser.add_argument("--model", type=Path, help="a model that ships, or the folder of a package; else the default")
    parser.add_argument("--detector", choices=("short", "full", "auto", "tiled"), default="auto")
    parser.add_argument("--only", choices=KINDS, help="one kind of picture")
    parser.add_argument("--json", type=Path, help="writes the figures and every outcome there")
    return parser.parse_args()


def main() -> None:
    """Print the table, and what each label was read as."""
    arguments = _parsed()
    photographs = drawn(arguments.photographs, arguments.faces, arguments.each)
    options = Options(model=arguments.model, detector=arguments.detector)
    kinds = (arguments.only,) if arguments.only else KINDS
    outcomes = {kind: measure(photographs, arguments.width, kind, options) for kind in kinds}
    results = {kind: split(each) for kind, each in outcomes.items()}
    console = Console(width=None if sys.stdout.isatty() else 140)
    console.print(_table(results))
    for kind, parts in results.items():
        console.print(f"{kind}: {parts['all']['read as']}")
    if arguments.json:
        rows = {
            kind: [[each.file, each.label, each.read, each.score] for each in each_kind]
            for kind, each_kind in outcomes.items()
        }
        write_json(arguments.json, {"width": arguments.width, "results": results, "outcomes": rows})


if __name__ == "__main__":
    main()
