"""A federation in miniature, for tests."""

import dataclasses
import json
from pathlib import Path

import numpy as np

from tests import tiny
from training.data import Faces
from training.federated.faces import ClientFaces
from training.federated.local import Client
from training.federated.partition import clients_of
from training.recipe import DataChoices, FederatedChoices, ObjectiveChoices, OptimiserChoices, Recipe

RECIPE = dataclasses.replace(
    tiny.RECIPE,
    encoder=dataclasses.replace(tiny.RECIPE.encoder, stem=4, widths=[8, 8], dropout=0.0),
    objective=ObjectiveChoices(scale=14.0, head="text", similarity=1.0, transformation=0.0, contrast=0.0, prior=0.0),
    optimiser=OptimiserChoices(
        epochs=1, batch=16, learning_rate=0.1, warm_up_epochs=0, momentum=0.9, weight_decay=5e-4, average=0.0
    ),
    data=DataChoices(held_out=0.25, mixup=0.0, plain_epochs=0, non_faces=0.0),
    federated=FederatedChoices(strategy="amy", rounds=2, warm_up=1, neighbours=3),
)


def recipe(name: str = "amy", *, head: str = "text", **changes: object) -> Recipe:
    """The recipe with another strategy or head, and ``changes`` in its federated choices."""
    federated = dataclasses.replace(RECIPE.federated, strategy=name, **changes)  # type: ignore[arg-type]
    return dataclasses.replace(RECIPE, federated=federated, objective=dataclasses.replace(RECIPE.objective, head=head))


def write_recipe(of: Recipe, path: Path) -> Path:
    """The recipe as a person would write it."""
    parts = dataclasses.asdict(of)
    lines = [f"{name} = {json.dumps(value)}" for name, value in parts.items() if not isinstance(value, dict)]
    for name, section in parts.items():
        if isinstance(section, dict):
            lines += [f"[{name}]", *(f"{key} = {json.dumps(value)}" for key, value in section.items())]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def dealt(of: Recipe = RECIPE, clients: int = 3, count: int = 160) -> list[tuple[str, Faces]]:
    """The faces of some clients, by name, a tenth of whose labels is spoilt."""
    return list(clients_of(of, tiny.faces(count), clients, 1.0, 0.1, least=16))


def client(of: Recipe = RECIPE, name: str = "a", count: int = 64) -> Client:
    """One client with faces of all classes."""
    return Client(of, ClientFaces(of, tiny.faces(count, seed=1), name), tiny.words(), name)


def clients(of: Recipe = RECIPE, count: int = 3) -> list[Client]:
    """Several, that differ."""
    return [Client(of, ClientFaces(of, faces, name), tiny.words(), name) for name, faces in dealt(of, count)]


def same(one: dict[str, np.ndarray], other: dict[str, np.ndarray]) -> bool:
    """Whether two sets of weights are the same to the last bit."""
    return set(one) == set(other) and all(np.array_equal(one[name], other[name]) for name in one)
