"""Where the results of a queued analysis go: into a folder of their own, with files that bear its name.

``talk/talk.parquet``, ``talk/talk.json`` and, if it is wanted, ``talk/talk.annotated.mp4``.
"""

import json
import shutil
from contextlib import suppress
from pathlib import Path

from engines.errors import OutputError


def make_folder(parent: Path, source: Path, known: Path | None = None) -> Path:
    """A new folder in ``parent`` that is called as ``source``, or ``known``, which is there already.

    Numbered where the name is taken, also by another process at the same moment. Raises ``OutputError``.
    """
    number = 1
    name = source.stem if source.suffix else source.name
    try:
        if known is not None and known.is_dir():
            return known
        parent.mkdir(parents=True, exist_ok=True)
        while True:
            folder = parent / (f"{name}-{number}" if number > 1 else name or "video")
            with suppress(FileExistsError):
                folder.mkdir()
                return folder
            number += 1
    except OSError as error:
        raise OutputError(
            f"Cannot make a folder for {source.name} in {parent}: {error.strerror}; check its permissions."
        ) from error


def summary_in(folder: Path) -> Path:
    """The summary of the results in ``folder``."""
    return folder / f"{folder.name}.json"


def is_whole(folder: Path) -> bool:
    """Whether an analysis into ``folder`` has come to its end; the summary is the last of its files."""
    try:
        return bool(json.loads(summary_in(folder).read_text(encoding="utf-8"))["complete"])
    except (OSError, ValueError, KeyError, TypeError):
        return False


def clear_folder(folder: Path) -> None:
    """Remove what an unfinished analysis has left in ``folder``, and the folder if nothing else is in it."""
    name = folder.name
    begun = (f".{name}.", f"{name}.annotated")
    with suppress(OSError):
        for path in folder.iterdir():
            if path.name.startswith(begun) and path.is_dir():
                shutil.rmtree(path)
            elif path.name.startswith(begun) or path.name in (f"{name}.parquet", f"{name}.json"):
                path.unlink()
        folder.rmdir()
