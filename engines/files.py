"""Writes small result files whole or not at all."""

import json
from pathlib import Path
from typing import Any

from engines.errors import OutputError


def write_json(path: Path, document: Any) -> None:
    """Write ``document`` to ``path`` as JSON, replacing it at once. Raises ``OutputError`` if it cannot be written."""
    partial = path.with_name(f".{path.name}.partial")
    try:
        partial.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise OutputError(f"Cannot write {path}: {error.strerror}; choose another place.") from error
