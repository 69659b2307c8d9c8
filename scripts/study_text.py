"""What the words do for an encoder: the objectives of text guidance one by one, controls without words, unseen words.

    python scripts/study_text.py ../shared/data/ferplus_train.npz --out runs/study

Trains the small encoder of ``training/recipes/study.toml`` once for each condition and seed, a process a core, and
measures it on the training faces that it held out. Runs that are there are not made again, so it can be stopped at any
time. Ends with ``runs.jsonl``, a run a line, and tables in Markdown: means over the seeds, with 95 % t intervals.
"""

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from measure_synonyms import ADJECTIVES
from numpy.typing import NDArray
from studies import SEEDS, arguments, interval, made

from engines.assets import Assets
from engines.files import write_json_lines
from engines.prompts import EXPRESSIONS, ClassEmbeddings, Prompts
from engines.text_encoder import TextEncoder
from engines.text_head import fair_offsets
from engines.vectors import softmax
from training.data import CLASSES, hold_out, load_faces, select
from training.metrics import measure
from training.recipe import Recipe

RECIPE = Path(__file__).resolve().parents[1] / "training" / "recipes" / "study.toml"

WORDINGS = ("{}", "a {} face", "a person with a {} face", "a photo of a {} person")
TEMPLATE = "a photo of a person making a {} facial expression"

CONDITIONS: dict[str, dict[str, Any]] = {
    "similarity": {},
    "similarity, transformation": {"transformation": 0.5},
    "similarity, self-contrast": {"contrast": 0.5},
    "all three": {"transformation": 0.5, "contrast": 0.5},
    "similarity, one template a class": {"template": TEMPLATE},
    "control: learned directions": {"head": "linear"},
    "control: random directions": {"head": "random"},
    "control: shuffled words": {"head": "shuffled"},
}
_FOUND = {
    "recall": "as trained",
    "named": "named",
    "false_alarms": "others",
    "recall_at_a_tenth": "at a tenth",
    "area": "area",
}
"""How a class that was left out was found, and over which column of the table it stands."""
LEFT_OUT = {"text": {}, "random": {"head": "random"}}
_AHEAD = {"pairs": ("seed", "left_out"), "seeds": ("seed",), "classes": ("left_out",)}
"""What the interval of a difference is taken over, and what the runs of one value have in common."""

Floats = NDArray[np.float32]


@dataclasses.dataclass(frozen=True, slots=True)
class Job:
    """One training run: a name, the seed, what it changes in the recipe's objective, and the class left out."""

    name: str
    seed: int
    changes: dict[str, Any]
    left_out: str = ""

    @property
    def file(self) -> str:
        """Where its figures are kept."""
        return f"{self.name} {self.left_out} {self.seed}.json".replace(" ", "_").replace(":", "").replace(",", "")


def jobs(left_out_seeds: int) -> Iterator[Job]:
    """All runs: those that the first tables need come first."""
    for seed in SEEDS:
        for name, changes in CONDITIONS.items():
            yield Job(name, seed, changes)
        if seed <= left_out_seeds:
            for name, changes in LEFT_OUT.items():
                for left_out in CLASSES:
                    yield Job(f"left out {name}", seed, changes, left_out)


def run(job: Job, data: Path) -> dict[str, Any]:
    """Train and measure."""
    from training.train import Run, embed  # noqa: PLC0415 - torch, in the child alone
    from training.words import class_embeddings  # noqa: PLC0415

    recipe = Recipe.load(RECIPE)
    changes = dict(job.changes)
    template = changes.pop("template", None)
    recipe = dataclasses.replace(
        recipe,
        seed=job.seed,
        objective=dataclasses.replace(recipe.objective, **changes),
        data=dataclasses.replace(recipe.data, left_out=job.left_out),
    )
    assets = Assets.from_environment(notify=print)
    encoder = TextEncoder.from_assets(assets)
    words = _template(template, encoder) if template else class_embeddings(assets, recipe)
    faces = load_faces(data)
    with Run(recipe, faces, words) as training:
        for _ in range(recipe.optimiser.epochs):
            training.train_epoch(lambda *_: None)
    model = training.average
    trained = dataclasses.replace(words, vectors=model.class_embeddings.detach().numpy())
    held = faces[hold_out(len(faces), recipe.data.held_out, recipe.seed)[1]]
    keep, labels = select(held.votes, "argmax")
    embeddings = embed(model, held.images[keep])
    figures = _left_out if job.left_out else _closed
    about = {"name": job.name, "seed": job.seed, "left_out": job.left_out, "faces": int(keep.sum())}
    return about | figures(embeddings, labels[keep], trained, encoder, recipe)


def _template(template: str, encoder: TextEncoder) -> ClassEmbeddings:
    named = {name: template.format(name) for name in CLASSES}
    return ClassEmbeddings.encode(Prompts.from_mapping(named, "the template"), encoder)


