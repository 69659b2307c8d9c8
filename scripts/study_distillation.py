"""What a teacher is worth to a small encoder: by each way to learn from one, with votes of its own, and without faces.

    python scripts/study_distillation.py ../shared/data/ferplus_train.npz --out runs/distillation

Trains, for each seed, a larger encoder, and then the small one of ``training/recipes/study-distillation.toml`` once for
each condition, a process a core: all with the same faces and the same schedule. It measures them on the training faces
that all of them held out, the teacher too. Runs that are there are not made again, so it can be stopped at any time.
Ends with ``runs.jsonl``, a run a line with its epochs, and tables in Markdown: means over the seeds with their 95 % t
intervals, and the difference from the first row of the table, seed by seed. With ``--photographs FILE.npz``
(``photographs_to_faces.py`` makes it, of 96 pixels) there is one more: students that see these small and grey, of a
teacher that is no larger, but sees them in full.
"""

import dataclasses
from collections.abc import Iterator
from functools import partial
from operator import itemgetter
from pathlib import Path
from typing import Any

from studies import SEEDS, arguments, gains, interval, made

from engines.assets import Assets
from engines.files import write_json_lines
from training.data import load_faces
from training.recipe import Recipe

RECIPE = Path(__file__).resolve().parents[1] / "training" / "recipes" / "study-distillation.toml"

Changes = dict[str, dict[str, Any]]

TEACHER = "teacher"
FULL_TEACHER = "teacher, photographs in full"
FULL = "photographs small and grey, the teacher saw them in full"
_PHOTOGRAPH = {"size": 96, "channels": 3}
_SMALL = {"privileged": "resolution"}
_LARGE = {"stem": 32, "widths": [32, 64, 128, 256], "depths": [1, 1, 1, 1]}
_ALONE = {"objective": "plain", "weight": 0.0, "teachers": []}
_ONE_VOTE = {"privileged": "votes"}
TABLES: dict[str, dict[str, Changes]] = {
    "ways to learn from a teacher": {
        "no teacher": {"distillation": _ALONE},
        "KD": {"distillation": {"objective": "plain"}},
        "KD and CKA": {"distillation": {"objective": "cka", "features": 1.0}},
        "spot-adaptive": {"distillation": {"objective": "spots", "features": 1.0}},
        "online": {"distillation": {"objective": "online", "features": 1.0, "teachers": []}},
    },
    "one vote of each face, the teacher had all": {
        "one vote, no teacher": {
            "data": _ONE_VOTE,
            "distillation": {"objective": "rows", "weight": 0.0, "teachers": []},
        },
        "one vote, KD": {"data": _ONE_VOTE, "distillation": {"objective": "plain"}},
        "one vote, row error": {
            "data": _ONE_VOTE,
            "distillation": {"objective": "rows", "weight": 0.0, "features": 0.6},
        },
        "one vote, PKDOT": {
            "data": _ONE_VOTE,
            "distillation": {"objective": "transport", "weight": 0.0, "features": 0.6},
        },
    },
    "the teacher's answers alone": {
        "on faces": {"distillation": {"weight": 1.0}},
        "data-free, adversarial": {"distillation": {"weight": 1.0}, "data_free": {"generator": "adversarial"}},
        "data-free, fast": {
            "distillation": {"weight": 1.0},
            "data_free": {"generator": "fast", "every": 10},
        },
    },
    FULL: {
        "small and grey, no teacher": {
            "data": _SMALL,
            "distillation": {"objective": "rows", "weight": 0.0, "teachers": []},
        },
        "small and grey, row error": {
            "data": _SMALL,
            "distillation": {"objective": "rows", "weight": 0.0, "features": 0.6},
        },
        "small and grey, PKDOT": {
            "data": _SMALL,
            "distillation": {"objective": "transport", "weight": 0.0, "features": 0.6},
        },
    },
}
"""What each condition changes in the recipe, room by room; the first of a table is what the others are held against."""


