"""What faces without labels are worth: SIT-FER, FixMatch and labelled faces alone, from 100 to 4000 labels.

    python scripts/study_unlabelled.py ../shared/data/ferplus_train.npz --out runs/unlabelled

Trains the small encoder of ``training/recipes/study-unlabelled.toml`` once for each condition and seed, a process a
core, and measures it on the training faces that it held out. The labels of the faces that are left over are used for
nothing but to say, after each epoch, how good the pseudo-labels are. Runs that are there are not made again, so it can
be stopped at any time. Ends with tables in Markdown, means over the seeds with their 95 % t intervals, and with
``--picture FILE.png`` draws the curves.
"""

import dataclasses
from collections import defaultdict
from collections.abc import Iterator
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from studies import SEEDS, arguments, gains, interval, made

from engines.assets import Assets
from engines.files import written_whole
from training.batches import split
from training.data import CLASSES, Faces, load_faces, select
from training.recipe import Recipe

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from training.semi_supervised.method import SemiSupervised
    from training.train import Run

RECIPE = Path(__file__).resolve().parents[1] / "training" / "recipes" / "study-unlabelled.toml"

LABELS = (100, 400, 1000, 4000)
SUPERVISED: dict[str, Any] = {"weight": 0.0, "semantic": 0.0}
FIXMATCH: dict[str, Any] = {
    "levels": ["text"],
    "semantic": 0.0,
    "averaged": False,
    "hard": True,
    "threshold": 0.75,
    "weight": 1.0,
}
METHODS: dict[str, dict[str, Any]] = {"labelled faces alone": SUPERVISED, "FixMatch": FIXMATCH, "SIT-FER": {}}
FULLY = "all labels"
"""What could be reached: a step sees as many faces as a step of the others, all of them with labels."""
ABLATED = 400
"""Labels that the variants of SIT-FER are compared with."""
VARIANTS: dict[str, dict[str, Any]] = {
    "without the semantic level": {"levels": ["text", "instance"]},
    "without the text level": {"levels": ["semantic", "instance"]},
    "without the instance level": {"levels": ["semantic", "text"]},
    "random directions for words": {"head": "random"},
    "equal thirds": {"aggregation": "thirds"},
}
_JUDGED = 3000
"""Unlabelled faces that the pseudo-labels are judged on after each epoch."""


@dataclasses.dataclass(frozen=True, slots=True)
class Job:
    """One training run: a name, how many labels, the seed, and what it changes in the recipe; 0 labels are all."""

    name: str
    labels: int
    seed: int
    changes: dict[str, Any]

    @property
    def file(self) -> str:
        """Where its figures are kept."""
        return f"{self.name} {self.labels} {self.seed}.json".replace(" ", "_")

    def recipe(self) -> Recipe:
        """The recipe with its changes."""
        recipe, changes = Recipe.load(RECIPE), dict(self.changes)
        head = changes.pop("head", recipe.objective.head)
        more = 1 + recipe.semi_supervised.ratio if self.name == FULLY else 1
        return dataclasses.replace(
            recipe,
            seed=self.seed,
            objective=dataclasses.replace(recipe.objective, head=head),
            optimiser=dataclasses.replace(recipe.optimiser, batch=round(more * recipe.optimiser.batch)),
            data=dataclasses.replace(recipe.data, faces=self.labels),
            semi_supervised=dataclasses.replace(recipe.semi_supervised, **changes),
        )


def jobs() -> Iterator[Job]:
    """All runs: those that the first table needs come first."""
    for seed in SEEDS:
        for labels in LABELS:
            for name, changes in METHODS.items():
                yield Job(name, labels, seed, changes)
        yield Job(FULLY, 0, seed, SUPERVISED)
    for seed in SEEDS:
        for name, changes in VARIANTS.items():
            yield Job(name, ABLATED, seed, changes)


