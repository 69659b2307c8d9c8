"""Where a server and a client stand, on disk: safetensors files, each replaced as a whole."""

import dataclasses
import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from engines.errors import DataError, OutputError
from engines.files import write_json_lines
from training.federated.exchange import Weights
from training.federated.local import Client
from training.federated.prototypes import Prototypes
from training.federated.rounds import Coordinator
from training.recipe import Recipe
from training.stored import load_stored, store

SERVER = "federation.safetensors"
CLIENT = "client.safetensors"
LOG = "log.jsonl"
SENT = "sent.jsonl"


def save_coordinator(coordinator: Coordinator, folder: Path) -> None:
    """Keep common weights, prototypes and log in ``folder``. Raises ``OutputError`` if it cannot be written to."""
    p = coordinator.prototypes
    arrays = {f"weights/{name}": values for name, values in coordinator.weights.items()}
    about = {"recipe": dataclasses.asdict(coordinator.recipe), "round": coordinator.round, "log": coordinator.log}
    _save(folder / SERVER, {**arrays, "means": p.means, "counts": p.counts}, about)
    write_json_lines(folder / LOG, coordinator.log)


def restore_coordinator(coordinator: Coordinator, folder: Path) -> None:
    """Go on from the last whole round in ``folder``. Raises ``DataError`` if it is of another recipe, or damaged."""
    arrays, about = _load(folder / SERVER)
    if Recipe.from_mapping(about["recipe"], str(folder / SERVER)) != coordinator.recipe:
        raise DataError(f"The federation in {folder} was begun with another recipe: choose another --out.")
    coordinator.weights = {name.split("/", 1)[1]: values for name, values in arrays.items() if "/" in name}
    coordinator.prototypes = Prototypes(arrays["means"], arrays["counts"])
    coordinator.round, coordinator.log = int(about["round"]), list(about["log"])


def save_client(client: Client, folder: Path) -> None:
    """Keep the whole model of a client in ``folder``. Raises ``OutputError`` if it cannot be written."""
    about = {"recipe": dataclasses.asdict(client.recipe), "name": client.name, "rounds": client.rounds}
    _save(folder / CLIENT, client.model.weights(), about)


def log_sent(folder: Path, sizes: Mapping[str, int]) -> None:
    """Add a line to ``sent.jsonl`` in ``folder``: the bytes of each part of a message, as it leaves.

    Raises ``OutputError`` if it cannot be written: what is not on record does not leave.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / SENT).open("a", encoding="utf-8") as lines:
            lines.write(json.dumps({"time": time.strftime("%Y-%m-%dT%H:%M:%S%z"), **sizes}) + "\n")
    except OSError as error:
        raise OutputError(f"Cannot write {folder / SENT}: {error.strerror or error}; check the free space.") from error


def restore_client(client: Client, folder: Path) -> bool:
    """Go on with what ``folder`` keeps of this client; whether there is anything.

    Raises ``DataError`` if it is of another recipe, or damaged.
    """
    if not (folder / CLIENT).exists():
        return False
    weights, client.rounds = load_client(folder, client.recipe)
    client.model.take(weights)
    return True


def load_client(folder: Path, recipe: Recipe) -> tuple[Weights, int]:
    """The model of a client, and how many rounds it has taken part in.

    Raises ``DataError`` if there is none in ``folder``, or it is not of ``recipe``.
    """
    arrays, about = _load(folder / CLIENT)
    if Recipe.from_mapping(about["recipe"], str(folder / CLIENT)) != recipe:
        raise DataError(f"The client in {folder} was trained by another recipe: give that one, or another folder.")
    return arrays, int(about["rounds"])


def _save(path: Path, arrays: Weights, about: dict[str, Any]) -> None:
    store(path, {name: torch.tensor(values) for name, values in arrays.items()}, about)


def _load(path: Path) -> tuple[Weights, dict[str, Any]]:
    tensors, about = load_stored(path, f"{path.parent} holds no {path.name}: train first, or give another folder.")
    return {name: tensor.numpy() for name, tensor in tensors.items()}, about
