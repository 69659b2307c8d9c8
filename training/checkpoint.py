"""A training run on disk: one safetensors file, replaced as a whole after each epoch."""

import dataclasses
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from torch import Tensor

from training.recipe import Recipe
from training.stored import damaged, load_stored, store

FILE = "checkpoint.safetensors"
_GROUPS = ("weights", "average", "momentum", "unlabelled", "companions", "imagined")


@dataclass(frozen=True, slots=True, eq=False)
class Checkpoint:
    """Where a run stands after ``epoch`` epochs: weights, their moving average, the momentum, and the log so far.

    ``unlabelled`` is what the run knows of unlabelled faces, nothing where it has none, and ``companions`` what its
    distillation trains beside the members; ``imagined`` is what it needs to go on making pictures.
    """

    recipe: Recipe
    epoch: int
    weights: dict[str, Tensor]
    average: dict[str, Tensor]
    momentum: dict[str, Tensor]
    log: list[dict[str, Any]]
    unlabelled: dict[str, Tensor] = field(default_factory=dict)
    companions: dict[str, Tensor] = field(default_factory=dict)
    imagined: dict[str, Tensor] = field(default_factory=dict)

    def save(self, folder: Path) -> None:
        """Replace the checkpoint in ``folder``: a run that is killed meanwhile keeps the one before.

        Raises ``OutputError`` if it cannot be written.
        """
        groups = {name: getattr(self, name) for name in _GROUPS}
        tensors = {f"{group}/{name}": tensor for group, part in groups.items() for name, tensor in part.items()}
        store(folder / FILE, tensors, {"recipe": dataclasses.asdict(self.recipe), "epoch": self.epoch, "log": self.log})

    @classmethod
    def load(cls, folder: Path) -> "Checkpoint":
        """Read the checkpoint in ``folder``. Raises ``DataError`` if there is none, or it is damaged."""
        path = folder / FILE
        absent = f"{folder} holds no training run: start one with train RECIPE.toml --out {folder}."
        tensors, about = load_stored(path, absent)
        groups: dict[str, dict[str, Tensor]] = {name: {} for name in _GROUPS}
        try:
            for key, tensor in tensors.items():
                group, name = key.split("/", 1)
                groups[group][name] = tensor
            recipe, epoch, log = about["recipe"], about["epoch"], about["log"]
        except (KeyError, TypeError, ValueError) as error:
            raise damaged(path, error) from error
        return cls(Recipe.from_mapping(recipe, str(path)), epoch, **groups, log=log)
