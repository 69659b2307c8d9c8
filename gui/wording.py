"""Makes text heads for the prompts panel, away from the Qt thread, and fetches the text encoder when it is asked to.

One thread ("mien-words") turns the newest draft into a head; a second, short-lived one ("mien-fetch") fetches, so that
edits which need no text encoder take effect meanwhile.
"""

import contextlib
import sys
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Qt, Signal, SignalInstance, Slot

from engines.errors import MienError
from realtime.wording import Draft

if TYPE_CHECKING:  # loads the tokenizer and the engines' rooms, which the window does not wait for
    from engines.assets import Assets, Watch
    from engines.prompts import Prompts
    from engines.text_head import TextHead


@dataclass(frozen=True, slots=True)
class Working:
    """The words of a draft are being read."""


@dataclass(frozen=True, slots=True)
class Applied:
    """The classes of ``draft`` are in use."""

    draft: Draft


@dataclass(frozen=True, slots=True)
class Missing:
    """The draft waits for the text encoder, ``size`` bytes to fetch; with ``offline`` it may not be fetched."""

    size: int
    offline: bool


@dataclass(frozen=True, slots=True)
class Fetching:
    """``done`` of ``total`` bytes of the text encoder have come; of 0, where that is not known yet."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Failed:
    """It did not work: the one line that says why. With ``fetch`` fetching can be tried again."""

    line: str
    fetch: bool = False


State = Working | Applied | Missing | Fetching | Failed


class HeadsLike(Protocol):
    """What is asked of :class:`realtime.heads.Heads`."""

    @property
    def defaults(self) -> "Prompts": ...

    def head(self, prompts: "Prompts", wanted: Callable[[], bool]) -> "TextHead": ...

    def warm_up(self, wanted: Callable[[], bool]) -> None: ...


class Words(QObject):
    """Turns drafts into heads. To be used from the Qt thread alone."""

    opened = Signal(object)
    """The model's own classes are known, a ``Draft``."""
    applied = Signal(object)
    """A ``TextHead`` to be read by from now on."""
    state = Signal(object)
    """How it stands, a ``State``."""

    _made = Signal(object, object)

    def __init__(
        self,
        assets: "Assets",
        model: Path | None = None,
        *,
        open_heads: "Callable[[Path | None, Assets], HeadsLike] | None" = None,
        fetch: "Callable[[Assets, Watch], None] | None" = None,
    ) -> None:
        """For the model package in the folder ``model`` (None: the one that ships)."""
        super().__init__()
        self._assets = assets
        self._model = model
        self._open_heads = open_heads or _open_heads
        self._fetch_files = fetch or _fetch_files
        self._changed = threading.Condition()
        self._wish: Draft | None = None
        self._last: Draft | None = None
        self._warm = False
        self._quit = False
        self._stop_fetching = threading.Event()
        self._worker: threading.Thread | None = None
        self._fetcher: threading.Thread | None = None
        self._fetching = False
        self._held = False
        self._waiting: tuple[Draft, TextHead] | None = None
        self._made.connect(self._take, Qt.ConnectionType.QueuedConnection)

    def open(self) -> None:
        """Find out the model's own classes, and get ready for edits."""
        with self._changed:
            self._warm = True
        self._wake()

    def apply(self, draft: Draft) -> None:
        """Read the words of ``draft``, which has no problems, in the place of any that wait to be read."""
        with self._changed:
            self._wish = self._last = draft
        self._wake()

    def hold(self, held: bool) -> None:
        """While ``held``, keep heads back, also one that is being made; the newest is given when that ends."""
        self._held = held
        if not held and self._waiting is not None:
            self._take(*self._waiting)

    @property
    def fetching(self) -> bool:
        """Whether the text encoder is being fetched."""
        return self._fetching

    def fetch(self) -> None:
        """Fetch the text encoder; what waits for it is applied afterwards."""
        if not (self._fetching or self._quit):
            self._fetching = True
            self._stop_fetching.clear()
            self._tell(self.state, Fetching(0, 0))
            self._fetcher = threading.Thread(target=self._fetch, name="mien-fetch", daemon=True)
            self._fetcher.start()

    def cancel_fetch(self) -> None:
        """Stop fetching, and keep nothing of it. Returns at once."""
        self._stop_fetching.set()

    def close(self, patience: float = 1.0) -> bool:
        """End every thread; False if one is still busy after ``patience`` seconds (it is then left to die)."""
        self._stop_fetching.set()
        with self._changed:
            self._quit = True
            self._changed.notify_all()
        deadline = time.monotonic() + patience
        threads = [thread for thread in (self._worker, self._fetcher) if thread is not None]
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        return not any(thread.is_alive() for thread in threads)

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()
        if not self._quit and (self._worker is None or not self._worker.is_alive()):
            self._worker = threading.Thread(target=self._work, name="mien-words", daemon=True)
            self._worker.start()

    @Slot(object, object)
    def _take(self, draft: Draft, head: "TextHead") -> None:
        self._waiting = (draft, head) if self._held else None
        if not (self._held or self._quit):
            self.applied.emit(head)
            self.state.emit(Applied(draft))

    # What follows runs in the other threads.

    def _work(self) -> None:
        try:
            heads = self._open_heads(self._model, self._assets)
            self._tell(self.opened, Draft.of(heads.defaults))
            while (draft := self._next(heads)) is not None:
                self._apply(heads, draft)
        except Exception as error:  # the thread's boundary: the window tells it
            self._tell(self.state, Failed(_line(error)))

    def _next(self, heads: HeadsLike) -> Draft | None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._quit or self._wish is not None or self._warm)
                draft, self._wish = self._wish, None
                if self._quit or draft is not None:
                    return None if self._quit else draft
                self._warm = False
            self._warm_up(heads)

    def _warm_up(self, heads: HeadsLike) -> None:
        with contextlib.suppress(MienError):  # an edit that needs what is missing says so
            heads.warm_up(self._still_wanted)

    def _apply(self, heads: HeadsLike, draft: Draft) -> None:
        from realtime.heads import EncoderMissing, Overtaken  # noqa: PLC0415 - slow to load

        self._tell(self.state, Working())
        try:
            head = heads.head(draft.prompts(), self._still_wanted)
        except Overtaken:
            return
        except EncoderMissing as missing:
            if not self._fetching:
                self._tell(self.state, Missing(missing.download, self._assets.offline))
        except MienError as error:
            self._tell(self.state, Failed(str(error)))
        else:
            self._made.emit(draft, head)

    def _still_wanted(self) -> bool:
        return not self._quit and self._wish is None

    def _fetch(self) -> None:
        from engines.assets import Watch  # noqa: PLC0415 - slow to load

        failure = ""
        try:
            watch = Watch(lambda *sizes: self._tell(self.state, Fetching(*sizes)), self._stop_fetching.is_set)
            self._fetch_files(self._assets, watch)
        except Exception as error:  # the thread's boundary: the window tells it
            failure = _line(error)
        self._fetching = False
        if failure and not self._stop_fetching.is_set():
            self._tell(self.state, Failed(failure, fetch=True))
        else:
            self._again()

    def _again(self) -> None:
        """Let the last draft be looked at anew: the text encoder has come, or it is not being fetched any more."""
        with self._changed:
            self._wish = self._wish or self._last
            self._warm = True
            self._changed.notify_all()

    def _tell(self, signal: SignalInstance, content: object) -> None:
        if not self._quit:
            signal.emit(content)


def _open_heads(model: Path | None, assets: "Assets") -> HeadsLike:
    from engines.package import ModelPackage  # noqa: PLC0415 - slow to load: called from the worker's thread
    from realtime.heads import Heads  # noqa: PLC0415

    return Heads(ModelPackage.load(model), assets)


def _fetch_files(assets: "Assets", watch: "Watch") -> None:
    from realtime.heads import fetch_text_encoder  # noqa: PLC0415 - as above

    fetch_text_encoder(assets, watch)


def _line(error: Exception) -> str:
    if isinstance(error, MienError):
        return str(error)
    traceback.print_exc(file=sys.stderr)
    return f"{type(error).__name__}: {error}"
