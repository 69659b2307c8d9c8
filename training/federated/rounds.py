"""The rounds of a federation: what the coordinator keeps, and a whole federation in one process, without a network.

Whoever carries the messages, the arithmetic is this: clients are taken in the order of their names, and sums are made
in float64, so that the same clients give the same weights.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from engines.errors import DataError
from engines.prompts import ClassEmbeddings
from training.federated.exchange import Broadcast, Update, Weights
from training.federated.local import Client, LocalModel, check, shared
from training.federated.prototypes import Prototypes
from training.recipe import Recipe

_SUMMED = ("loss", "accuracy", "personal")

Told = Callable[[int, dict[str, Any]], None]
"""Told after each round: how many are done, and its line in the log."""


class Coordinator:
    """The common weights, the prototypes, and the log; never a face.

    ``final`` is, at the end, the accuracy of the common model on each client's held-out faces, in 0..1.
    ``log`` has a line a round: ``round`` from 1, ``clients`` that took part with what each said, and the means of that
    over the clients.
    """

    def __init__(self, recipe: Recipe, words: ClassEmbeddings) -> None:
        """Begin with the weights that the recipe's seed gives. Raises ``DataError`` if it is not for a federation."""
        self.strategy = check(recipe)
        self.recipe = recipe
        model = LocalModel(recipe, words)
        self.weights: Weights = shared(model, recipe)
        self.prototypes = Prototypes.none(*model.guided.words.shape)
        self.round = 0
        self.final: dict[str, float] = {}
        self.log: list[dict[str, Any]] = []

    def broadcast(self) -> Broadcast:
        """What the clients get now."""
        return Broadcast(self.round, self.weights, self.prototypes)

    def absorb(self, updates: Mapping[str, Update], more: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """End a round with the ``updates`` of those clients that gave one, by name; its line in the log.

        ``more`` is written into that line. Raises ``DataError`` if there is no update, or one does not fit.
        """
        if not updates:
            raise DataError("No client gave an update: see what each says, and start again.")
        names = sorted(updates)
        those = [updates[name] for name in names]
        for name, update in zip(names, those, strict=True):
            self.inspect(name, update)
        total = sum(update.faces for update in those)
        for name in self.weights:
            parts = [update.weights[name].astype(np.float64) * (update.faces / total) for update in those]
            self.weights[name] = np.sum(parts, axis=0).astype(np.float32)
        self.prototypes = self.prototypes.merged([update.prototypes for update in those])
        self.round += 1
        line = self._line(names, those) | dict(more or {})
        self.log.append(line)
        return line

    def inspect(self, name: str, update: Update) -> None:
        """Raise ``DataError`` if the update of client ``name`` is not what this federation shares."""
        shapes = {key: values.shape for key, values in self.weights.items()}
        if {key: values.shape for key, values in update.weights.items()} != shapes:
            raise DataError(f"{name} sent other weights than the federation shares: let it use the same recipe.")
        if update.prototypes.means.shape != self.prototypes.means.shape:
            raise DataError(f"{name} sent prototypes of other classes: let it use the same recipe.")
        arrays = [*update.weights.values(), update.prototypes.means, update.prototypes.counts]
        if update.faces < 1 or not all(np.isfinite(each).all() for each in arrays):
            raise DataError(f"{name} sent numbers that are none: lower optimiser.learning_rate.")

    def _line(self, names: Sequence[str], those: Sequence[Update]) -> dict[str, Any]:
        figures = {name: update.figures | {"faces": update.faces} for name, update in zip(names, those, strict=True)}
        said = {k: [each.figures[k] for each in those] for k in _SUMMED if all(k in each.figures for each in those)}
        means = {key: float(np.mean(values)) for key, values in said.items()}
        worst = {f"worst_{key}": min(values) for key, values in said.items() if key != "loss"}
        return {"round": self.round, **means, **worst, "clients": figures}


def run_rounds(coordinator: Coordinator, clients: Iterable[Client], told: Told) -> None:
    """Take all ``clients`` through the rounds that are left, one after the other in this process."""
    clients = list(clients)
    while coordinator.round < coordinator.recipe.federated.rounds:
        sent = coordinator.broadcast()
        line = coordinator.absorb({client.name: client.train(sent) for client in clients})
        told(coordinator.round, line)
    ends = {client.name: client.finish(coordinator.broadcast()) for client in clients}
    coordinator.final = {name: end["accuracy"] for name, end in ends.items() if "accuracy" in end}
