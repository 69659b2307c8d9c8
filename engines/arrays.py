"""Reads npz archives, and says in one way what is wrong with one."""

import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.npyio import NpzFile
from numpy.typing import NDArray


def read_arrays(path: Path, *names: str) -> list[NDArray[Any]]:
    """The arrays ``names`` of the npz archive at ``path``; pickles are never loaded.

    Raises ``OSError`` if it cannot be read, ``KeyError`` with the name of an array that it lacks and ``ValueError`` if
    it is no such archive, or a damaged one.
    """
    try:
        with path.open("rb") as file:
            archive = np.load(file, allow_pickle=False)
            if not isinstance(archive, NpzFile):
                raise ValueError("one bare array")
            with archive:
                return [archive[name] for name in names]
    except (EOFError, NotImplementedError, zipfile.BadZipFile, zlib.error) as error:
        raise ValueError(str(error)) from error
