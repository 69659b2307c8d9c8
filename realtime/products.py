"""What is made of an input, and the names of the files. Costs nothing to import."""

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from engines.errors import OutputError

if TYPE_CHECKING:
    from realtime.sinks.table import TableFormat

Codec = Literal["h264", "hevc", "av1"]
EpisodeFormat = Literal["csv", "elan", "boris"]

_NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
"""What some system does not allow in the name of a file."""
_LONGEST = 200
"""Bytes of a name; systems take 255, with all that is put before and after it."""
_TOLD_APART = 8
"""Digits that tell a name that is cut from others that begin alike."""
_IN_NO_TEXT = re.compile(r"[\ud800-\udfff]")
"""What Python puts into the name of a file for bytes that are not UTF-8: no file and no terminal takes it."""
_ENDINGS = (
    *("json", "html", "parquet", "csv", "jsonl", "episodes.csv", "eaf", "boris"),
    *("annotated", "annotated.mp4", "annotated.mkv", "annotated.mov", "annotated.jpg"),
)


@dataclass(frozen=True, slots=True)
class Products:
    """What is made of each input beside its summary.

    ``table`` is the format of the table, which with ``keypoints`` has the detector's points and the head's roll, and
    with ``embeddings`` the encoder's numbers as well. ``annotate`` asks for a video (or pictures) with the readings
    drawn in, in ``codec`` at ``quality`` (0..100, None: as measured to serve), by this machine's ``hardware`` if it has
    an encoder for it; ``report`` for a page to read, and
    ``episodes`` for the spans of each expression, in these formats. With ``blur`` no face can be known in any picture
    that is written.
    """

    table: "TableFormat" = "parquet"
    keypoints: bool = False
    embeddings: bool = False
    annotate: bool = True
    codec: Codec = "h264"
    quality: int | None = None
    hardware: bool = True
    report: bool = True
    episodes: tuple[EpisodeFormat, ...] = ()
    blur: bool = False


@dataclass(frozen=True, slots=True)
class Outputs:
    """The files that one input leads to: in ``folder``, named ``name`` and an ending each."""

    folder: Path
    name: str

    @property
    def summary(self) -> Path:
        return self.folder / f"{self.name}.json"

    @property
    def report(self) -> Path:
        return self.folder / f"{self.name}.html"

    def table(self, products: Products) -> Path:
        return self.folder / f"{self.name}.{products.table}"

    @property
    def annotated(self) -> Path:
        """Without the ending, which depends on what the source is."""
        return self.folder / f"{self.name}.annotated"

    def episodes(self, format: EpisodeFormat) -> Path:  # noqa: A002
        """``elan`` is read by ELAN, ``boris`` by BORIS, ``csv`` by anything."""
        endings = {"csv": "episodes.csv", "elan": "eaf", "boris": "boris"}
        return self.folder / f"{self.name}.{endings[format]}"

    @property
    def possible(self) -> tuple[Path, ...]:
        """Every file and folder that any products of any source may lead to, the summary first."""
        return tuple(self.folder / f"{self.name}.{ending}" for ending in _ENDINGS)


def file_name(text: str) -> str:
    """``text`` as the name of a file on any system, cut where an ending would make it too long."""
    name = _NOT_IN_NAMES.sub("_", text) or "stream"
    whole = os.fsencode(name)
    if len(whole) <= _LONGEST:
        return name
    told_apart = hashlib.sha256(whole).hexdigest()[:_TOLD_APART]
    return f"{whole[: _LONGEST - _TOLD_APART - 1].decode(errors='ignore')}-{told_apart}"


def printable(text: str) -> str:
    """``text``, which may have the name of a file in it, as it can be written anywhere."""
    return _IN_NO_TEXT.sub("\ufffd", text)


def make_folder(folder: Path) -> None:
    """Make the output ``folder``. Raises ``OutputError`` if it cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"Cannot make the folder {folder}: {error.strerror}; choose another with --out.") from error
