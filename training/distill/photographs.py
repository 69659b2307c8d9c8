"""Photographs of faces in full, as faces with votes: what a teacher of the view *resolution* sees."""

import csv
import io
import zipfile
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from engines.errors import DataError
from training.data import CLASSES, Faces, with_labels

_INDEX = "labels.csv"


def load_photographs(archive: Path, size: int) -> Faces:
    """The faces of a zip with ``labels.csv`` (columns ``file`` and ``label``) and JPEGs below ``images/``.

    ``images`` uint8 ``[N, 3, size, size]`` RGB are the middle squares, ``votes`` uint8 ``[N, 10]`` all for the label.
    Photographs with labels that are no expressions of FER+ are left out. Raises ``DataError`` if the archive cannot be
    read or has none.
    """
    images, labels = [], []
    try:
        with zipfile.ZipFile(archive) as files:
            for row in csv.DictReader(io.StringIO(files.read(_INDEX).decode())):
                if row["label"] in CLASSES:
                    images.append(square_picture(files.read(f"images/{row['file']}"), size))
                    labels.append(CLASSES.index(row["label"]))
    except OSError as error:
        raise DataError(f"Cannot read {archive}: {error.strerror or error}.") from error
    except (zipfile.BadZipFile, KeyError, UnicodeDecodeError, ValueError) as error:
        raise DataError(f"{archive} is no archive of labelled photographs ({error}): copy it again.") from error
    if not images:
        raise DataError(f"{archive} has no photograph that is labelled as one of {', '.join(CLASSES)}.")
    return with_labels(np.stack(images), np.array(labels))


def square_picture(data: bytes, size: int) -> NDArray[np.uint8]:
    """The middle square of a picture file's ``data``, uint8 ``[3, size, size]`` RGB. Raises ``ValueError``."""
    decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    if decoded is None:
        raise ValueError("a picture cannot be decoded")
    height, width = decoded.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    middle = decoded[top : top + side, left : left + side]
    way = cv2.INTER_AREA if side >= size else cv2.INTER_LINEAR
    small = cv2.cvtColor(cv2.resize(middle, (size, size), interpolation=way), cv2.COLOR_BGR2RGB)
    return np.ascontiguousarray(small.transpose(2, 0, 1), dtype=np.uint8)
