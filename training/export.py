"""Turns a finished training run into a model package: encoder, card and words."""

import dataclasses
import logging
import tempfile
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray

from engines.assets import sha256_of
from engines.errors import DataError, OutputError
from engines.neutral import NeutralMap
from engines.package import ARRAYS, CARD, ENCODER, Card, CropGeometry, ModelPackage
from engines.prompts import ClassEmbeddings
from engines.text_encoder import TextEncoder
from engines.text_head import TextHead
from engines.vectors import Floats, unit
from training.batches import TrainingFaces
from training.calibration import calibrate
from training.checkpoint import Checkpoint
from training.data import Faces
from training.encoders import ExportedEncoder
from training.metrics import measure
from training.models import GuidedModel, build_model
from training.train import embed
from training.words import described

_OPSET = 18
LICENCE = "Apache-2.0 for the weights; trained on FER2013 pictures (Open Database Licence) with FER+ votes (MIT)"
DATA = (
    "FER+ training split: 28,561 grey 48x48 faces of FER2013, found by a web search for emotion words, each with the "
    "votes of ten annotators (microsoft/FERPlus); a random part is held out for the calibration."
)
LIMITS = (
    "It reads what a face shows, as annotators of still pictures would name it; not what the person feels.",
    "Contempt, disgust and fear are rare in its training data: most contemptuous and disgusted faces are read as "
    "others.",
    "Neutral and sad faces are taken for each other more often than any others; faint smiles are read as neutral.",
    "Trained on grey 48x48 faces: fine differences, and faces turned far from the camera, are beyond it.",
    "Its training faces come from a web search; ages, skin tones and cultures are not represented evenly, and no "
    "figures by group have been measured.",
)


@dataclasses.dataclass(frozen=True, slots=True)
class Provenance:
    """What a card says of the faces that the weights were made of, and of what may be done with them.

    Of ``private`` faces the package keeps nothing, not even how those which were held out lie to the classes.
    """

    training_data: str
    licence: str
    limits: tuple[str, ...]
    private: bool = False


FER_PLUS = Provenance(DATA, LICENCE, LIMITS)


def export(
    checkpoint: Checkpoint,
    faces: Faces,
    words: ClassEmbeddings,
    crop: CropGeometry,
    folder: Path,
    *,
    provenance: Provenance = FER_PLUS,
) -> ModelPackage:
    """Write the run's averaged weights as a package into ``folder``, in place of an older one. Other files stay.

    Temperature and shift are fitted, and the card's figures are measured, on what the run held out of ``faces``.
    Raises ``DataError`` if the run learned its own classes, which no words stand for, and ``OutputError`` if the folder
    cannot be written.
    """
    if checkpoint.recipe.objective.head == "linear":
        raise DataError("A linear head has no words, which a model package needs: export a run with another head.")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as scratch:
            package = _write(checkpoint, faces, words, crop, Path(scratch), provenance=provenance)
            folder.mkdir(exist_ok=True)
            for name in (ENCODER, CARD, *ARRAYS):
                if (Path(scratch) / name).exists():
                    (Path(scratch) / name).replace(folder / name)
                else:
                    (folder / name).unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(f"Cannot write the model package {folder}: {error.strerror or error}.") from error
    return dataclasses.replace(package, folder=folder)


def _write(
    checkpoint: Checkpoint,
    faces: Faces,
    words: ClassEmbeddings,
    crop: CropGeometry,
    folder: Path,
    *,
    provenance: Provenance,
) -> ModelPackage:
    recipe = checkpoint.recipe
    prompts = described(recipe)
    model = build_model(recipe, words)
    model.load_state_dict(checkpoint.average)
    held = TrainingFaces(recipe, faces)
    words = dataclasses.replace(words, vectors=model.words.detach().numpy())
    embeddings = embed(model.encoder, held.held)
    temperature, shift = calibrate(embeddings, words.vectors, recipe.objective.scale, held.held_labels)
    exported = ExportedEncoder(model.encoder, torch.from_numpy(shift)).eval()
    _write_onnx(exported, recipe.encoder.channels, recipe.encoder.size, folder / ENCODER)
    head = TextHead(words, recipe.objective.scale / temperature)
    embeddings = unit(embeddings + shift)
    figures = _figures(head, embeddings, held.held_labels)
    card = Card(
        name=recipe.name,
        size=recipe.encoder.size,
        channels=recipe.encoder.channels,
        crop=crop,
        classes=words.classes,
        prompts=dict(zip(prompts.classes, prompts.descriptions, strict=True)),
        text_encoder=TextEncoder.name,
        text_encoder_sha256=TextEncoder.sha256(),
        scale=recipe.objective.scale,
        temperature=temperature,
        training_data=" ".join(filter(None, (provenance.training_data, recipe.semi_supervised.about))),
        licence=provenance.licence,
        limits=provenance.limits,
        figures=figures | {"epochs": checkpoint.epoch, "seed": recipe.seed},
        encoder_sha256=sha256_of(folder / ENCODER),
    )
    (folder / CARD).write_text(card.to_json(), encoding="utf-8")
    neutral_map = _neutral_map(model) if recipe.objective.transformation > 0 else None
    known = None if provenance.private else embeddings @ words.vectors.T
    package = ModelPackage(folder, card, words, neutral_map, known)
    package.save_arrays()
    return package


def _neutral_map(model: GuidedModel) -> NeutralMap:
    """The members' ways to neutral as one map: side by side, and their mean."""
    maps = [member.to_neutral for member in model.members]
    return NeutralMap(
        w1=torch.cat([m.inner.weight.detach() for m in maps]).numpy(),
        b1=torch.cat([m.inner.bias.detach() for m in maps]).numpy(),
        w2=torch.cat([m.outer.weight.detach() for m in maps], dim=1).div(len(maps)).numpy(),
        b2=torch.stack([m.outer.bias.detach() for m in maps]).mean(dim=0).numpy(),
    )


def _write_onnx(exported: ExportedEncoder, channels: int, size: int, path: Path) -> None:
    # The exporter speaks of torchvision, which nothing here needs, and of its own old ways.
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        torch.onnx.export(
            exported,
            (torch.zeros(2, channels, size, size, dtype=torch.uint8),),
            path,
            input_names=["faces"],
            output_names=["embeddings"],
            dynamic_shapes=({0: torch.export.Dim("faces_in_batch", min=1)},),
            opset_version=_OPSET,
            external_data=False,
            verbose=False,
        )
    _forget_where_it_was_made(path)


def _forget_where_it_was_made(path: Path) -> None:
    """Take out what the exporter notes of each step: whose line of which file it came from, on this machine."""
    model = onnx.load(path)
    graph = model.graph
    for part in (model, graph, *graph.node, *graph.input, *graph.output, *graph.value_info, *graph.initializer):
        del part.metadata_props[:]
    onnx.save(model, path)


def _figures(head: TextHead, embeddings: Floats, labels: NDArray[np.intp]) -> dict[str, Any]:
    """How good the encoder is on the faces that were held out."""
    metrics = measure(head.probabilities(embeddings), labels)
    return {
        "measured_on": "training faces held out by the run, argmax protocol",
        "faces": metrics.n,
        "accuracy": round(metrics.accuracy, 4),
        "macro_recall": round(metrics.macro_recall, 4),
        "recall": {name: round(float(r), 3) for name, r in zip(head.classes, metrics.recall, strict=True)},
        "ece": round(metrics.ece, 4),
        "nll": round(metrics.nll, 4),
    }
