"""A model's words without a model: small, but as patient, as large and as missing as the real ones can be."""

import threading
from collections.abc import Callable
from pathlib import Path

from engines.assets import Assets, Watch
from engines.errors import AssetError, MienError
from engines.prompts import DEFAULT, Prompts
from engines.text_head import TextHead
from gui.wording import Words
from realtime.heads import EncoderMissing, Overtaken
from tests import tiny

SIZE = 84_000_000


class FakeWords:
    """Heads for any words; those that are not the model's own need an encoder, which is ``here`` or not.

    ``gate`` holds back every head until it is set, or until another is wanted; ``may_come`` holds back the fetch in its
    middle.
    """

    def __init__(self, *, here: bool = True, error: MienError | None = None) -> None:
        self.here = here
        self.error = error
        self.fetch_error: Exception | None = None
        self.gate = threading.Event()
        self.gate.set()
        self.may_come = threading.Event()
        self.read: list[Prompts] = []
        self.warmed = 0
        self.asked = threading.Event()

    @property
    def defaults(self) -> Prompts:
        return DEFAULT

    def open(self, _model: Path | None, _assets: Assets) -> "FakeWords":
        if self.error is not None:
            raise self.error
        return self

    def head(self, prompts: Prompts, wanted: Callable[[], bool]) -> TextHead:
        self.asked.set()
        while not self.gate.wait(0.01) and wanted():
            pass
        if not wanted():
            raise Overtaken("another is wanted")
        if not self.here and not set(prompts.descriptions) <= set(DEFAULT.descriptions):
            raise EncoderMissing(SIZE)
        self.read.append(prompts)
        return TextHead(tiny.words(prompts.classes), 14.0)

    def warm_up(self, wanted: Callable[[], bool]) -> None:  # noqa: ARG002 - as the real one has it
        self.warmed += 1
        if not self.here:
            raise EncoderMissing(SIZE)

    def fetch(self, _assets: Assets, watch: Watch) -> None:
        watch.progress(SIZE // 7, SIZE)
        while not self.may_come.wait(0.01):
            if watch.cancelled():
                raise AssetError("Fetching was stopped.")
        if self.fetch_error is not None:
            raise self.fetch_error
        self.here = True

    def worker(self, *, offline: bool = False) -> Words:
        """The real worker on these."""
        return Words(Assets(offline=offline), open_heads=self.open, fetch=self.fetch)
