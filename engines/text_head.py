"""From embeddings to probabilities: a small product with the classes' words, outside every engine."""

import numpy as np

from engines.assets import Assets
from engines.errors import ModelError
from engines.package import ModelPackage
from engines.prompts import ClassEmbeddings, Prompts
from engines.text_encoder import TextEncoder
from engines.vectors import Floats, softmax


class TextHead:
    """softmax(scale / temperature x cosine) over the classes, and how unsure that is."""

    def __init__(self, words: ClassEmbeddings, scale: float) -> None:
        self.classes: tuple[str, ...] = words.classes
        self._weights = np.ascontiguousarray(words.vectors.T * np.float32(scale))

    @classmethod
    def of(cls, package: ModelPackage, prompts: Prompts | None, assets: Assets) -> "TextHead":
        """The package's own classes, or those of ``prompts``, encoded now.

        Raises ``AssetError`` if the text encoder is needed and cannot be had, ``ModelError`` if the package was trained
        with another one.
        """
        card = package.card
        words = package.words
        if prompts is not None:
            if card.text_encoder_sha256 != TextEncoder.sha256():
                raise ModelError(
                    f"{card.name} was trained with {card.text_encoder}, which is not here: use its own classes."
                )
            words = package.words.place(prompts, TextEncoder.from_assets(assets))
        return cls(words, card.scale / card.temperature)

    def probabilities(self, embeddings: Floats) -> Floats:
        """Of each class, for unit-length ``embeddings`` float32 ``[N, D]``: float32 ``[N, K]``, rows adding up to 1."""
        return softmax(embeddings @ self._weights)


def uncertainty(probabilities: Floats) -> Floats:
    """The entropy of each row over its largest possible value: 0 is sure, 1 could be any class. ``[N, K]`` to ``[N]``.

    The encoder was trained to be like no class on pictures that are no faces, and on faces that annotators could
    not read; so this rises on both.
    """
    safe = np.maximum(probabilities, np.float32(1e-12))
    entropy: Floats = -(safe * np.log(safe)).sum(axis=-1) / np.float32(np.log(probabilities.shape[-1]))
    return np.clip(entropy, 0, 1)
