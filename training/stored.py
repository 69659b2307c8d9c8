"""Tensors and what is to be known of them, in one safetensors file, which is replaced as a whole."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from engines.errors import DataError
from engines.files import written_whole

_ABOUT = "mien"


def store(path: Path, tensors: Mapping[str, Tensor], about: Mapping[str, Any]) -> None:
    """Replace ``path``: who is killed meanwhile keeps the file before. Raises ``OutputError`` if it cannot be written.

    ``about`` is anything that JSON has words for.
    """
    with written_whole(path) as partial:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            whole = {name: tensor.contiguous() for name, tensor in tensors.items()}
            save_file(whole, partial, metadata={_ABOUT: json.dumps(about)})
        except SafetensorError as error:  # also for a full disk
            raise OSError(str(error)) from error


def load_stored(path: Path, absent: str) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """What :func:`store` wrote. Raises ``DataError``, which says ``absent`` where there is no such file."""
    try:
        with safe_open(path, framework="pt") as file:
            about: dict[str, Any] = json.loads(file.metadata()[_ABOUT])
            return {key: file.get_tensor(key) for key in file.keys()}, about  # noqa: SIM118 - not a mapping
    except FileNotFoundError:
        raise DataError(absent) from None
    except (SafetensorError, OSError, KeyError, TypeError, ValueError) as error:
        raise damaged(path, error) from error


def damaged(path: Path, error: Exception) -> DataError:
    """That ``path`` does not hold what it should, and what to do."""
    return DataError(f"{path} is damaged ({error}): remove it and train again.")
