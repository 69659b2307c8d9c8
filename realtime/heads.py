"""Makes the heads of classes that a user describes, and keeps what makes the next one quick."""

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from engines.assets import Assets, Watch, download_size
from engines.errors import AssetError, MienError
from engines.package import ModelPackage
from engines.prompts import Prompts, SentenceEncoder
from engines.text_encoder import TextEncoder
from engines.text_head import TextHead

_SENTENCES = 1024
"""Sentences whose points are kept: the eight classes that ship have 48, and a point takes 1.5 KB."""


class EncoderMissing(AssetError):
    """The text encoder is needed and not here; ``download`` is how many bytes would have to be fetched."""

    def __init__(self, download: int) -> None:
        super().__init__(
            f"New descriptions need the text encoder, {download / 1e6:.0f} MB: fetch it with mien doctor --fetch."
        )
        self.download = download


class Overtaken(MienError):
    """What was being made is not wanted any more."""


def _always() -> bool:
    return True


class Heads:
    """The text heads of one model package. Used by one thread.

    The text encoder is loaded when it is first needed and then kept (about 91 MB), and no sentence is encoded twice in
    a row of edits. It is never fetched unasked: see :func:`fetch_text_encoder`.
    """

    def __init__(
        self,
        package: ModelPackage,
        assets: Assets,
        load: Callable[[Assets], SentenceEncoder] = TextEncoder.from_assets,
    ) -> None:
        self._package = package
        self._assets = assets
        self._load = load
        self._encoder: _Remembering | None = None

    @property
    def defaults(self) -> Prompts:
        """The package's own classes, as it describes them."""
        return self._package.prompts

    def head(self, prompts: Prompts, wanted: Callable[[], bool] = _always) -> TextHead:
        """The head for ``prompts``.

        Raises ``EncoderMissing`` if they need the text encoder and it is not here, ``AssetError`` or ``ModelError`` if
        it cannot be used, and ``Overtaken`` as soon as ``wanted``, which is asked before every sentence, says no.
        """
        return TextHead.described(self._package, prompts, lambda: self._sentences(wanted))

    def warm_up(self, wanted: Callable[[], bool] = _always) -> None:
        """Get ready for a first edit: load the text encoder, if it is here, and encode the package's own descriptions.

        Raises as :meth:`head` does.
        """
        sentences = self._sentences(wanted)
        for texts in self.defaults.descriptions:
            sentences.encode(texts)

    def _sentences(self, wanted: Callable[[], bool]) -> "_Remembering":
        if self._encoder is None:
            if missing := self._assets.missing(*TextEncoder.files):
                raise EncoderMissing(download_size(missing))
            self._encoder = _Remembering(self._load(self._assets))
        self._encoder.wanted = wanted
        return self._encoder


def fetch_text_encoder(assets: Assets, watch: Watch) -> None:
    """Fetch the text encoder's files, if they are not here. Raises ``AssetError``, also where ``watch`` cancels it."""
    for name in TextEncoder.files:
        assets.fetch(name, watch)


class _Remembering:
    """An encoder that encodes a sentence once, and asks before each whether that is still ``wanted``."""

    def __init__(self, encoder: SentenceEncoder) -> None:
        self._one = lru_cache(_SENTENCES)(lambda sentence: encoder.encode([sentence])[0])
        self.wanted: Callable[[], bool] = _always

    def encode(self, sentences: Sequence[str]) -> NDArray[np.float32]:
        return np.stack([self._point(sentence) for sentence in sentences])

    def _point(self, sentence: str) -> NDArray[np.float32]:
        if not self.wanted():
            raise Overtaken("Other classes are wanted by now.")
        point: NDArray[np.float32] = self._one(sentence)
        return point
