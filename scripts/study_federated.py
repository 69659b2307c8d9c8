"""What a federation gains: AMY, its baselines and its blocks, on clients that differ and labels that are spoilt.

    python scripts/study_federated.py ../shared/data/ferplus_train.npz --out runs/federated

Trains, for each seed, the small encoder of ``training/recipes/study-federated.toml`` on faces that no client has. Deals
others out to ten clients by a Dirichlet distribution, spoils a share of the labels that they train on, and lets them go
on from there, once for each condition and seed, a process a core. Each client measures on faces that it holds out,
whose labels stay as they are: the common model as it comes to it, and its own after the last round. Runs that are there
are not made again, so it can be stopped at any time. Ends with tables in Markdown, means over the seeds with their 95 %
t intervals, and with ``--picture FILE.png`` draws the curves. ``--rounds N`` and ``--faces N`` make all runs smaller,
for a look; give them their own ``--out``.
"""

import argparse
import dataclasses
import functools
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from doubts import estimated, relabelled
from studies import SEEDS, Rows, arguments, gains, interval, made, seed_by_seed

from engines.assets import Assets
from engines.files import written_whole
from training.data import FER_CROP, load_faces
from training.recipe import FederatedChoices, Recipe

RECIPE = Path(__file__).resolve().parents[1] / "training" / "recipes" / "study-federated.toml"

CLIENTS = 10
CONCENTRATIONS = (0.1, 0.5)
NOISES = (0.0, 0.2, 0.4)
METHODS = ("local", "fedavg", "fedprox", "fedper", "fedrep", "amy")
HARD = (0.1, 0.2)
"""The concentration and the share of spoilt labels at which the blocks are compared."""
VARIANTS: dict[str, dict[str, Any]] = {
    "without the estimator": {"uncertainty": 0.0},
    "without refined labels": {"propagation": 0.0},
    "without prototypes": {"prototypes": 0.0},
    "prototypes alone": {"uncertainty": 0.0, "propagation": 0.0},
    "a learned classifier": {"head": "linear"},
}
_SHARE_OF_FINAL = 0.95
_LEAST = 0.02
"""Of all faces, that a client has: fewer would not tell the worst client from the unluckiest."""
_PUBLIC = 500
"""Faces that no client has, on which the encoder is trained that all of them begin with."""
_PUBLIC_EPOCHS = 60


@dataclasses.dataclass(frozen=True, slots=True)
class Start:
    """The encoder that the federations of a seed begin with."""

    seed: int

    @property
    def file(self) -> str:
        """Where its figures are kept."""
        return f"start_{self.seed}.json"

    def folder(self, out: Path) -> Path:
        """Its package, below the study's folder."""
        return out / "starts" / str(self.seed)

    def recipe(self) -> Recipe:
        """As the clients train, but for passes enough, and an average to end with."""
        recipe = Recipe.load(RECIPE)
        return dataclasses.replace(
            recipe,
            seed=self.seed,
            optimiser=dataclasses.replace(recipe.optimiser, epochs=_PUBLIC_EPOCHS, average=0.995),
            data=dataclasses.replace(recipe.data, faces=0, held_out=0.1),
            federated=FederatedChoices(),
        )


@dataclasses.dataclass(frozen=True, slots=True)
class Job:
    """One federation: a method or variant, how clients differ, how many labels are spoilt, the seed, its changes."""

    name: str
    concentration: float
    noise: float
    seed: int
    changes: dict[str, Any]

    @property
    def file(self) -> str:
        """Where its figures are kept."""
        return f"{self.name} {self.concentration} {self.noise} {self.seed}.json".replace(" ", "_")

    def recipe(self, rounds: int = 0, faces: int = 0, start: str = "") -> Recipe:
        """The recipe with its changes and a package to begin with; other ``rounds`` and ``faces`` if they are not 0."""
        recipe, changes = Recipe.load(RECIPE), dict(self.changes)
        head = changes.pop("head", recipe.objective.head)
        if rounds:
            changes["rounds"] = rounds
        return dataclasses.replace(
            recipe,
            seed=self.seed,
            start=start,
            objective=dataclasses.replace(recipe.objective, head=head),
            data=dataclasses.replace(recipe.data, faces=faces or recipe.data.faces),
            federated=dataclasses.replace(recipe.federated, **changes),
        )


def jobs() -> Iterator[Job]:
    """All runs: those at the hard condition come first."""
    conditions = sorted(((c, n) for c in CONCENTRATIONS for n in NOISES), key=lambda pair: pair != HARD)
    for concentration, noise in conditions:
        for seed in SEEDS:
            for name in METHODS:
                yield Job(name, concentration, noise, seed, {"strategy": name})
            if (concentration, noise) == HARD:
                for name, changes in VARIANTS.items():
                    yield Job(name, concentration, noise, seed, {"strategy": "amy", **changes})


