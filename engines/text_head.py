"""From embeddings to probabilities: a small product with the classes' words, outside every engine."""

from collections.abc import Callable, Sequence

import numpy as np

from engines.assets import Assets
from engines.errors import ModelError
from engines.package import ModelPackage
from engines.prompts import ClassEmbeddings, Prompts, SentenceEncoder
from engines.text_encoder import TextEncoder
from engines.vectors import Floats, softmax


class TextHead:
    """softmax(scale / temperature x cosine + offset) over the classes, and how unsure that is.

    ``prompts`` describe the classes, by their names alone where nothing else is known; ``offsets`` float32 ``[K]`` make
    up for what nobody trained (:func:`fair_offsets`), none where all were or none was.
    """

    def __init__(
        self, words: ClassEmbeddings, scale: float, prompts: Prompts | None = None, offsets: Floats | None = None
    ) -> None:
        self.classes: tuple[str, ...] = words.classes
        self.prompts = prompts or Prompts(words.classes, tuple((name,) for name in words.classes))
        self._weights = np.ascontiguousarray(words.vectors.T * np.float32(scale))
        self._offsets = np.zeros(len(words.classes), np.float32) if offsets is None else offsets

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
        scale = package.card.scale / package.card.temperature
        if prompts is None:
            return cls(package.words, scale, package.prompts)
        words, new = _words(package, prompts, encoder)
        offsets = None
        if new and package.known is not None:
            cosines = package.known @ package.words.shares(words.vectors).T
            offsets = fair_offsets(scale * cosines, new)
        return cls(words, scale, prompts, offsets)

    @property
    def dimensions(self) -> int:
        """D, which must be that of the embeddings."""
        return len(self._weights)

    def probabilities(self, embeddings: Floats) -> Floats:
        """Of each class, for unit-length ``embeddings`` float32 ``[N, D]``: float32 ``[N, K]``, rows adding up to 1."""
        return softmax(embeddings @ self._weights + self._offsets)


def _words(
    package: ModelPackage, prompts: Prompts, encoder: Callable[[], SentenceEncoder]
) -> tuple[ClassEmbeddings, list[int]]:
    """Where the classes of ``prompts`` lie, and the numbers of those that are new among the package's own.

    What is described as the package describes it, whatever it is called, stays where the faces were trained towards.
    What lies nearest to a trained class that is not asked for is that class in other words, and not new.
    """
    trained = package.words
    rows = {texts: row for row, texts in enumerate(package.prompts.descriptions)}
    own = {number: rows[texts] for number, texts in enumerate(prompts.descriptions) if texts in rows}
    others = [number for number in range(len(prompts.classes)) if number not in own]
    if not others:
        return trained.pick(list(own.values()), prompts.classes), []
    card = package.card
    if card.text_encoder_sha256 != TextEncoder.sha256():
        raise ModelError(f"{card.name} was trained with {card.text_encoder}, which is not here: use its own classes.")
    placed = trained.place(prompts.pick(others), encoder())
    vectors = np.empty((len(prompts.classes), placed.vectors.shape[1]), np.float32)
    vectors[others], vectors[list(own)] = placed.vectors, trained.vectors[list(own.values())]
    nearest = (placed.vectors @ trained.vectors.T).argmax(axis=1)
    new = [number for number, row in zip(others, nearest, strict=True) if row in own.values()]
    return ClassEmbeddings(prompts.classes, vectors, placed.centre), new


def fair_offsets(logits: Floats, new: Sequence[int]) -> Floats:
    """What is to be added to ``logits`` float32 ``[N, K]`` of known faces, float32 ``[K]``: 0 but for the ``new``.

    Faces are drawn to the classes of the training, so that one which was not among them would never be named
    (generalised zero-shot learning, Chao et al., arXiv 1605.04253). Each new class is raised until one face in K is
    nearer to it than to any that is not new; none is lowered.
    """
    classes = logits.shape[1]
    offsets, trained = np.zeros(classes, np.float32), [number for number in range(classes) if number not in new]
    behind = logits[:, trained].max(axis=1, keepdims=True) - logits[:, new]
    offsets[new] = np.maximum(np.quantile(behind, 1 / classes, axis=0), 0)
    return offsets


def uncertainty(probabilities: Floats) -> Floats:
    """The entropy of each row over its largest possible value: 0 is sure, 1 could be any class. ``[N, K]`` to ``[N]``.

    The encoder was trained to be like no class on pictures that are no faces, and on faces that annotators could
    not read; so this rises on both.
    """
    safe = np.maximum(probabilities, np.float32(1e-12))
    entropy: Floats = -(safe * np.log(safe)).sum(axis=-1) / np.float32(np.log(probabilities.shape[-1]))
    return np.clip(entropy, 0, 1)
