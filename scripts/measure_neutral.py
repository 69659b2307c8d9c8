"""What a person's own neutral is worth: false alarms and recall with and without it, on people seen several times.

    python scripts/measure_neutral.py ../shared/data/faces_lfw_imfdb.zip

Three photographs of a person labelled neutral, drawn at random, give the person's neutral; all others are read. Prints
the ways of correcting on one half of the people, by which the shipped one was chosen, and what that one does for the
other half, with 95 % intervals from a bootstrap over people. The labels are noisy: compare columns, not with 100 %.
"""

import argparse
import csv
import io
import zipfile
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from engines.assets import Assets
from engines.files import write_json
from engines.neutral import ENOUGH, NEUTRAL, NeutralGuide, NeutralMap
from engines.package import ModelPackage
from engines.select import open_engine
from realtime.crops import crop_faces
from realtime.detector import make_detector

Floats = NDArray[np.float32]
Counts = NDArray[np.float64]

GIVEN = 3
"""Photographs that give a person's neutral."""
LEAST = GIVEN + 1
"""Photographs labelled neutral that a person must have: one at least is left to read."""
MOST = 15
"""Photographs of one person with one label: some have hundreds."""
DRAWS = 10
RESAMPLES = 2000
SIDE, MARGIN = 300, 100
"""Pixels of an enlarged photograph's longer side, and of repeated edge around it, which the detectors need."""
GROUPS = ("all", f"own neutral is neutral to less than {ENOUGH:.2f}", f"own neutral is neutral to {ENOUGH:.2f} or more")


@dataclass(frozen=True, slots=True)
class Photograph:
    """One row of labels.csv."""

    file: str
    identity: str
    label: str


@dataclass(frozen=True, slots=True, eq=False)
class Person:
    """A person's faces as unit embeddings float32 ``[N, D]``, and which class each is labelled, int ``[N]``."""

    embeddings: Floats
    labels: NDArray[np.intp]


def listed(archive: Path) -> list[Photograph]:
    """Every labelled photograph."""
    with zipfile.ZipFile(archive) as files, io.TextIOWrapper(files.open("labels.csv"), encoding="utf-8") as text:
        return [Photograph(row["file"], row["identity"], row["label"]) for row in csv.DictReader(text)]


def chosen(photographs: Sequence[Photograph]) -> list[Photograph]:
    """Those of people with enough that are labelled neutral, at most ``MOST`` of a person with one label."""
    people: dict[str, dict[str, list[Photograph]]] = defaultdict(lambda: defaultdict(list))
    for photograph in sorted(photographs, key=lambda each: each.file):
        people[photograph.identity][photograph.label].append(photograph)
    generator = np.random.default_rng(0)
    picked = []
    for _, labels in sorted(people.items()):
        if len(labels.get(NEUTRAL, ())) >= LEAST:
            for _, same in sorted(labels.items()):
                picked += [same[index] for index in generator.permutation(len(same))[:MOST]]
    return picked


def enlarged(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """``picture`` as large as a face at the desk, its edges repeated all around."""
    factor = SIDE / max(picture.shape[:2])
    large = cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
    return np.asarray(cv2.copyMakeBorder(large, MARGIN, MARGIN, MARGIN, MARGIN, cv2.BORDER_REPLICATE), np.uint8)


def people_of(archive: Path, package: ModelPackage) -> list[Person]:
    """The people of ``archive``, by the product's own detector, crops and encoder; what shows no face is left out."""
    crops, found = [], []
    card = package.card
    with zipfile.ZipFile(archive) as files, make_detector("auto", assets=Assets.from_environment()) as detector:
        for photograph in chosen(listed(archive)):
            data = np.frombuffer(files.read(f"images/{photograph.file}"), np.uint8)
            picture = enlarged(np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR_RGB), np.uint8))
            middle = np.array(picture.shape[1::-1]) / 2
            faces = [each for each in detector.detect(picture, 0.0) if _holds(each.box, middle)]
            if faces:
                crops.append(crop_faces(picture, faces[:1], card.crop, card.size, card.channels)[0])
                found.append(photograph)
    with open_engine(package) as engine:
        embeddings = engine.embed(np.stack(crops))
    people = []
    for identity in sorted({each.identity for each in found}):
        rows = [row for row, each in enumerate(found) if each.identity == identity]
        labels = np.array([card.classes.index(found[row].label) for row in rows])
        if (labels == card.classes.index(NEUTRAL)).sum() >= LEAST:
            people.append(Person(embeddings[rows], labels))
    return people