def begin(start: Start, data: Path, *, out: Path, faces: int = 0) -> dict[str, Any]:
    """Train what the clients begin with on faces that none of them has, and make a package of it below ``out``."""
    from training.export import export  # noqa: PLC0415 - torch, in the child alone
    from training.federated.partition import dealt  # noqa: PLC0415
    from training.train import Run  # noqa: PLC0415
    from training.words import class_embeddings  # noqa: PLC0415

    recipe, every = start.recipe(), load_faces(data)
    _, left = dealt(every, faces or Recipe.load(RECIPE).data.faces, start.seed)
    public = every[left[:_PUBLIC]]
    words = class_embeddings(Assets.from_environment(notify=print), recipe)
    with Run(recipe, public, words) as training:
        for _ in range(recipe.optimiser.epochs):
            training.train_epoch(lambda *_: None)
        export(training.checkpoint(), public, words, FER_CROP, start.folder(out))
        return {"seed": start.seed, "accuracy": training.measure_held_out().accuracy, "log": training.log}


def run(job: Job, data: Path, *, out: Path | None = None, rounds: int = 0, faces: int = 0) -> dict[str, Any]:
    """Train and measure; from what :func:`begin` left below ``out``, else from nothing."""
    import torch  # noqa: PLC0415 - in the child alone

    from training.federated.faces import ClientFaces  # noqa: PLC0415
    from training.federated.local import Client  # noqa: PLC0415
    from training.federated.partition import clients_of  # noqa: PLC0415
    from training.federated.rounds import Coordinator, run_rounds  # noqa: PLC0415
    from training.words import class_embeddings  # noqa: PLC0415

    torch.set_num_threads(1)
    start = str(Start(job.seed).folder(out)) if out else ""
    started, recipe = time.monotonic(), job.recipe(rounds, faces, start)
    words = class_embeddings(Assets.from_environment(notify=print), recipe)
    least = round(_LEAST * recipe.data.faces)
    every, deal = load_faces(data), functools.partial(clients_of, least=least)
    dealt = deal(recipe, every, CLIENTS, job.concentration, job.noise)
    clients = [Client(recipe, ClientFaces(recipe, its, name), words, name) for name, its in dealt]
    coordinator = Coordinator(recipe, words)
    run_rounds(coordinator, clients, lambda *_: None)
    sent = sum(values.nbytes for values in coordinator.weights.values())
    sent += coordinator.prototypes.means.nbytes if coordinator.prototypes.counts.any() else 0
    curve = [{key: line[key] for key in ("accuracy", "personal", "worst_personal")} for line in coordinator.log]
    labels: dict[str, dict[str, float]] = {}
    if job.name == "amy":
        sound = deal(recipe, every, CLIENTS, job.concentration, 0.0)
        faces_of = [ClientFaces(recipe, its, name) for name, its in sound]
        labels = {"estimator": estimated(clients), "labels": relabelled(clients, faces_of, coordinator.weights)}
    return labels | {
        "name": job.name,
        "concentration": job.concentration,
        "noise": job.noise,
        "seed": job.seed,
        "faces": [len(client.faces) for client in clients],
        "held": [len(client.faces.held) for client in clients],
        "common": coordinator.final,
        "personal": {name: each["personal"] for name, each in coordinator.log[-1]["clients"].items()},
        "curve": curve,
        "bytes_a_round": sent,
        "seconds": round(time.monotonic() - started, 1),
    }


def rounds_needed(curve: Sequence[dict[str, float]], column: str = "personal") -> int:
    """The first round from 1 whose figure is 95 % of the last round's or more."""
    last = curve[-1][column]
    return next(number for number, line in enumerate(curve, 1) if line[column] >= _SHARE_OF_FINAL * last)


def _of(found: Rows, name: str, concentration: float, noise: float) -> Rows:
    wanted = (name, concentration, noise)
    return [each for each in found if (each["name"], each["concentration"], each["noise"]) == wanted]


def _mean(rows: Rows, model: str) -> str:
    return interval([float(np.mean(list(each[model].values()))) for each in rows]) if rows else ""


def _worst(rows: Rows, model: str) -> str:
    return interval([_of_worst(each, model) for each in rows]) if rows else ""


def _of_worst(row: dict[str, Any], model: str = "personal") -> float:
    return float(min(row[model].values()))


def tables(found: Rows) -> str:
    """The figures as Markdown."""
    return "\n\n".join([*_accuracies(found), _costs(found), _compared(found), _estimators(found)])


