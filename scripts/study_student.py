"""What its teacher is worth to a recipe: the same net with the same schedule, with it and without, three seeds each.

    python scripts/study_student.py ../shared/data/ferplus_train.npz --measure ../shared/data/ferplus_valid.npz \
        --out runs/student

Trains a process a core for ``--epochs``, and measures on faces that no teacher has seen and that choose nothing. Runs
that are there are not made again, so it can be stopped at any time. Ends with a table in Markdown: means over the seeds
with their 95 % t intervals, and the difference seed by seed.
"""

import dataclasses
from collections.abc import Iterator
from functools import partial
from operator import itemgetter
from pathlib import Path
from typing import Any

from studies import SEEDS, Rows, arguments, gains, interval, made, seed_by_seed

from engines.assets import Assets
from engines.vectors import softmax
from training.data import load_faces, select
from training.metrics import measure
from training.recipe import DistillationChoices, Recipe

RECIPE = Path(__file__).resolve().parents[1] / "training" / "recipes" / "mien-xs-first.toml"
TAUGHT, ALONE = "taught", "no teacher"
_PLAIN_SHARE = 0.1
"""Of the epochs, at the end, without mixup: as in the recipes that are trained for long."""


@dataclasses.dataclass(frozen=True, slots=True)
class Job:
    """One training run: with the teacher or without, and the seed."""

    name: str
    seed: int

    @property
    def file(self) -> str:
        """Where its figures are kept."""
        return f"{self.name} {self.seed}.json".replace(" ", "_")

    def recipe(self, recipe: Recipe, epochs: int) -> Recipe:
        """``recipe`` for as many ``epochs``, and as the job has it."""
        return dataclasses.replace(
            recipe,
            seed=self.seed,
            distillation=recipe.distillation if self.name == TAUGHT else DistillationChoices(),
            optimiser=dataclasses.replace(recipe.optimiser, epochs=epochs),
            data=dataclasses.replace(recipe.data, plain_epochs=round(_PLAIN_SHARE * epochs)),
        )


def jobs() -> Iterator[Job]:
    """All of them."""
    for seed in SEEDS:
        yield from (Job(TAUGHT, seed), Job(ALONE, seed))


def run(job: Job, data: Path, recipe: Path, unseen: Path, epochs: int) -> dict[str, Any]:
    """Train on ``data`` and measure on the faces in ``unseen``, by the argmax protocol."""
    from training.train import Run, embed  # noqa: PLC0415 - torch, in the child alone
    from training.words import class_embeddings  # noqa: PLC0415

    choices = job.recipe(Recipe.load(recipe), epochs)
    words = class_embeddings(Assets.from_environment(notify=print), choices)
    faces = load_faces(unseen)
    keep, labels = select(faces.votes, "argmax")
    with Run(choices, load_faces(data), words) as training:
        for _ in range(epochs):
            training.train_epoch(lambda *_: None)
        classes = training.average.class_embeddings.detach().cpu().numpy()
        cosines = embed(training.average, faces.images[keep]) @ classes.T
    found = measure(softmax(choices.objective.scale * cosines), labels[keep])
    about = {"name": job.name, "seed": job.seed, "epochs": epochs, "faces": found.n, "log": training.log}
    return about | {"accuracy": found.accuracy, "macro_recall": found.macro_recall}


def table(found: Rows) -> str:
    """The figures as Markdown."""
    lines = ["| | accuracy | macro recall |", "| --- | --- | --- |"]
    taught, alone = ([row for row in found if row["name"] == name] for name in (TAUGHT, ALONE))
    columns = ("accuracy", "macro_recall")
    for name, rows in ((TAUGHT, taught), (ALONE, alone)):
        lines.append(f"| {name} | " + " | ".join(interval([row[column] for row in rows]) for column in columns) + " |")
    cells = [seed_by_seed(gains(taught, alone, itemgetter(column))) for column in columns]
    lines.append("| what the teacher adds, seed by seed | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> None:
    """Make the runs that are missing, and print the table."""
    parser = arguments(__doc__)
    parser.add_argument("--recipe", type=Path, default=RECIPE, help="one with a teacher and without a start")
    parser.add_argument("--measure", type=Path, required=True, help="faces that no teacher has seen")
    parser.add_argument("--epochs", type=int, default=12)
    given = parser.parse_args()
    found = made(list(jobs()), partial(run, recipe=given.recipe, unseen=given.measure, epochs=given.epochs), given)
    print(table(found))


if __name__ == "__main__":
    main()
