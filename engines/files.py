"""Reads what people write, and writes files that are there whole or not at all."""

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from engines.errors import MienError, OutputError

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """Where to write what is to be ``path``: it takes that name when the block ends well, and else is removed.

    Raises ``OutputError`` in the place of an ``OSError``.
    """
    partial = path.with_name(f".{path.name}.partial")
    try:
        yield partial
        partial.replace(path)
    except BaseException as error:
        with suppress(OSError):
            partial.unlink()
        if isinstance(error, OSError):
            reason = error.strerror or error
            raise OutputError(f"Cannot write {path}: {reason}; check its folder and the free space.") from error
        raise


def write_json(path: Path, document: Any) -> None:
    """Write ``document`` to ``path`` as JSON. Raises ``OutputError`` if it cannot be written."""
    with written_whole(path) as partial:
        partial.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def write_json_lines(path: Path, lines: Iterable[Any]) -> None:
    """Write ``lines`` to ``path`` as JSON, one below the other. Raises ``OutputError`` if it cannot be written."""
    with written_whole(path) as partial:
        partial.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")


def toml_table(name: str, entries: Mapping[str, Sequence[str]]) -> str:
    """A TOML table of texts: an entry with one is a text, one with none or several is a list, a line each."""
    lines = [f"[{name}]"]
    for key, texts in entries.items():
        if len(texts) == 1:
            value = _toml_string(texts[0])
        else:
            value = "".join(["[\n", *(f"    {_toml_string(text)},\n" for text in texts), "]"])
        lines.append(f"{key if _BARE_KEY.fullmatch(key) else _toml_string(key)} = {value}")
    return "\n".join(lines) + "\n"


def _toml_string(text: str) -> str:
    # TOML's basic strings are written as JSON's are, but for one character more that has to be escaped.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def read_toml(path: Path, what: str, error: type[MienError]) -> dict[str, Any]:
    """Read a TOML file that a person wrote. Raises ``error``, which calls it ``what``, if it cannot be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as reason:
        raise error(f"Cannot read the {what} {path}: {reason.strerror}.") from reason
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as reason:
        raise error(f"The {what} {path} is not valid TOML: {reason}.") from reason