@dataclasses.dataclass(frozen=True, slots=True)
class Job:
    """One training run: a name, the seed, and what it changes in the recipe."""

    name: str
    seed: int
    changes: Changes

    @property
    def photographed(self) -> bool:
        """Whether it is about photographs."""
        return self.name == FULL_TEACHER or self.name in TABLES[FULL]

    def teacher(self, teachers: Path) -> Path:
        """Where the teacher of its seed is, below ``teachers``."""
        return teachers / f"{'photographs' if self.photographed else 'faces'}-{self.seed}"

    @property
    def file(self) -> str:
        """Where its figures are kept."""
        return f"{self.name} {self.seed}.json".replace(" ", "_")

    def recipe(self, teachers: Path) -> Recipe:
        """The recipe with its changes."""
        recipe = Recipe.load(RECIPE)
        changes = {**self.changes, "distillation": {"teachers": [str(self.teacher(teachers))]}}
        changes["distillation"] |= self.changes.get("distillation", {})
        rooms = {room: dataclasses.replace(getattr(recipe, room), **choices) for room, choices in changes.items()}
        return dataclasses.replace(recipe, seed=self.seed, **rooms)


def teachers(*, photographed: bool) -> Iterator[Job]:
    """The runs that the others learn from; those of photographs only if there are any."""
    for seed in SEEDS:
        yield Job(TEACHER, seed, {"encoder": _LARGE, "distillation": _ALONE})
        if photographed:
            yield Job(FULL_TEACHER, seed, {"encoder": _PHOTOGRAPH, "distillation": _ALONE})


def jobs(*, photographed: bool) -> Iterator[Job]:
    """All others, table by table, so that a study that was stopped has whole ones."""
    for title, conditions in TABLES.items():
        if title != FULL or photographed:
            for seed in SEEDS:
                for name, changes in conditions.items():
                    yield Job(name, seed, changes)


def run(job: Job, data: Path, folder: Path, photographs: Path | None = None) -> dict[str, Any]:
    """Train and measure; a teacher is kept below ``folder``."""
    from training.train import Run  # noqa: PLC0415 - torch, in the child alone
    from training.words import class_embeddings  # noqa: PLC0415

    recipe = job.recipe(folder)
    words = class_embeddings(Assets.from_environment(notify=print), recipe)
    faces = load_faces(photographs if photographs and job.photographed else data)
    with Run(recipe, faces, words) as training:
        for _ in range(recipe.optimiser.epochs):
            training.train_epoch(lambda *_: None)
        if job.name in {TEACHER, FULL_TEACHER}:
            training.checkpoint().save(job.teacher(folder))
        held = training.measure_held_out()
    about = {"name": job.name, "seed": job.seed, "faces": held.n}
    return about | {"accuracy": held.accuracy, "macro_recall": held.macro_recall, "nll": held.nll, "log": training.log}


def tables(found: list[dict[str, Any]]) -> str:
    """The figures as Markdown."""
    of = {(figures["name"], figures["seed"]): figures for figures in found}
    seeds = sorted({seed for _, seed in of})
    lines: list[str] = []
    for title, conditions in TABLES.items():
        lines += [f"| {title} | accuracy | difference | macro recall | nll |", "| --- " * 5 + "|"]
        control, *_ = conditions
        for name in (*conditions, FULL_TEACHER if title == FULL else TEACHER):
            rows = [of[name, seed] for seed in seeds if (name, seed) in of]
            controls = [of[control, seed] for seed in seeds if (control, seed) in of and name != control]
            more = gains(rows, controls, itemgetter("accuracy"))
            shown = [[row["accuracy"] for row in rows], more, [row["macro_recall"] for row in rows]]
            nll = f"{sum(row['nll'] for row in rows) / len(rows):.3f}" if rows else ""
            cells = [interval(values) if values else "" for values in shown]
            lines.append(f"| {name} | " + " | ".join(cells) + f" | {nll} |")
        lines.append("")
    return "\n".join(lines)


def main() -> None:
    """Make the runs that are missing, teachers first, and print the tables."""
    parser = arguments(__doc__)
    parser.add_argument("--photographs", type=Path, help="photographs in full, as faces of 96 pixels in colour")
    given = parser.parse_args()
    learn = partial(run, folder=given.out / "teachers", photographs=given.photographs)
    there = given.photographs is not None
    found = made(list(teachers(photographed=there)), learn, given)
    found += made(list(jobs(photographed=there)), learn, given)
    write_json_lines(given.out / "runs.jsonl", found)
    print(tables(found))


if __name__ == "__main__":
    main()
