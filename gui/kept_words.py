"""The edited expressions as files, one for each wording: what waits to be analysed keeps those it was added with."""

import hashlib
import time
from contextlib import suppress
from pathlib import Path

from engines.files import written_whole

_KEPT_S = 24 * 3600.0
"""A file that nothing waits for is kept so long: what has failed may be tried again."""


def keep_words(text: str, folder: Path) -> Path:
    """The file in ``folder`` that holds ``text``, which is what a prompts file has in it.

    Raises ``OutputError`` if it cannot be written.
    """
    file = folder / f"{hashlib.sha256(text.encode()).hexdigest()[:16]}.toml"
    with suppress(OSError):  # what is wrong with the folder, writing says
        folder.mkdir(parents=True, exist_ok=True)
    if file.exists():
        file.touch()
        return file
    with written_whole(file) as partial:
        partial.write_text(text, encoding="utf-8")
    return file


def clear_words(folder: Path) -> None:
    """Delete what :meth:`keep_words` has not given for a day; to be called while nothing waits to be analysed."""
    for file in folder.glob("*.toml"):
        with suppress(OSError):
            if time.time() - file.stat().st_mtime > _KEPT_S:
                file.unlink()
