"""What goes between server and clients, as Flower's records, and what is refused on either side.

From a client there go: the weights that its strategy shares, the means and counts of its classes' embeddings, the
number of its faces, and a few figures. From the server: the common weights, the common prototypes, the number of the
round, and the mark of the recipe. Weights go as one row of numbers, in the order of their names, which both sides know:
the fewer the parts of a message, the fewer the requests. Arrays are npy without pickles, made and read by NumPy with
``allow_pickle=False``.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engines.errors import DataError
from engines.prompts import ClassEmbeddings
from training.federated.exchange import Broadcast, Update, Weights
from training.federated.flower import Array, ArrayRecord, ConfigRecord, MetricRecord, RecordDict
from training.federated.prototypes import Prototypes
from training.recipe import Recipe

PROTOCOL = 1
"""Counts up whenever what is sent, or what is made of it, changes: clients of another one are refused."""
FIGURES = ("loss", "held", "accuracy", "personal")
_ROW, _MEANS, _COUNTS = "row", "means", "counts"


def mark(recipe: Recipe, words: ClassEmbeddings) -> str:
    """What server and clients must have in common: the SHA-256 of protocol, recipe and class embeddings, in hex."""
    text = json.dumps([PROTOCOL, asdict(recipe), list(words.classes)], sort_keys=True)
    # Words come of the same text encoder, but its last bits may differ with the machine.
    return hashlib.sha256(text.encode() + np.round(words.vectors, 3).tobytes()).hexdigest()


def pack_broadcast(broadcast: Broadcast, its_mark: str) -> RecordDict:
    """The message to a client."""
    about = ConfigRecord({"round": broadcast.round, "mark": its_mark})
    return RecordDict({**_arrays(broadcast.weights, broadcast.prototypes), "about": about})


def read_broadcast(content: RecordDict, its_mark: str, layout: Weights) -> Broadcast:
    """The inverse; ``layout`` has weights of the same names and shapes.

    Raises ``DataError`` if it is not from a server with the same mark, or not laid out so.
    """
    about: dict[str, Any] = dict(content.config_records.get("about", {}))
    if about.get("mark") != its_mark:
        raise DataError(
            "The server trains by another recipe or another version of Mien: take over its recipe and its version."
        )
    weights, prototypes = _read(content, layout)
    number = about.get("round")
    if not isinstance(number, int):
        raise DataError("The server does not say which round it is: use one version of Mien everywhere.")
    return Broadcast(number, weights, prototypes)


def pack_update(update: Update) -> RecordDict:
    """The message of a client."""
    figures = pack_figures({"faces": update.faces, **update.figures})
    return RecordDict({**_arrays(update.weights, update.prototypes), **figures})


def pack_figures(figures: Mapping[str, float]) -> RecordDict:
    """Figures alone, those that are known."""
    return RecordDict({"figures": MetricRecord({k: v for k, v in figures.items() if k in {"faces", *FIGURES}})})


def read_update(content: RecordDict, layout: Weights) -> Update:
    """The inverse, as in :func:`read_broadcast`. Raises ``DataError`` if it is not laid out so."""
    weights, prototypes = _read(content, layout)
    figures = read_figures(content)
    faces = int(figures.pop("faces", 0))
    return Update(weights, prototypes, faces, figures)


def read_figures(content: RecordDict) -> dict[str, float]:
    """The figures of a message. Raises ``DataError`` if there are none, or others than there may be."""
    record = content.metric_records.get("figures")
    figures = {name: value for name, value in (record or {}).items() if isinstance(value, int | float)}
    if record is None or set(record) - {"faces", *FIGURES} or len(figures) != len(record):
        raise DataError("A client's figures are not laid out as expected: use one version of Mien everywhere.")
    return figures


def size(content: RecordDict) -> dict[str, int]:
    """The bytes of each part of a message, arrays with their npy headers, and ``total``."""
    parts = {name: sum(len(array.data) for array in record.values()) for name, record in content.array_records.items()}
    numbers = {name: sum(8 for _ in record) for name, record in content.metric_records.items()}
    texts = {name: sum(map(_length, record.values())) for name, record in content.config_records.items()}
    found = parts | numbers | texts
    return found | {"total": sum(found.values())}


def _length(value: object) -> int:
    """The bytes of an entry of a message."""
    if isinstance(value, list):
        return sum(map(_length, value))
    return len(value) if isinstance(value, bytes) else len(str(value).encode())


def _arrays(weights: Weights, prototypes: Prototypes) -> dict[str, ArrayRecord]:
    row = np.concatenate([np.empty(0, np.float32), *(weights[name].ravel() for name in sorted(weights))])
    known = {_MEANS: prototypes.means, _COUNTS: prototypes.counts}
    return {"weights": _record({_ROW: row}), "prototypes": _record(known)}


def _record(arrays: Mapping[str, NDArray[np.float32]]) -> ArrayRecord:
    return ArrayRecord({name: Array(np.ascontiguousarray(values)) for name, values in arrays.items()})


def _read(content: RecordDict, layout: Weights) -> tuple[Weights, Prototypes]:
    sent, known = (_numbers(content.array_records.get(name)) for name in ("weights", "prototypes"))
    names = sorted(layout)
    sizes = [layout[name].size for name in names]
    try:
        row, prototypes = sent[_ROW], Prototypes(known[_MEANS], known[_COUNTS])
    except (KeyError, ValueError) as error:
        raise DataError("A message holds no weights or prototypes: use one version of Mien everywhere.") from error
    if row.shape != (sum(sizes),):
        raise DataError(
            f"A message holds {row.size:,} weights, {sum(sizes):,} were expected: use one recipe everywhere."
        )
    parts = np.split(row, np.cumsum(sizes)[:-1]) if names else []
    return {name: part.reshape(layout[name].shape) for name, part in zip(names, parts, strict=True)}, prototypes


def _numbers(record: ArrayRecord | None) -> Weights:
    """The arrays of a message, float32 and nothing else. ``numpy()`` of Flower's reads npy without pickles."""
    found: Weights = {}
    for name, array in (record or {}).items():
        try:
            values = array.numpy()
        except (TypeError, ValueError, EOFError, OSError) as error:
            raise DataError(f"The array {name} of a message is damaged: {error}.") from error
        if values.dtype != np.float32 or values.shape != tuple(array.shape):
            raise DataError(f"The array {name} of a message is {values.dtype} {list(values.shape)}, not as announced.")
        found[name] = values
    return found