def _accuracies(found: Rows) -> Iterator[str]:
    conditions = [(c, n) for c in CONCENTRATIONS for n in NOISES]
    head = " | ".join(f"Dirichlet {c}, {n:.0%} spoilt" for c, n in conditions)
    for model, of in (("personal", "own model"), ("common", "common model")):
        for cell, what in ((_mean, "mean"), (_worst, "worst client")):
            lines = [f"| {of}, {what} | {head} |", "| --- " * (len(conditions) + 1) + "|"]
            lines += [f"| {name} | {' | '.join(cell(_of(found, name, c, n), model) for c, n in conditions)} |"
                      for name in METHODS]  # fmt: skip
            yield "\n".join(lines)


def _costs(found: Rows) -> str:
    lines = [
        "| at the hard condition | rounds to 95 % of the end, own model | common model | bytes a client sends a round "
        "| in all |",
        "| --- " * 5 + "|",
    ]
    for name in METHODS:
        rows = _of(found, name, *HARD)
        if rows:
            needed = [
                f"{np.mean([rounds_needed(each['curve'], model) for each in rows]):.1f}"
                for model in ("personal", "accuracy")
            ]
            sent, rounds = rows[0]["bytes_a_round"], len(rows[0]["curve"])
            lines.append(f"| {name} | {' | '.join(needed)} | {sent:,} | {sent * rounds:,} |")
    return "\n".join(lines)


def _compared(found: Rows) -> str:
    lines = [
        "| at the hard condition | own model, mean | worst client | common model, mean | AMY's worst client has more by"
        ", seed by seed |",
        "| --- " * 5 + "|",
    ]
    for name in (*METHODS, *VARIANTS):
        rows = _of(found, name, *HARD)
        more = gains(_of(found, "amy", *HARD), rows, _of_worst) if name != "amy" else []
        cells = [_mean(rows, "personal"), _worst(rows, "personal"), _mean(rows, "common")]
        lines.append(f"| {name} | {' | '.join(cells)} | " + (f"{seed_by_seed(more)} |" if more else "|"))
    return "\n".join(lines)


def _estimators(found: Rows) -> str:
    columns = ("believed", "believed_spoilt", "kept", "mended", "read")
    lines = [
        "| AMY: Dirichlet, spoilt | Spearman's rho of doubt and vote entropy, mean over clients | confidence in a "
        "sound label | in a spoilt one | sound ones kept | spoilt ones mended | spoilt ones the common model reads |",
        "| --- " * (len(columns) + 2) + "|",
    ]
    for c in CONCENTRATIONS:
        for n in NOISES:
            rows = _of(found, "amy", c, n)
            rhos = [float(np.mean(list(each["estimator"].values()))) for each in rows]
            cells = [f"{np.mean(rhos):+.2f} ({min(rhos):+.2f} to {max(rhos):+.2f})" if rhos else ""]
            for column in columns:
                values = [each["labels"][column] for each in rows if column in each["labels"]]
                cells.append(interval(values) if values else "")
            lines.append(f"| {c}, {n:.0%} | {' | '.join(cells)} |")
    return "\n".join(lines)


def draw(found: Rows, path: Path) -> None:
    """The clients' own models over the rounds at the hard condition, their mean and the worst of them, as a picture."""
    from matplotlib.figure import Figure  # noqa: PLC0415 - only with --picture

    figure = Figure(figsize=(11, 4), layout="constrained")
    for axes, column, title in zip(
        figure.subplots(1, 2), ("personal", "worst_personal"), ("mean", "worst client"), strict=True
    ):
        for name in METHODS:
            curves = [[line[column] for line in each["curve"]] for each in _of(found, name, *HARD)]
            if curves:
                axes.plot(range(1, len(curves[0]) + 1), np.mean(curves, axis=0), label=name)
        axes.set(xlabel="round", ylabel=f"accuracy on a client's held-out faces, {title}")
        axes.legend(frameon=False)
        axes.grid(alpha=0.3)
    with written_whole(path) as partial:
        figure.savefig(partial, format="png", dpi=120)


def parsed() -> argparse.Namespace:
    """What the command line says."""
    parser = arguments(__doc__)
    parser.add_argument("--picture", type=Path, help="draw the curves to FILE.png")
    parser.add_argument("--rounds", type=int, default=0, help="in place of the recipe's")
    parser.add_argument("--faces", type=int, default=0, help="of all clients together, in place of the recipe's")
    parser.add_argument("--first", type=int, default=0, help="make so many runs of the list alone")
    return parser.parse_args()


def main() -> None:
    """Make the runs that are missing, print the tables, and draw."""
    given = parsed()
    made([Start(seed) for seed in SEEDS], functools.partial(begin, out=given.out, faces=given.faces), given)
    wanted = list(jobs())[: given.first or None]
    found = made(wanted, functools.partial(run, out=given.out, rounds=given.rounds, faces=given.faces), given)
    print(tables(found))
    if given.picture:
        draw(found, given.picture)


if __name__ == "__main__":
    main()
