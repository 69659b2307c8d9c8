"""Makes a model package of what a client has learned, which every command and the window take like any other."""

import dataclasses
from pathlib import Path

from engines.errors import DataError
from engines.package import ModelPackage
from engines.prompts import ClassEmbeddings
from training.checkpoint import Checkpoint
from training.data import FER_CROP, Faces
from training.export import LIMITS, Provenance, export
from training.federated.local import LocalModel
from training.federated.store import load_client
from training.recipe import Recipe

_DATA = (
    "Faces of one client of a federation, which did not leave it, and the common weights that it trained with others "
    "by {strategy} in {rounds} rounds; a random part of its faces is held out for the calibration."
)
_LICENCE = "As the client decides, whose faces these weights were made of."
_LIMITS = ("It is fitted to the people and cameras of one client, and may read others worse.", *LIMITS[:1])


def export_client(client: Path, recipe: Recipe, faces: Faces, words: ClassEmbeddings, package: Path) -> ModelPackage:
    """Write what the client in the folder ``client`` has learned into the folder ``package``, in place of an older one.

    ``faces`` are the client's: the card's figures and the calibration are of those that it held out. Raises
    ``DataError`` if there is no such client, it is of another recipe, or it learned its classes without words, and
    ``OutputError`` if the package cannot be written.
    """
    model = LocalModel(recipe, words)
    weights, rounds = load_client(client, recipe)
    model.take(weights)
    if not len(faces):
        raise DataError("A package needs faces to be measured on: give those of the client.")
    # The split is the client's own; how large its batches were plays no part any more.
    plain = dataclasses.replace(
        recipe,
        data=dataclasses.replace(recipe.data, faces=0),
        optimiser=dataclasses.replace(recipe.optimiser, batch=1),
    )
    state = model.guided.state_dict()
    run = Checkpoint(plain, rounds, weights=state, average=state, momentum={}, log=[])
    about = _DATA.format(strategy=recipe.federated.strategy, rounds=rounds)
    provenance = Provenance(about, _LICENCE, _LIMITS, private=True)
    return export(run, faces, words, FER_CROP, package, provenance=provenance)