def _holds(box: Floats, point: NDArray[np.float64]) -> bool:
    return bool((box[:2] < point).all() and (point < box[:2] + box[2:]).all())


Way = Callable[[Floats], Floats]
"""From a person's neutral embeddings ``[M, D]`` to what is added to all of theirs, ``[D]``."""


def ways(package: ModelPackage, neutral_map: NeutralMap | None, average: Floats) -> dict[str, Way]:
    """Every way of correcting that is compared, by its name. ``average`` is the mean neutral of many people."""
    scale = package.card.scale / package.card.temperature
    words = NeutralGuide(package.words, scale)
    named: dict[str, Way] = {"none": lambda neutral: np.zeros_like(neutral[0])}
    for step in (0.01, 0.02, 0.04):  # the control: what a bias for neutral does that knows nothing of the person
        shift = np.float32(step) * package.words.vectors[package.card.classes.index(NEUTRAL)]
        named[f"everybody alike, {step:.2f}"] = partial(_the_same, shift=shift)
    towards: dict[str, Callable[[Floats], Floats]] = {"the words": words.ought, "the average": lambda _: average}
    guides = {"the words": words}
    if neutral_map is not None:
        guides["the map"] = NeutralGuide(package.words, scale, neutral_map)
        towards["the map"] = guides["the map"].ought
    for target, ought in towards.items():
        for strength in (0.25, 0.5, 1.0):
            named[f"{strength:.2f} of the way to {target}"] = partial(_part_of_way, ought=ought, strength=strength)
    for target, guide in guides.items():
        for enough in sorted({0.5, 0.6, 0.7, 0.8, 0.9, ENOUGH}):
            named[_until(enough, target)] = partial(_as_far_as_needed, guide=guide, enough=enough)
    return named


def _until(enough: float, target: str) -> str:
    return f"towards {target} until {enough:.2f}"


def _the_same(_: Floats, *, shift: Floats) -> Floats:
    return shift


def _part_of_way(neutral: Floats, *, ought: Callable[[Floats], Floats], strength: float) -> Floats:
    mean = neutral.mean(axis=0)
    mean = mean / np.linalg.norm(mean)
    shift: Floats = np.float32(strength) * (ought(mean) - mean)
    return shift


def _as_far_as_needed(neutral: Floats, *, guide: NeutralGuide, enough: float) -> Floats:
    return guide.own(neutral, enough).shift


def confusions(people: Sequence[Person], way: Way, package: ModelPackage) -> Counts:
    """What the rest of each person's faces is read as, mean over the draws: ``[2, people, labelled, read]``.

    First the draws in which the person's own neutral is read as such without help, then those in which it is not.
    """
    vectors, neutral = package.words.vectors, package.card.classes.index(NEUTRAL)
    guide = NeutralGuide(package.words, package.card.scale / package.card.temperature)
    counts = np.zeros((2, len(people), len(vectors), len(vectors)))
    for number, person in enumerate(people):
        generator = np.random.default_rng(number)
        rows = np.flatnonzero(person.labels == neutral)
        for _ in range(DRAWS):
            given = generator.choice(rows, GIVEN, replace=False)
            rest = np.setdiff1d(np.arange(len(person.labels)), given)
            mean = person.embeddings[given].mean(axis=0, keepdims=True)
            group = int(guide.share(mean / np.linalg.norm(mean))[0] < ENOUGH)
            # The length of an embedding makes no difference to which class leads.
            read = ((person.embeddings[rest] + way(person.embeddings[given])) @ vectors.T).argmax(axis=1)
            np.add.at(counts[group, number], (person.labels[rest], read), 1 / DRAWS)
    return counts


def of_group(counts: Counts, group: str) -> Counts:
    """``[people, labelled, read]`` of one of ``GROUPS``."""
    chosen_group: Counts = counts.sum(axis=0) if group == GROUPS[0] else counts[1 if group == GROUPS[1] else 0]
    return chosen_group


def figures(confusion: Counts, neutral: int) -> Counts:
    """Of ``[..., labelled, read]``: false alarms, recall of all expressions together, then the recall of each class."""
    right, of = np.diagonal(confusion, axis1=-2, axis2=-1), confusion.sum(axis=-1)
    others = np.arange(confusion.shape[-1]) != neutral
    with np.errstate(invalid="ignore"):
        alarms = 1 - right[..., neutral] / of[..., neutral]
        expressions = right[..., others].sum(axis=-1) / of[..., others].sum(axis=-1)
        return np.concatenate([np.stack([alarms, expressions], axis=-1), right / of], axis=-1)


