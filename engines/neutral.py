"""A person's own neutral: some faces rest in a frown, and should not be read as angry all day.

Where the neutral of a face lies follows the emotional-to-neutral transformation of arXiv 2409.08598: a small map,
trained with the encoder, leads from an embedding to that of the same face without an expression.
"""

from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engines.arrays import read_arrays
from engines.errors import ModelError
from engines.files import written_whole
from engines.prompts import ClassEmbeddings
from engines.vectors import Floats, softmax, unit

NEUTRAL = "neutral"
"""The class that a face at rest should be read as."""

ENOUGH = 0.7
"""The share of neutral from which a person's own neutral counts as read rightly.

Chosen by ``scripts/measure_neutral.py`` on half of the people: the best balance of false alarms saved and expressions
lost that leaves people alone whose neutral is read rightly. More becomes a bias for neutral that needs no person's own.
"""

_STEPS = np.linspace(0, 1, 501, dtype=np.float32)[:, None]
"""Shares of the way to where a neutral ought to be, in the order in which they are tried."""


@dataclass(frozen=True, slots=True, eq=False)
class NeutralMap:
    """The map phi: ``n = unit(f + W2 relu(W1 f + b1) + b2)`` says where the neutral of a face f lies.

    float32 ``w1 [H, D]``, ``b1 [H]``, ``w2 [D, H]``, ``b2 [D]``. Raises ``ValueError`` for other shapes or dtypes and
    for numbers that are not finite.
    """

    w1: Floats
    b1: Floats
    w2: Floats
    b2: Floats

    def __post_init__(self) -> None:
        if self.w1.ndim != 2:
            raise ValueError(f"w1: expected [H, D], got {list(self.w1.shape)}")
        hidden, dimensions = self.w1.shape
        wanted = {"w1": (hidden, dimensions), "b1": (hidden,), "w2": (dimensions, hidden), "b2": (dimensions,)}
        for name, shape in wanted.items():
            array: NDArray[np.generic] = getattr(self, name)
            if array.shape != shape or array.dtype != np.float32:
                raise ValueError(f"{name}: expected float32 {list(shape)}, got {array.dtype} {list(array.shape)}")
            if not np.isfinite(array).all():
                raise ValueError(f"{name}: not all of its numbers are finite")

    @property
    def dimensions(self) -> int:
        """D, which must be that of the embeddings."""
        return len(self.b2)

    def __call__(self, embeddings: Floats) -> Floats:
        """The neutrals of unit-length ``embeddings`` float32 ``[N, D]``, as many and of unit length."""
        hidden = np.maximum(embeddings @ self.w1.T + self.b1, 0)
        return unit(embeddings + hidden @ self.w2.T + self.b2)

    @classmethod
    def read(cls, path: Path) -> "NeutralMap":
        """Read the npz file at ``path``. Raises ``ModelError`` if it cannot be read, or holds no such map."""
        try:
            return cls(*read_arrays(path, *(field.name for field in fields(cls))))
        except OSError as error:
            raise ModelError(f"Cannot read {path}: {error.strerror or error}; install the model again.") from error
        except KeyError as error:
            raise ModelError(f"{path} lacks an array ({error}): install the model again.") from error
        except ValueError as error:
            raise ModelError(f"{path} is damaged ({error}): install the model again.") from error

    def save(self, path: Path) -> None:
        """Write the arrays to the npz file ``path``. Raises ``OSError``."""
        with path.open("wb") as file:
            np.savez(file, w1=self.w1, b1=self.b1, w2=self.w2, b2=self.b2)


@dataclass(frozen=True, slots=True, eq=False)
class OwnNeutral:
    """What is added to one person's embeddings: ``shift`` float32 ``[D]``, zero where nothing is to be put right."""

    shift: Floats

    def correct(self, embeddings: Floats) -> Floats:
        """``embeddings`` float32 ``[N, D]`` of that person, corrected, of unit length."""
        return unit(embeddings + self.shift)

    def save(self, path: Path, encoder: str) -> None:
        """Keep it in the npz file ``path`` for the ``encoder`` (SHA-256) that made it. Raises ``OutputError``."""
        with written_whole(path) as partial, partial.open("wb") as file:
            np.savez(file, shift=self.shift, encoder=np.array(encoder))

    @classmethod
    def read(cls, path: Path, encoder: str) -> "OwnNeutral":
        """What :meth:`save` kept. Raises ``ModelError`` if it cannot be read or is of another ``encoder``."""
        try:
            shift, made_by = read_arrays(path, "shift", "encoder")
        except (OSError, KeyError, ValueError) as error:
            raise ModelError(f"Cannot read the neutral {path} ({error}): take it again.") from error
        if str(made_by) != encoder:
            raise ModelError(f"The neutral {path} was taken with another model: take it again.")
        if shift.ndim != 1 or shift.dtype != np.float32 or not np.isfinite(shift).all():
            raise ModelError(f"The neutral {path} is damaged: take it again.")
        return cls(shift)


class NeutralGuide:
    """Says for the embeddings of one encoder where neutral is, and how far a person's own lies from it.

    It reads by the words that the encoder was trained with, whichever classes a user has put in their place: an
    embedding that is right for those is right for all.
    """

    def __init__(self, words: ClassEmbeddings, scale: float, neutral_map: NeutralMap | None = None) -> None:
        """``scale`` is that of the probabilities: softmax(``scale`` x cosines). Without a map the words show the way.

        Raises ``ModelError`` where no class is called neutral.
        """
        if NEUTRAL not in words.classes:
            raise ModelError(
                f"The model has no class {NEUTRAL!r} ({', '.join(words.classes)}): it can take no neutral."
            )
        self._place = words.classes.index(NEUTRAL)
        self._vectors = words.vectors
        self._scale = np.float32(scale)
        self._map = neutral_map

    @property
    def dimensions(self) -> int:
        """D, the length of an embedding."""
        return int(self._vectors.shape[1])

    def share(self, embeddings: Floats) -> Floats:
        """The probability of neutral for unit-length ``embeddings`` float32 ``[N, D]``: float32 ``[N]``."""
        shares: Floats = softmax(self._scale * (embeddings @ self._vectors.T))[:, self._place]
        return shares

    def ought(self, embedding: Floats) -> Floats:
        """Where the neutral of a face at ``embedding`` float32 ``[D]`` ought to lie: float32 ``[D]`` of unit length."""
        target: Floats = self._vectors[self._place] if self._map is None else self._map(embedding[None])[0]
        return target

    def own(self, embeddings: Floats, enough: float = ENOUGH) -> OwnNeutral:
        """Learn from a person's neutral faces, unit-length ``embeddings`` float32 ``[M, D]``, M at least 1.

        Their mean is led towards where it ought to be just until the share of neutral is ``enough``: all the way, or
        some way for everybody, also takes expressions for neutral, and most people's neutral needs no help.
        """
        if not len(embeddings):
            raise ValueError("embeddings: expected at least one")
        mean = unit(embeddings.mean(axis=0, keepdims=True))[0]
        way = self.ought(mean) - mean
        shares = self.share(unit(mean + _STEPS * way))
        reached = shares >= enough
        step = reached.argmax() if reached.any() else shares.argmax()
        return OwnNeutral(np.asarray(_STEPS[step] * way, np.float32))
