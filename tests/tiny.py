"""A world in miniature: faces of eight kinds that a net of a few thousand weights tells apart within seconds.

An "expression" is a bright bar, high up for the first class and low down for the last.
"""

import dataclasses
import hashlib
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray

from engines.batches import BatchEngine
from engines.package import Card, CropGeometry, ModelPackage
from engines.prompts import DEFAULT, EXPRESSIONS, ClassEmbeddings
from engines.quantised import MADE_FROM, QUANTISED
from engines.text_encoder import DIMENSIONS, TextEncoder
from training.data import Faces
from training.recipe import DataChoices, EncoderChoices, ObjectiveChoices, OptimiserChoices, Recipe

SIZE = 24
CLASSES = tuple(EXPRESSIONS)
CROP = CropGeometry(box=0.8, center_x=0.5, center_y=0.5)
RECIPE = Recipe(
    name="tiny",
    seed=3,
    encoder=EncoderChoices(
        kind="residual",
        size=SIZE,
        channels=1,
        members=1,
        mirrored=False,
        dropout=0.1,
        stem=8,
        widths=[12, 16],
        depths=[1, 1],
    ),
    objective=ObjectiveChoices(scale=14.0, head="text", similarity=1.0, transformation=0.5, contrast=0.1, prior=0.2),
    optimiser=OptimiserChoices(
        epochs=2, batch=32, learning_rate=0.2, warm_up_epochs=0.5, momentum=0.9, weight_decay=5e-4, average=0.9
    ),
    data=DataChoices(held_out=0.25, mixup=0.3, plain_epochs=1, non_faces=0.1),
)


def pictures(labels: NDArray[np.integer], seed: int = 0) -> NDArray[np.uint8]:
    """A face of each of ``labels`` (0..7): uint8 ``[N, 1, 24, 24]``, no two alike."""
    chance = np.random.default_rng(seed)
    images = chance.normal(90, 25, (len(labels), 1, SIZE, SIZE))
    for image, label in zip(images, labels, strict=True):
        top = round(int(label) * (SIZE - 3) / 7)
        image[0, top : top + 3] += 110
    return images.clip(0, 255).astype(np.uint8)


def faces(count: int, seed: int = 0) -> Faces:
    """``count`` faces, the classes in turn, on which eight of ten annotators agree."""
    labels = np.arange(count) % len(CLASSES)
    votes = np.zeros((count, len(CLASSES) + 2), np.uint8)
    votes[np.arange(count), labels] = 8
    votes[np.arange(count), (labels + 1) % len(CLASSES)] += 2
    return Faces(pictures(labels, seed), votes)


def words(classes: tuple[str, ...] = CLASSES) -> ClassEmbeddings:
    """Random directions in place of words, centred as words are."""
    raw = np.random.default_rng(11).normal(size=(len(classes), DIMENSIONS)).astype(np.float32)
    centre = raw.mean(axis=0)
    vectors = raw - centre
    return ClassEmbeddings(classes, vectors / np.linalg.norm(vectors, axis=1, keepdims=True), centre)


def card(**changes: object) -> Card:
    """The card of a model that has no encoder."""
    plain = Card(
        name="tiny",
        size=SIZE,
        channels=1,
        crop=CROP,
        classes=CLASSES,
        prompts=dict(zip(DEFAULT.classes, DEFAULT.descriptions, strict=True)),
        text_encoder=TextEncoder.name,
        text_encoder_sha256=TextEncoder.sha256(),
        scale=14.0,
        temperature=1.0,
        training_data="bars",
        licence="none",
        limits=("It reads bars.",),
        figures={},
        encoder_sha256=hashlib.sha256(b"").hexdigest(),
    )
    return dataclasses.replace(plain, **changes)  # type: ignore[arg-type]


def package(classes: tuple[str, ...] = CLASSES) -> ModelPackage:
    """A package without an encoder, for engines that need none."""
    return ModelPackage(Path("nowhere"), card(classes=classes), words(classes))


def with_int8(package: ModelPackage) -> ModelPackage:
    """``package`` with a copy of its encoder where one in int8 belongs: a file that says what it was made from."""
    encoder = onnx.load(package.encoder)
    entry = encoder.metadata_props.add()
    entry.key, entry.value = MADE_FROM, package.card.encoder_sha256
    onnx.save(encoder, package.folder / QUANTISED)
    return package


class BrightnessEngine(BatchEngine):
    """Reads how bright a face is, in as many steps as the package has classes: black is the first, white the last."""

    name = "brightness"
    device = "CPU"
    precision = "exact"

    def __init__(self, package: ModelPackage) -> None:
        super().__init__(package)
        self._vectors = package.words.vectors
        self.batches: list[int] = []
        self.released = 0

    def _run(self, faces: NDArray[np.uint8]) -> NDArray[np.float32]:
        self.batches.append(len(faces))
        steps = faces.mean(axis=(1, 2, 3)) * len(self._vectors) / 256
        embeddings: NDArray[np.float32] = self._vectors[steps.astype(int)]
        return embeddings

    def _release(self) -> None:
        self.released += 1