def _closed(
    embeddings: Floats, labels: NDArray[np.intp], trained: ClassEmbeddings, encoder: TextEncoder, recipe: Recipe
) -> dict[str, Any]:
    """Accuracy with the classes' own words, and with a synonym in place of every one."""
    logits = embeddings @ (np.float32(recipe.objective.scale) * trained.vectors.T)
    metrics = measure(softmax(logits), labels)
    synonyms = []
    for wording in WORDINGS:
        prompts = Prompts.from_mapping({n: wording.format(w) for n, w in ADJECTIVES.items()}, wording)
        guesses = (embeddings @ trained.place(prompts, encoder).vectors.T).argmax(axis=1)
        synonyms.append(float((guesses == labels).mean()))
    return {
        "accuracy": metrics.accuracy,
        "macro_recall": metrics.macro_recall,
        "ece": metrics.ece,
        "synonyms": synonyms,
        "synonym_share": float(np.mean(synonyms)) / metrics.accuracy,
    }


def _left_out(
    embeddings: Floats, labels: NDArray[np.intp], trained: ClassEmbeddings, encoder: TextEncoder, recipe: Recipe
) -> dict[str, Any]:
    """How well the class that was not trained is found from its description, among all eight.

    Half of the faces, less those of the class, are the known ones by which it is put among the others.
    """
    name = recipe.data.left_out
    place = CLASSES.index(name)
    new = trained.place(Prompts((name,), (EXPRESSIONS[name],)), encoder).vectors
    cosines = embeddings @ np.insert(trained.vectors, place, new, axis=0).T
    first = np.random.default_rng(recipe.seed).permutation(len(labels)) < len(labels) // 2
    scale = np.float32(recipe.objective.scale)
    offsets = fair_offsets(scale * cosines[first & (labels != place)], [place])
    cosines, labels = cosines[~first], labels[~first]
    others = np.delete(cosines, place, axis=1).max(axis=1)
    lead = cosines[:, place] - others
    of_it, raised = labels == place, lead + offsets[place] / scale
    # The least lead that a tenth of the other faces has: what it takes for the new word at one false alarm in ten.
    least = np.quantile(lead[~of_it], 0.9)
    return {
        "faces_of_it": int(of_it.sum()),
        "recall": float((lead[of_it] > 0).mean()),
        "named": float((raised[of_it] > 0).mean()),
        "false_alarms": float((raised[~of_it] > 0).mean()),
        "recall_at_a_tenth": float((lead[of_it] > least).mean()),
        "area": area(lead, of_it),
    }


def area(scores: Floats, positive: NDArray[np.bool_]) -> float:
    """The area under the receiver operating curve: how often a positive has the higher score (0.5 is chance)."""
    ranks = np.empty(len(scores))
    ranks[scores.argsort()] = np.arange(1, len(scores) + 1)
    count = int(positive.sum())
    return float((ranks[positive].sum() - count * (count + 1) / 2) / (count * (len(scores) - count)))


def tables(found: list[dict[str, Any]]) -> str:
    """The figures as Markdown."""
    columns = ("accuracy", "macro_recall", "ece", "synonym_share")
    lines = ["| condition | accuracy | macro recall | calibration error | synonyms, share |", "| --- " * 5 + "|"]
    for name in CONDITIONS:
        rows = [figures for figures in found if figures["name"] == name]
        if rows:
            lines.append(f"| {name} | " + " | ".join(interval([row[c] for row in rows]) for c in columns) + " |")
    return "\n".join([*lines, "", left_out_table(found)])


def left_out_table(found: list[dict[str, Any]]) -> str:
    """How classes were found that were not trained, as Markdown: means, and how far the words are ahead."""
    lines = [
        "| left out | " + " | ".join(f"{title}, text | random" for title in _FOUND.values()) + " |",
        "| --- " * (1 + 2 * len(_FOUND)) + "|",
    ]
    for left_out in (*CLASSES, ""):
        cells = []
        for column in _FOUND:
            for head in LEFT_OUT:
                rows = [f for f in found if f["name"] == f"left out {head}" and left_out in {f["left_out"], ""}]
                cells.append(f"{100 * np.mean([row[column] for row in rows]):.1f}" if rows else "")
        lines.append(f"| {left_out or 'mean'} | " + " | ".join(cells) + " |")
    for title, alike in _AHEAD.items():
        cells = [f"{_ahead(found, column, alike)} | " for column in _FOUND]
        lines.append(f"| text less random, over {title} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _ahead(found: list[dict[str, Any]], column: str, alike: tuple[str, ...]) -> str:
    """By how much the words are ahead of random directions; runs ``alike`` in that count as one, their mean."""
    text, random = (
        {(f["seed"], f["left_out"]): f for f in found if f["name"] == f"left out {head}"} for head in LEFT_OUT
    )
    groups: dict[tuple[Any, ...], list[float]] = {}
    for job in sorted(text.keys() & random.keys()):
        group = tuple(text[job][key] for key in alike)
        groups.setdefault(group, []).append(text[job][column] - random[job][column])
    return interval([float(np.mean(group)) for group in groups.values()]) if groups else ""


def main() -> None:
    """Make the runs that are missing, and print the tables."""
    parser = arguments(__doc__)
    parser.add_argument("--left-out-seeds", type=int, default=1, help="seeds of the runs with a class left out")
    given = parser.parse_args()
    found = made(list(jobs(given.left_out_seeds)), run, given)
    write_json_lines(given.out / "runs.jsonl", found)
    print(tables(found))


if __name__ == "__main__":
    main()
