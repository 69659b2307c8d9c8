"""A training run on disk: one safetensors file, replaced as a whole after each epoch."""

import dataclasses
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from engines.errors import DataError
from engines.files import written_whole
from training.recipe import Recipe

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
        tensors = {f"{group}/{name}": t.contiguous() for group, part in groups.items() for name, t in part.items()}
        about = {"recipe": dataclasses.asdict(self.recipe), "epoch": self.epoch, "log": self.log}
        with written_whole(folder / FILE) as partial:
            folder.mkdir(parents=True, exist_ok=True)
            try:
                save_file(tensors, partial, metadata={"mien": json.dumps(about)})
            except SafetensorError as error:  # also for a full disk
                raise OSError(str(error)) from error

    @classmethod
    def load(cls, folder: Path) -> "Checkpoint":
        """Read the checkpoint in ``folder``. Raises ``DataError`` if there is none, or it is damaged."""
        path = folder / FILE
        groups: dict[str, dict[str, Tensor]] = {name: {} for name in _GROUPS}
        try:
            with safe_open(path, framework="pt") as file:
                about = json.loads(file.metadata()["mien"])
                for key in file.keys():  # noqa: SIM118 - not a mapping
                    group, name = key.split("/", 1)
                    groups[group][name] = file.get_tensor(key)
            recipe, epoch, log = about["recipe"], about["epoch"], about["log"]
        except FileNotFoundError:
            raise DataError(
                f"{folder} holds no training run: start one with train RECIPE.toml --out {folder}."
            ) from None
        except (SafetensorError, OSError, KeyError, TypeError, ValueError) as error:
            raise DataError(f"The checkpoint {path} is damaged ({error}): remove it and train again.") from error
        return cls(Recipe.from_mapping(recipe, str(path)), epoch, **groups, log=log)
