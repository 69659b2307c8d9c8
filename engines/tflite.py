"""Reads a TensorFlow Lite file as what it is: a list of operations on numbered tensors.

A .tflite file is a FlatBuffer; this reads the tables of its schema (tensorflow/lite/schema/schema.fbs) that a plain
convolutional net has. Fields are numbered as there. What runs is made of it by :mod:`engines.tflite_onnx`.
"""

import struct
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engines.errors import ModelError


class Op(IntEnum):
    """The operations that the face detectors have, by their numbers in the schema."""

    ADD = 0
    CONCATENATION = 2
    CONV_2D = 3
    DEPTHWISE_CONV_2D = 4
    DEPTH_TO_SPACE = 5
    DEQUANTIZE = 6
    MAX_POOL_2D = 17
    RELU = 19
    RESHAPE = 22
    RESIZE_BILINEAR = 23
    PAD = 34
    DENSIFY = 124


_TYPES: dict[int, type[np.generic]] = {0: np.float32, 1: np.float16, 2: np.int32}
_INDEX_TYPES: dict[int, type[np.generic]] = {1: np.int32, 2: np.uint16, 3: np.uint8}
_SPARSE = 1


class Table:
    """A table of the file: numbered fields, each of which may be missing."""

    def __init__(self, data: bytes, start: int) -> None:
        self._data = data
        self._start = start

    def number(self, field: int, kind: str = "i", default: int = 0) -> int:
        """The number of ``kind`` (as :mod:`struct` has it) in ``field``."""
        at = self._at(field)
        return self._read(kind, at) if at else default

    def table(self, field: int) -> "Table | None":
        """The table that ``field`` refers to."""
        at = self._at(field)
        return Table(self._data, at + self._read("I", at)) if at else None

    def tables(self, field: int) -> list["Table"]:
        """The tables that ``field`` lists."""
        places = self._vector(field, np.uint32)
        first = self._vector_start(field)
        return [Table(self._data, first + 4 * index + int(place)) for index, place in enumerate(places)]

    def array(self, field: int, dtype: type[np.generic] = np.int32) -> NDArray[Any]:
        """The numbers that ``field`` lists, ``[N]``; none if it is missing."""
        return self._vector(field, dtype)

    def _vector(self, field: int, dtype: type[np.generic]) -> NDArray[Any]:
        first = self._vector_start(field)
        if not first:
            return np.empty(0, dtype)
        return np.frombuffer(self._data, np.dtype(dtype).newbyteorder("<"), self._read("I", first - 4), first)

    def _vector_start(self, field: int) -> int:
        at = self._at(field)
        return at + self._read("I", at) + 4 if at else 0

    def _at(self, field: int) -> int:
        """Where ``field`` lies; 0 if it is missing."""
        fields = self._start - self._read("i", self._start)
        slot = 4 + 2 * field
        offset = self._read("H", fields + slot) if slot < self._read("H", fields) else 0
        return self._start + offset if offset else 0

    def _read(self, kind: str, at: int) -> int:
        return int(struct.unpack_from(f"<{kind}", self._data, at)[0])


@dataclass(frozen=True, slots=True)
class Operation:
    """One step: ``inputs`` and ``outputs`` are numbers of tensors, ``options`` the table of its settings."""

    op: Op
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    options: Table


@dataclass(frozen=True, slots=True)
class LiteGraph:
    """A graph as the file has it: tensors are NHWC, with a batch of one."""

    shapes: tuple[tuple[int, ...], ...]
    constants: dict[int, NDArray[Any]]
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    operations: tuple[Operation, ...]


def read_tflite(path: Path) -> LiteGraph:
    """The graph in the file at ``path``, with its weights as float32.

    Raises ``ModelError`` if it cannot be read, is damaged or has operations that are not in :class:`Op`.
    """
    try:
        data = path.read_bytes()
        model = Table(data, struct.unpack_from("<I", data)[0])
        return _graph(model)
    except OSError as error:
        raise ModelError(f"Cannot read {path}: {error.strerror or error}.") from error
    except (struct.error, ValueError, KeyError, IndexError) as error:
        raise ModelError(f"{path} is not a graph that Mien can read ({error}): remove it to get another.") from error


def _graph(model: Table) -> LiteGraph:
    # Numbers up to 126 once had a field of one byte, which is still filled; later ones need the wider field.
    codes = [Op(max(code.number(0, "b"), code.number(3))) for code in model.tables(1)]
    buffers = [buffer.array(0, np.uint8) for buffer in model.tables(4)]
    (graph,) = model.tables(2)
    tensors = graph.tables(0)
    shapes = tuple(tuple(tensor.array(0).tolist()) for tensor in tensors)
    constants = {
        index: _constant(tensor, buffers[tensor.number(2, "I")])
        for index, tensor in enumerate(tensors)
        if len(buffers[tensor.number(2, "I")])
    }
    steps = [
        Operation(codes[each.number(0, "I")], _numbers(each, 1), _numbers(each, 2), each.table(4) or each)
        for each in graph.tables(3)
    ]
    kept = []
    for step in steps:
        # Both only unpack weights, which is done already.
        if step.op in {Op.DEQUANTIZE, Op.DENSIFY} and step.inputs[0] in constants:
            constants[step.outputs[0]] = constants[step.inputs[0]].astype(np.float32)
        else:
            kept.append(step)
    return LiteGraph(shapes, constants, _numbers(graph, 1), _numbers(graph, 2), tuple(kept))


def _numbers(table: Table, field: int) -> tuple[int, ...]:
    return tuple(table.array(field).tolist())


def _constant(tensor: Table, stored: NDArray[np.uint8]) -> NDArray[Any]:
    shape = tensor.array(0).tolist()
    values = stored.view(np.dtype(_TYPES[tensor.number(1, "b")]).newbyteorder("<"))
    sparsity = tensor.table(6)
    return values.reshape(shape) if sparsity is None else _dense(sparsity, values, shape)


def _dense(sparsity: Table, values: NDArray[Any], shape: list[int]) -> NDArray[Any]:
    """Weights of which only those that are not zero are stored: rows are dense, the last dimension is compressed."""
    *rows, last = sparsity.tables(2)
    orderly = sparsity.array(0).tolist() == list(range(len(shape))) and not len(sparsity.array(1))
    if not orderly or any(row.number(0, "b") == _SPARSE for row in rows) or last.number(0, "b") != _SPARSE:
        raise ValueError("sparse in another way than by row")
    segments = _indices(last, 2)
    dense = np.zeros((len(segments) - 1, shape[-1]), values.dtype)
    dense[np.repeat(np.arange(len(dense)), np.diff(segments)), _indices(last, 4)] = values
    return dense.reshape(shape)


def _indices(dimension: Table, kind: int) -> NDArray[np.int64]:
    numbers = dimension.table(kind + 1)
    if numbers is None:
        raise ValueError("sparse without indices")
    return numbers.array(0, _INDEX_TYPES[dimension.number(kind, "B")]).astype(np.int64)