def resampled(*counts: Counts, neutral: int) -> list[Counts]:
    """The figures of each of ``counts`` ``[people, labelled, read]`` over the same resamples of people."""
    people = len(counts[0])
    draws = np.random.default_rng(0).multinomial(people, np.full(people, 1 / people), RESAMPLES)
    return [figures(np.einsum("rp,pab->rab", draws, each), neutral) for each in counts]


def compare(counts: Mapping[str, Counts], neutral: int) -> dict[str, Any]:
    """Print each way's false alarms and recall on one half of the people, by group."""
    document: dict[str, Any] = {}
    for group in GROUPS:
        print(f"\n{group}\n  {'':34}{'false alarms':>14}{'recall':>10}{'balance':>10}")
        before = figures(of_group(counts["none"], group).sum(axis=0), neutral)
        for name, each in counts.items():
            alarms, recall = (after := figures(of_group(each, group).sum(axis=0), neutral))[:2].tolist()
            balance = float((after[1] - before[1] - after[0] + before[0]) / 2)
            print(f"  {name:34}{alarms:14.1%}{recall:10.1%}{100 * balance:+10.2f}")
            document.setdefault(group, {})[name] = {"false_alarms": alarms, "recall": recall, "balance": balance}
    return document


def report(before: Counts, after: Counts, classes: Sequence[str]) -> dict[str, Any]:
    """Print the shipped way against none on the other half of the people, with intervals."""
    neutral = classes.index(NEUTRAL)
    names = ("false alarms", "recall of all expressions", *(f"recall of {name}" for name in classes))
    document: dict[str, Any] = {}
    for group in GROUPS:
        pair = of_group(before, group), of_group(after, group)
        seen = int((pair[0].sum(axis=(1, 2)) > 0).sum())
        print(
            f"\n{group}: {seen} people\n  {'':28}{'faces':>7}{'without':>9}{'with':>9}{'difference, 95 % interval':>32}"
        )
        faces = pair[0].sum(axis=(0, 2))
        numbers = [faces[neutral], faces.sum() - faces[neutral], *faces]
        points = [figures(each.sum(axis=0), neutral) for each in pair]
        spread = np.subtract(*reversed(resampled(*pair, neutral=neutral)))
        for column, name in enumerate(names):
            without, with_it = (float(point[column]) for point in points)
            if np.isnan(without):
                continue
            low, high = np.nanpercentile(spread[:, column], (2.5, 97.5)).tolist()
            change = f"{100 * (with_it - without):+.1f} ({100 * low:+.1f} to {100 * high:+.1f})"
            print(f"  {name:28}{numbers[column]:7.0f}{without:9.1%}{with_it:9.1%}{change:>32}")
            entry = {"faces": float(numbers[column]), "without": without, "with": with_it, "interval": [low, high]}
            document.setdefault(group, {"people": seen})[name] = entry
    return document


def main() -> None:
    """Print both halves."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photographs", type=Path, help="faces_lfw_imfdb.zip")
    parser.add_argument("--model", help="a model that ships, or the folder of a package; else the default")
    parser.add_argument("--json", type=Path, help="write the figures there as well")
    arguments = parser.parse_args()
    package = ModelPackage.load(arguments.model)
    neutral = package.card.classes.index(NEUTRAL)
    people = people_of(arguments.photographs, package)
    order = np.random.default_rng(0).permutation(len(people))  # whichever model, it is the same half that chooses
    first, second = ([people[index] for index in half] for half in (order[::2], order[1::2]))
    average = np.mean([each.embeddings[each.labels == neutral].mean(axis=0) for each in first], axis=0)
    neutral_map = package.neutral_map
    named = ways(package, neutral_map, average / np.linalg.norm(average))
    print(f"{len(people)} people, {sum(len(each.labels) for each in people)} photographs; {len(first)} people choose:")
    document: dict[str, Any] = {"model": package.card.name, "people": len(people), "map": neutral_map is not None}
    counts = {name: confusions(first, way, package) for name, way in named.items()}
    document["choice"] = compare(counts, neutral)
    shipped = _until(ENOUGH, "the words" if neutral_map is None else "the map")
    print(f"\n{len(second)} others, {shipped}:")
    before, after = (confusions(second, named[name], package) for name in ("none", shipped))
    document["shipped"] = {"way": shipped, **report(before, after, package.card.classes)}
    if arguments.json:
        write_json(arguments.json, document)


if __name__ == "__main__":
    main()