def run(job: Job, data: Path) -> dict[str, Any]:
    """Train and measure."""
    from training.train import Run  # noqa: PLC0415 - torch, in the child alone
    from training.words import class_embeddings  # noqa: PLC0415

    recipe = job.recipe()
    faces = load_faces(data)
    rest = split(recipe, len(faces))[1]
    unlabelled = faces.images[rest] if recipe.semi_supervised.weight > 0 else None
    words = class_embeddings(Assets.from_environment(notify=print), recipe)
    qualities = []
    with Run(recipe, faces, words, unlabelled) as training:
        for _ in range(recipe.optimiser.epochs):
            training.train_epoch(lambda *_: None)
            if training.unlabelled is not None:
                qualities.append(quality(training.unlabelled, training, faces[rest[:_JUDGED]]))
        held = training.measure_held_out()
    about = {"name": job.name, "labels": job.labels, "seed": job.seed, "faces": held.n}
    return about | {
        "accuracy": held.accuracy,
        "macro_recall": held.macro_recall,
        "log": training.log,
        "quality": qualities,
    }


def quality(pseudo: "SemiSupervised", training: "Run", faces: Faces) -> dict[str, Any]:
    """How many of ``faces`` are believed at this point of a run, how rightly, and how many of each expression.

    And how many of all of them are answered rightly, by each level and by them together, and how many all alike.
    """
    import torch  # noqa: PLC0415 - in the child alone

    from training.train import embed  # noqa: PLC0415

    known, truth = select(faces.votes, "argmax")
    embeddings = torch.from_numpy(embed(training.average, faces.images[known]))
    answers = pseudo.ask(training.average, embeddings, training.epoch)
    believed = pseudo.believed(answers).numpy()
    best, truth = answers.argmax(dim=1).numpy(), truth[known]
    right = best == truth

    def of_class(place: int) -> dict[str, float | None]:
        its, named = truth == place, believed & (best == place)
        return {
            "coverage": float(believed[its].mean()),
            "recall": float((believed & right)[its].mean()),
            "precision": float(right[named].mean()) if named.any() else None,
        }

    levels = training.recipe.semi_supervised.levels
    alone = {name: pseudo.answer(name, training.average, embeddings).argmax(dim=1).numpy() for name in levels}
    alike = np.all([said == alone[levels[0]] for said in alone.values()], axis=0)

    return {
        "right": {name: float((said == truth).mean()) for name, said in alone.items()}
        | {"together": float(right.mean())},
        "alike": float(alike.mean()),
        "coverage": float(believed.mean()),
        "precision": float(right[believed].mean()) if believed.any() else None,
        "classes": {name: of_class(place) for place, name in enumerate(CLASSES) if (truth == place).any()},
    }


def tables(found: list[dict[str, Any]]) -> str:
    """The figures as Markdown."""
    of: dict[tuple[str, int], list[dict[str, Any]]] = defaultdict(list)
    for figures in found:
        of[figures["name"], figures["labels"]].append(figures)

    def cell(name: str, labels: int, column: str) -> str:
        rows = of.get((name, labels), [])
        return interval([row[column] for row in rows]) if rows else ""

    lines = []
    for column, title in (("accuracy", "accuracy"), ("macro_recall", "macro recall")):
        lines.append(f"| {title}, labels | " + " | ".join(map(str, LABELS)) + " | all |")
        lines.append("| --- " * (len(LABELS) + 2) + "|")
        for name in METHODS:
            cells = [cell(name, labels, column) for labels in LABELS]
            alone = cell(FULLY, 0, column) if name == next(iter(METHODS)) else ""
            lines.append(f"| {name} | " + " | ".join(cells) + f" | {alone} |")
        for name in [name for name in METHODS if name != "SIT-FER"]:
            more = [gains(of["SIT-FER", labels], of[name, labels], itemgetter(column)) for labels in LABELS]
            lines.append(f"| SIT-FER less {name}, seed by seed | " + " | ".join(map(interval, more)) + " | |")
        lines.append("")
    lines += [f"| SIT-FER, {ABLATED} labels | accuracy | macro recall | believed | rightly |", "| --- " * 5 + "|"]
    for name in ("SIT-FER", *VARIANTS):
        rows = of.get((name, ABLATED), [])
        last = [row["quality"][-1] for row in rows]
        quality_cells = [
            interval([each[key] for each in last if each[key] is not None]) if last else ""
            for key in ("coverage", "precision")
        ]
        shown = [cell(name, ABLATED, "accuracy"), cell(name, ABLATED, "macro_recall"), *quality_cells]
        lines.append(f"| {name} | " + " | ".join(shown) + " |")
    return "\n".join([*lines, "", *_levels(of["SIT-FER", ABLATED])])


