"""Encodes a sentence as a point: all-MiniLM-L6-v2 (a six-layer BERT) in plain NumPy.

The encoder is frozen and prompts are few, so a forward pass of some milliseconds needs no deep-learning library.
Source of the architecture: Devlin et al., BERT (arXiv 1810.04805); of the weights: Wang et al., MiniLM
(arXiv 2002.10957), fine-tuned for sentences by the sentence-transformers project.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from engines.assets import Assets, manifest
from engines.errors import AssetError

DIMENSIONS = 384
_LAYERS = 6
_HEADS = 12
_EPSILON = 1e-12
_MAX_TOKENS = 256

Array = NDArray[np.float32]


class TextEncoder:
    """Sentences in, unit-length float32 ``[N, 384]`` out: the mean over the tokens of the last layer."""

    name = "all-MiniLM-L6-v2"
    files = ("text-weights", "text-tokenizer")
    """Its assets."""

    def __init__(self, weights: Path, tokenizer: Path) -> None:
        """Raises ``AssetError`` if the weights are damaged."""
        try:
            self._weights: dict[str, Array] = load_file(weights)
        except SafetensorError as error:
            raise AssetError(f"{weights} is damaged ({error}): remove it, and it is fetched again.") from error
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.enable_truncation(_MAX_TOKENS)
        self._tokenizer.no_padding()

    @classmethod
    def from_assets(cls, assets: Assets) -> "TextEncoder":
        """Take the two files from ``assets``, which fetches them if need be. Raises ``AssetError``."""
        weights, tokenizer = (assets.path(name) for name in cls.files)
        return cls(weights, tokenizer)

    @staticmethod
    def sha256() -> str:
        """The checksum of the weights, which a model package records."""
        return manifest()["text-weights"].sha256

    def encode(self, sentences: Sequence[str]) -> Array:
        """Encode each sentence: unit-length float32 ``[N, 384]``."""
        if not sentences:
            return np.empty((0, DIMENSIONS), np.float32)
        return np.stack([self._encode(sentence) for sentence in sentences])

    def _encode(self, sentence: str) -> Array:
        ids = self._tokenizer.encode(sentence).ids
        w = self._weights
        hidden = w["embeddings.word_embeddings.weight"][ids]
        hidden = hidden + w["embeddings.position_embeddings.weight"][: len(ids)]
        hidden = hidden + w["embeddings.token_type_embeddings.weight"][0]
        hidden = self._norm("embeddings.LayerNorm", hidden)
        for layer in range(_LAYERS):
            hidden = self._layer(f"encoder.layer.{layer}", hidden)
        mean: Array = hidden.mean(axis=0)
        return mean / np.linalg.norm(mean)

    def _layer(self, name: str, hidden: Array) -> Array:
        attended = self._linear(f"{name}.attention.output.dense", self._attend(f"{name}.attention.self", hidden))
        hidden = self._norm(f"{name}.attention.output.LayerNorm", hidden + attended)
        inner = _gelu(self._linear(f"{name}.intermediate.dense", hidden))
        return self._norm(f"{name}.output.LayerNorm", hidden + self._linear(f"{name}.output.dense", inner))

    def _attend(self, name: str, hidden: Array) -> Array:
        """Multi-head self-attention of tokens float32 ``[T, 384]``."""
        tokens = len(hidden)
        query, key, value = (
            self._linear(f"{name}.{part}", hidden).reshape(tokens, _HEADS, -1).transpose(1, 0, 2)
            for part in ("query", "key", "value")
        )
        scores = query @ key.transpose(0, 2, 1) / np.sqrt(np.float32(query.shape[-1]))
        weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
        weights /= weights.sum(axis=-1, keepdims=True)
        joined: Array = (weights @ value).transpose(1, 0, 2).reshape(tokens, -1)
        return joined

    def _linear(self, name: str, x: Array) -> Array:
        product: Array = x @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"]
        return product

    def _norm(self, name: str, x: Array) -> Array:
        centred = x - x.mean(axis=-1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + _EPSILON)
        normed: Array = scaled * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]
        return normed


def _gelu(x: Array) -> Array:
    """Gaussian error linear unit; erf by Abramowitz and Stegun 7.1.26, exact to 1.5e-7."""
    z = np.abs(x) / np.float32(np.sqrt(2))
    t = 1 / (1 + 0.3275911 * z)
    series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    erf = np.copysign(1 - series * np.exp(-(z**2)), x)
    gelu: Array = (0.5 * x * (1 + erf)).astype(np.float32)
    return gelu
