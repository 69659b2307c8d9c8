"""From embeddings to probabilities: a small product with the classes' words, outside every engine."""

from collections.abc import Callable

import numpy as np

from engines.assets import Assets
from engines.errors import ModelError
from engines.package import ModelPackage
from engines.prompts import ClassEmbeddings, Prompts, SentenceEncoder
from engines.text_encoder import TextEncoder
from engines.vectors import Floats, softmax


class TextHead:
    """softmax(scale / temperature x cosine) over the classes, and how unsure that is.

    ``prompts`` describe the classes, by their names alone where nothing else is known.
    """

    def __init__(self, words: ClassEmbeddings, scale: float, prompts: Prompts | None = None) -> None:
        self.classes: tuple[str, ...] = words.classes
        self.prompts = prompts or Prompts(words.classes, tuple((name,) for name in words.classes))
        self._weights = np.ascontiguousarray(words.vectors.T * np.float32(scale))

    @classmethod
    def of(cls, package: ModelPackage, prompts: Prompts | None, assets: Assets) -> "TextHead":
        """The package's own classes, or those of ``prompts``, encoded now where the package has not got them.

        Raises ``AssetError`` if the text encoder is needed and cannot be had, ``ModelError`` if the package was trained
        with another one.
        """
        return cls.described(package, prompts, lambda: TextEncoder.from_assets(assets))

    @classmethod
    def described(
        cls, package: ModelPackage, prompts: Prompts | None, encoder: Callable[[], SentenceEncoder]
    ) -> "TextHead":
        """As :meth:`of`, with the ``encoder`` that is asked for only where it is needed; it may raise what it likes."""
        words = package.words if prompts is None else _words(package, prompts, encoder)
        return cls(words, package.card.scale / package.card.temperature, prompts or package.prompts)

    @property
    def dimensions(self) -> int:
        """D, which must be that of the embeddings."""
        return len(self._weights)

    def probabilities(self, embeddings: Floats) -> Floats:
        """Of each class, for unit-length ``embeddings`` float32 ``[N, D]``: float32 ``[N, K]``, rows adding up to 1."""
        return softmax(embeddings @ self._weights)


def _words(package: ModelPackage, prompts: Prompts, encoder: Callable[[], SentenceEncoder]) -> ClassEmbeddings:
    own = _own_words(package, prompts)
    if own is not None:
        return own
    card = package.card
    if card.text_encoder_sha256 != TextEncoder.sha256():
        raise ModelError(f"{card.name} was trained with {card.text_encoder}, which is not here: use its own classes.")
    return package.words.place(prompts, encoder())


def _own_words(package: ModelPackage, prompts: Prompts) -> ClassEmbeddings | None:
    """``prompts`` in the package's own embeddings, or None where a class is not described as one of its is.

    Which are taken, their order and what they are called is free: they stay where the faces were trained towards.
    """
    rows = {texts: row for row, texts in enumerate(package.prompts.descriptions)}
    if not all(texts in rows for texts in prompts.descriptions):
        return None
    return package.words.pick([rows[texts] for texts in prompts.descriptions], prompts.classes)


def uncertainty(probabilities: Floats) -> Floats:
    """The entropy of each row over its largest possible value: 0 is sure, 1 could be any class. ``[N, K]`` to ``[N]``.

    The encoder was trained to be like no class on pictures that are no faces, and on faces that annotators could
    not read; so this rises on both.
    """
    safe = np.maximum(probabilities, np.float32(1e-12))
    entropy: Floats = -(safe * np.log(safe)).sum(axis=-1) / np.float32(np.log(probabilities.shape[-1]))
    return np.clip(entropy, 0, 1)
