"""The model package: a folder with an encoder, its card and the words that its classes were described with.

``encoder.onnx`` takes uint8 faces ``[N, C, S, S]`` and gives unit-length float32 ``[N, D]``; ``model.json`` is the
card; ``prompts.npz`` holds ``class_embeddings`` float32 ``[K, D]`` and their ``centre`` float32 ``[D]``;
``neutral.npz``, where there is one, the map to a face's neutral; and ``known.npz``, where there is one, ``cosines``
float32 ``[M, K]`` of faces that were not trained on with the classes.
"""

import dataclasses
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from engines.arrays import read_arrays
from engines.assets import sha256_of
from engines.errors import ModelError
from engines.neutral import NeutralMap
from engines.prompts import ClassEmbeddings, Prompts
from engines.vectors import Floats

ENCODER, CARD, PROMPTS = "encoder.onnx", "model.json", "prompts.npz"
NEUTRAL_MAP, KNOWN = "neutral.npz", "known.npz"
ARRAYS = (PROMPTS, NEUTRAL_MAP, KNOWN)
"""All that a package holds besides its encoder and its card; the last two may be missing."""
SCHEMA = 1
_SHIPPED = Path(__file__).parent / "models"
DEFAULT_PACKAGE = _SHIPPED / "mien-s"


@dataclass(frozen=True, slots=True)
class CropGeometry:
    """How the faces that an encoder was trained on are framed, in shares of the square crop's side.

    ``box`` is the width of the detector's (square) box; ``center_x`` and ``center_y`` are where its centre lies, from
    the left and from the top.
    """

    box: float
    center_x: float
    center_y: float


@dataclass(frozen=True, slots=True)
class Card:
    """What ``model.json`` says: everything that a user of the weights needs to know, for programs and for people.

    ``size`` and ``channels`` are the encoder's input; probabilities are softmax(``scale`` / ``temperature`` x cosines);
    ``figures`` are measured, each with what it was measured on; sums are SHA-256 in hex.
    """

    name: str
    size: int
    channels: int
    crop: CropGeometry
    classes: tuple[str, ...]
    prompts: Mapping[str, tuple[str, ...]]
    text_encoder: str
    text_encoder_sha256: str
    scale: float
    temperature: float
    training_data: str
    licence: str
    limits: tuple[str, ...]
    figures: Mapping[str, Any]
    encoder_sha256: str
    schema: int = SCHEMA

    def to_json(self) -> str:
        """The text of ``model.json``."""
        return json.dumps(dataclasses.asdict(self), indent=2, ensure_ascii=False) + "\n"

    def _check(self) -> None:
        """Raises ``ValueError`` if a number is none that a face could be read with."""
        if not (isinstance(self.size, int) and self.size > 0 and self.channels in {1, 3}):
            raise ValueError(f"faces of {self.channels!r} channels and {self.size!r} pixels")
        for name in ("scale", "temperature"):
            value = getattr(self, name)
            if not (isinstance(value, int | float) and 0 < value < math.inf):
                raise ValueError(f"{name} {value!r}")

    @classmethod
    def from_json(cls, text: str, origin: Path) -> "Card":
        """Read a card. Raises ``ModelError``, which names ``origin``."""
        try:
            entries = json.loads(text)
            if entries["schema"] != SCHEMA:
                raise ModelError(f"{origin} has schema {entries['schema']}, this Mien reads {SCHEMA}: update Mien.")
            entries["crop"] = CropGeometry(**entries["crop"])
            entries["prompts"] = {name: tuple(texts) for name, texts in entries["prompts"].items()}
            entries["classes"], entries["limits"] = tuple(entries["classes"]), tuple(entries["limits"])
            card = cls(**entries)
            card._check()
            return card
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ModelError(f"{origin} is not a model card ({error}): install the model again.") from error


@dataclass(frozen=True, slots=True, eq=False)
class ModelPackage:
    """A model package whose parts were checked against each other.

    ``neutral_map`` is None where it was not trained. ``known`` are the cosines float32 ``[M, K]`` of faces with its
    classes, by which new ones are put among these; None where nobody has measured them.
    """

    folder: Path
    card: Card
    words: ClassEmbeddings
    neutral_map: NeutralMap | None = None
    known: Floats | None = None

    @property
    def encoder(self) -> Path:
        """The encoder's file."""
        return self.folder / ENCODER

    @classmethod
    def load(cls, name: str | Path | None = None) -> "ModelPackage":
        """Read and verify a package: a folder, or the name of one that ships (None: of the default).

        Raises ``ModelError`` if a part is missing or damaged.
        """
        folder = package_folder(name or DEFAULT_PACKAGE)
        try:
            card = Card.from_json((folder / CARD).read_text(encoding="utf-8"), folder / CARD)
            if sha256_of(folder / ENCODER) != card.encoder_sha256:
                raise ModelError(
                    f"{folder / ENCODER} is damaged: its SHA-256 is not the card's; install the model again."
                )
            words = ClassEmbeddings(card.classes, *read_arrays(folder / PROMPTS, "class_embeddings", "centre"))
        except (OSError, UnicodeDecodeError) as error:
            what = getattr(error, "strerror", None) or error
            raise ModelError(f"{folder} is not a model package: {what}; name one with --model.") from error
        except (ValueError, KeyError) as error:
            raise ModelError(f"{folder / PROMPTS} is damaged ({error}): install the model again.") from error
        vectors, centre = words.vectors, words.centre
        if vectors.ndim != 2 or len(vectors) != len(card.classes) or centre.shape != vectors.shape[1:]:
            raise ModelError(
                f"{folder / PROMPTS} does not fit the card's {len(card.classes)} classes: install the model again."
            )
        neutral_map = NeutralMap.read(folder / NEUTRAL_MAP) if (folder / NEUTRAL_MAP).exists() else None
        if neutral_map is not None and neutral_map.dimensions != vectors.shape[1]:
            raise ModelError(f"{folder / NEUTRAL_MAP} does not fit the encoder's embeddings: install the model again.")
        return cls(folder, card, words, neutral_map, _known(folder / KNOWN, len(vectors)))

    @property
    def prompts(self) -> Prompts:
        """Its own classes, as it describes them; by its name where it does not describe one."""
        classes = self.card.classes
        return Prompts(classes, tuple(self.card.prompts.get(name) or (name,) for name in classes))

    def save_arrays(self) -> None:
        """Write ``prompts.npz``, and what else there is in arrays, into the folder."""
        np.savez(self.folder / PROMPTS, class_embeddings=self.words.vectors, centre=self.words.centre)
        if self.neutral_map is not None:
            self.neutral_map.save(self.folder / NEUTRAL_MAP)
        if self.known is not None:
            np.savez(self.folder / KNOWN, cosines=self.known)


def _known(path: Path, classes: int) -> Floats | None:
    """The cosines at ``path``, if they are there. Raises ``ModelError`` if they are damaged."""
    if not path.exists():
        return None
    try:
        (cosines,) = read_arrays(path, "cosines")
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"{path} is damaged ({error}): install the model again.") from error
    if cosines.ndim != 2 or not len(cosines) or cosines.shape[1] != classes or not np.isfinite(cosines).all():
        raise ModelError(f"{path} does not fit the card's {classes} classes: install the model again.")
    return cosines


def package_folder(name: str | Path) -> Path:
    """The folder ``name``, or where there is none that of the package which ships under this name."""
    folder, shipped = Path(name), _SHIPPED / name
    return shipped if len(folder.parts) == 1 and not folder.exists() and shipped.is_dir() else folder