def _levels(rows: list[dict[str, Any]]) -> Iterator[str]:
    """How rightly each level answers at the end of the runs of ``rows``, and how often all say the same."""
    last = [row["quality"][-1] for row in rows]
    names = list(last[0]["right"])
    yield f"| SIT-FER, {ABLATED} labels: answered rightly by | " + " | ".join(names) + " | all say the same |"
    yield "| --- " * (len(names) + 2) + "|"
    cells = [interval([each["right"][name] for each in last]) for name in names]
    yield "| | " + " | ".join([*cells, interval([each["alike"] for each in last])]) + " |"


def draw(found: list[dict[str, Any]], path: Path) -> None:
    """Accuracy by the number of labels, and the pseudo-labels over the epochs, as a picture."""
    from matplotlib.figure import Figure  # noqa: PLC0415 - only with --picture

    figure = Figure(figsize=(11, 8), layout="constrained")
    (by_labels, over_time), (found_of, right_of) = figure.subplots(2, 2)
    for place, name in enumerate(METHODS):
        points = [[f["accuracy"] for f in found if (f["name"], f["labels"]) == (name, n)] for n in LABELS]
        pairs = [(n, float(np.mean(values))) for n, values in zip(LABELS, points, strict=True) if values]
        by_labels.plot(*zip(*pairs, strict=True), color=f"C{place}", marker="o", label=name)
        for key, style in (("precision", "-"), ("coverage", "--")):
            runs = [[q[key] for q in run] for run in _runs(found, name)]
            _plot_over_epochs(over_time, f"{name}, {key}", runs, f"C{place}{style}")
    for axes, key in ((found_of, "recall"), (right_of, "precision")):
        for place, kind in enumerate(CLASSES):
            runs = [[q["classes"][kind][key] for q in run] for run in _runs(found, "SIT-FER")]
            _plot_over_epochs(axes, kind, runs, f"C{place}-")
    by_labels.set(xscale="log", xlabel="labelled faces", ylabel="accuracy on faces held out")
    by_labels.set_xticks(LABELS, map(str, LABELS), minor=False)
    by_labels.minorticks_off()
    over_time.set(ylabel=f"pseudo-labels with {ABLATED} labels")
    found_of.set(ylabel="SIT-FER: share believed, and rightly")
    right_of.set(ylabel="SIT-FER: share of what is believed that is right")
    for axes in (over_time, found_of, right_of):
        axes.set(xlabel="epoch", ylim=(0, 1), xticks=range(0, Recipe.load(RECIPE).optimiser.epochs + 1, 5))
    for axes in (by_labels, over_time, found_of):
        axes.legend(frameon=False, fontsize="small")
    for axes in (by_labels, over_time, found_of, right_of):
        axes.grid(alpha=0.3)
    with written_whole(path) as partial:
        figure.savefig(partial, format="png", dpi=100)


def _runs(found: list[dict[str, Any]], name: str) -> list[list[dict[str, Any]]]:
    """The pseudo-labels of each run of that name at ``ABLATED`` labels, epoch by epoch."""
    return [f["quality"] for f in found if (f["name"], f["labels"]) == (name, ABLATED) and f["quality"]]


def _plot_over_epochs(axes: "Axes", label: str, runs: list[list[float | None]], style: str) -> None:
    """The mean of ``runs``, from where all of them have a figure on."""
    if runs:
        mean = np.array(runs, float).mean(axis=0)
        axes.plot(range(1, len(mean) + 1), mean, style, label=label)


def main() -> None:
    """Make the runs that are missing, print the tables, and draw."""
    parser = arguments(__doc__)
    parser.add_argument("--picture", type=Path, help="draw the curves to FILE.png")
    given = parser.parse_args()
    found = made(list(jobs()), run, given)
    print(tables(found))
    if given.picture:
        draw(found, given.picture)


if __name__ == "__main__":
    main()
