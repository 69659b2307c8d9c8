"""Reads and writes small files: TOML in, JSON out."""

import json
import tomllib
from pathlib import Path
from typing import Any

from engines.errors import MienError, OutputError


def write_json(path: Path, document: Any) -> None:
    """Write ``document`` to ``path`` as JSON, replacing it at once. Raises ``OutputError`` if it cannot be written."""
    partial = path.with_name(f".{path.name}.partial")
    try:
        partial.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise OutputError(f"Cannot write {path}: {error.strerror}; choose another place.") from error


def read_toml(path: Path, what: str, error: type[MienError]) -> dict[str, Any]:
    """Read a TOML file that a person wrote. Raises ``error``, which calls it ``what``, if it cannot be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as reason:
        raise error(f"Cannot read the {what} {path}: {reason.strerror}.") from reason
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as reason:
        raise error(f"The {what} {path} is not valid TOML: {reason}.") from reason
