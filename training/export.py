"""Turns a finished training run into a model package: encoder, card and words."""

import dataclasses
import logging
import tempfile
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import torch

from engines.assets import sha256_of
from engines.errors import OutputError
from engines.package import CARD, ENCODER, PROMPTS, Card, CropGeometry, ModelPackage
from engines.prompts import DEFAULT, ClassEmbeddings
from engines.text_encoder import TextEncoder
from engines.text_head import TextHead
from training.checkpoint import Checkpoint
from training.data import Faces, hold_out, select
from training.encoders import ExportedEncoder
from training.metrics import fit_temperature, measure
from training.train import build_encoder, embed

_OPSET = 18
LICENCE = "Apache-2.0 for the weights; trained on FER2013 pictures (Open Database Licence) with FER+ votes (MIT)"
DATA = (
    "FER+ training split: 28,561 grey 48x48 faces of FER2013, found by a web search for emotion words, each with the "
    "votes of ten annotators (microsoft/FERPlus); a random part is held out for the temperature."
)
LIMITS = (
    "It reads what a face shows, as annotators of still pictures would name it; not what the person feels.",
    "Contempt, disgust and fear are rare in its training data: contempt is hardly ever recognised, disgust seldom.",
    "Trained on grey 48x48 faces: fine differences, and faces turned far from the camera, are beyond it.",
    "Its training faces come from a web search; ages, skin tones and cultures are not represented evenly, and no "
    "figures by group have been measured.",
)


def export(
    checkpoint: Checkpoint, faces: Faces, words: ClassEmbeddings, crop: CropGeometry, folder: Path
) -> ModelPackage:
    """Write the run's averaged weights as a package into ``folder``, in place of an older one. Other files stay.

    The temperature is fitted, and the card's figures are measured, on the faces that the run held out of ``faces``.
    Raises ``OutputError`` if the folder cannot be written.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as scratch:
            package = _write(checkpoint, faces, words, crop, Path(scratch))
            folder.mkdir(exist_ok=True)
            for name in (ENCODER, CARD, PROMPTS):
                (Path(scratch) / name).replace(folder / name)
    except OSError as error:
        raise OutputError(f"Cannot write the model package {folder}: {error.strerror or error}.") from error
    return dataclasses.replace(package, folder=folder)


def _write(
    checkpoint: Checkpoint, faces: Faces, words: ClassEmbeddings, crop: CropGeometry, folder: Path
) -> ModelPackage:
    recipe = checkpoint.recipe
    encoder = build_encoder(recipe)
    encoder.load_state_dict(checkpoint.average)
    _write_onnx(encoder, recipe.encoder.channels, recipe.encoder.size, folder / ENCODER)
    _, rows = hold_out(len(faces), recipe.data.held_out, recipe.seed)
    temperature, figures = _calibrate(encoder, faces[rows], words, recipe.objective.scale)
    card = Card(
        name=recipe.name,
        size=recipe.encoder.size,
        channels=recipe.encoder.channels,
        crop=crop,
        classes=words.classes,
        prompts=dict(zip(DEFAULT.classes, DEFAULT.descriptions, strict=True)),
        text_encoder=TextEncoder.name,
        text_encoder_sha256=TextEncoder.sha256(),
        scale=recipe.objective.scale,
        temperature=temperature,
        training_data=DATA,
        licence=LICENCE,
        limits=LIMITS,
        figures=figures | {"epochs": checkpoint.epoch, "seed": recipe.seed},
        encoder_sha256=sha256_of(folder / ENCODER),
    )
    (folder / CARD).write_text(card.to_json(), encoding="utf-8")
    package = ModelPackage(folder, card, words)
    package.save_prompts()
    return package


def _write_onnx(encoder: torch.nn.Module, channels: int, size: int, path: Path) -> None:
    exported = ExportedEncoder(encoder).eval()
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


def _calibrate(
    encoder: torch.nn.Module, held: Faces, words: ClassEmbeddings, scale: float
) -> tuple[float, dict[str, Any]]:
    """The temperature for ``held``, and how good the encoder is on them with it."""
    keep, labels = select(held.votes, "argmax")
    embeddings = embed(encoder, held.images[keep])
    temperature = fit_temperature(embeddings @ (words.vectors.T * np.float32(scale)), labels[keep])
    metrics = measure(TextHead(words, scale / temperature).probabilities(embeddings), labels[keep])
    return temperature, {
        "measured_on": "training faces held out by the run, argmax protocol",
        "faces": metrics.n,
        "accuracy": round(metrics.accuracy, 4),
        "macro_recall": round(metrics.macro_recall, 4),
        "recall": {name: round(float(r), 3) for name, r in zip(words.classes, metrics.recall, strict=True)},
        "ece": round(metrics.ece, 4),
        "nll": round(metrics.nll, 4),
    }
