"""The lines of the rooms without Qt that a person reads in the middle of things, in the user's language.

Those rooms write English. What is not listed here is shown as it is.
"""

import re
from collections.abc import Iterator

from gui.language import noop, tr

_LINES = (
    noop("{line} What was recorded is kept, and finished when Mien starts the next time."),
    noop("{name} gives no picture: waiting until it is back"),
    noop("{name} is back"),
    noop("The expressions were changed, and the recording ended: start another."),
    noop("The disk of {folder} does not answer, and the recording ended."),
    noop("The disk of {folder} is nearly full ({size} MB free): make room, or choose another."),
    noop("The folder {folder} cannot be reached any more: {reason}."),
)
_PATTERNS = {line: re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+)", re.escape(line))) for line in _LINES}


def known(line: str) -> str:
    """``line`` in the user's language, if it is one that is known."""
    return next(_translations(line), line)


def _translations(line: str) -> Iterator[str]:
    for text, pattern in _PATTERNS.items():
        if found := pattern.fullmatch(line):
            yield tr(text, **{name: known(value) for name, value in found.groupdict().items()})
