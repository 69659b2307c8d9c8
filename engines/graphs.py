"""Runs a graph that makes tensors of pictures, such as a face detector: on OpenVINO, ONNX Runtime or TensorRT.

One graph serves one thread. By default it also computes on one: recognition goes on in another at the same time.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engines import network
from engines.base import EngineName
from engines.errors import EngineUnavailable, ModelError
from engines.tensorrt_plan import Blueprint, Notify, silent
from engines.tensorrt_runner import TensorRtRunner
from engines.tflite_onnx import as_onnx

Tensors = list[NDArray[np.float32]]

MOST_ON_CARD = 32
"""Pictures that TensorRT runs at once; more are split. A frame with all of its tiles is at most 17."""
_RECORDED = (1, 2)
"""Batches that TensorRT runs from a recording: a frame by itself, and with the tile in which a face is followed."""


class PictureGraph(ABC):
    """A graph from uint8 pictures ``[N, H, W, 3]`` to one float32 tensor ``[N, ...]`` for each of its outputs."""

    name: EngineName
    picture: tuple[int, int, int]
    """Height, width and channels of a picture."""

    def __init__(self) -> None:
        self._open = True

    def run(self, pictures: NDArray[np.uint8]) -> Tensors:
        """The tensors of ``pictures``, at least one, in their order, which are valid until the next run.

        Each picture's are the same, to rounding, whatever it shares the batch with. Raises ``ValueError`` for another
        shape or dtype and ``EngineUnavailable`` after :meth:`close`.
        """
        if not self._open:
            raise EngineUnavailable("The face detector is closed: make a new one.")
        if pictures.dtype != np.uint8 or pictures.shape[1:] != self.picture or not len(pictures):
            raise ValueError(f"pictures: expected uint8 [N, {self.picture}], got {pictures.dtype} {pictures.shape}")
        return self._run(np.ascontiguousarray(pictures))

    def close(self) -> None:
        """Give back what the graph holds; twice is once."""
        if self._open:
            self._open = False
            self._release()

    @abstractmethod
    def _run(self, pictures: NDArray[np.uint8]) -> Tensors: ...

    @abstractmethod
    def _release(self) -> None: ...


class OpenVinoGraph(PictureGraph):
    """The ONNX file at ``path`` on ``threads`` CPU threads (0: as many as OpenVINO finds best).

    In float32 also where the processor has bfloat16, which would move a detector's scores by up to 0.05. No thread is
    bound to a core, since that may be the one on which faces are read at the same time.
    """

    name = EngineName.OPENVINO

    def __init__(self, path: Path, *, threads: int = 1) -> None:
        super().__init__()
        network.silence()
        try:
            import openvino as ov  # noqa: PLC0415 - costs 0.2 s, which other engines need not pay
        except ImportError as error:
            raise EngineUnavailable(f"OpenVINO cannot be loaded ({error}): pip install openvino.") from error
        options: dict[str, object] = {
            "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_PRECISION_HINT": "f32",
            "ENABLE_CPU_PINNING": False,
        }
        if threads:
            options["INFERENCE_NUM_THREADS"] = threads
        core = ov.Core()
        try:
            model = core.read_model(path)
            self.picture = tuple(side.get_length() for side in list(model.inputs[0].partial_shape)[1:])
            self._compile = partial(core.compile_model, model, "CPU", options)
            model.reshape([1, *self.picture])
            self._one = self._compile().create_infer_request()
            model.reshape([-1, *self.picture])
            self._any: Any = None
        except RuntimeError as error:
            raise ModelError(f"OpenVINO cannot run {path}: {str(error).strip().splitlines()[-1]}.") from error

    def _run(self, pictures: NDArray[np.uint8]) -> Tensors:
        # A graph of a fixed shape is faster; one for any batch is made when it is first needed.
        if len(pictures) != 1 and self._any is None:
            self._any = self._compile().create_infer_request()
        request = self._one if len(pictures) == 1 else self._any
        return list(request.infer([pictures], share_inputs=True, share_outputs=True).values())

    def _release(self) -> None:
        del self._one, self._any, self._compile


class OnnxRuntimeGraph(PictureGraph):
    """The ONNX file at ``path`` on ``threads`` CPU threads (0: one for each core)."""

    name = EngineName.ONNXRUNTIME

    def __init__(self, path: Path, *, threads: int = 1) -> None:
        super().__init__()
        try:
            import onnxruntime as ort  # noqa: PLC0415 - costs 0.1 s, which other engines need not pay
        except ImportError as error:
            raise EngineUnavailable(f"ONNX Runtime cannot be loaded ({error}): pip install onnxruntime.") from error
        ort.set_default_logger_severity(4)
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        try:
            self._session = ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # its errors share no base class but this
            raise ModelError(f"ONNX Runtime cannot run {path}: {str(error).splitlines()[0]}.") from error
        self._input = self._session.get_inputs()[0]
        self.picture = tuple(self._input.shape[1:])

    def _run(self, pictures: NDArray[np.uint8]) -> Tensors:
        return list(self._session.run(None, {self._input.name: pictures}))

    def _release(self) -> None:
        del self._session


class TensorRtGraph(PictureGraph):
    """The ONNX file at ``path`` on the first NVIDIA card, in float32 for the sake of the scores.

    The first time on a machine it is built, and ``notify`` is told how far that is. Raises as
    :class:`engines.tensorrt_runner.TensorRtRunner`.
    """

    name = EngineName.TENSORRT

    def __init__(self, path: Path, *, notify: Notify = silent) -> None:
        super().__init__()
        self._runner = TensorRtRunner(Blueprint(path, False, 1, MOST_ON_CARD), _RECORDED, notify)
        height, width, channels = self._runner.input
        self.picture = height, width, channels

    def _run(self, pictures: NDArray[np.uint8]) -> Tensors:
        if len(pictures) <= MOST_ON_CARD:
            return self._runner.run(pictures)
        starts = range(0, len(pictures), MOST_ON_CARD)
        # The next part is written over the one before.
        parts = [[each.copy() for each in self._runner.run(pictures[i : i + MOST_ON_CARD])] for i in starts]
        return [np.concatenate(tensors) for tensors in zip(*parts, strict=True)]

    def _release(self) -> None:
        self._runner.close()


GRAPHS: Mapping[EngineName, Callable[[Path, int, Notify], PictureGraph]] = {
    EngineName.OPENVINO: lambda path, threads, _: OpenVinoGraph(path, threads=threads),
    EngineName.ONNXRUNTIME: lambda path, threads, _: OnnxRuntimeGraph(path, threads=threads),
    EngineName.TENSORRT: lambda path, _, notify: TensorRtGraph(path, notify=notify),
}
"""What can run a graph, on how many threads, and who is told of a long build."""


ON_PROCESSOR = (EngineName.OPENVINO, EngineName.ONNXRUNTIME)
"""What needs no card and nothing built, best first."""


def graph_engines(asked: EngineName) -> tuple[EngineName, ...]:
    """What is to run graphs, best first, where the face encoder was asked to run on ``asked``.

    TensorRT comes first where it was asked for by name, and else not at all. It would have to be built, which no camera
    should wait for that did not ask (``auto`` sees to the same for the encoder); a detector takes a processor one to
    three milliseconds, so there is little to win; and on a card it has not been run by us yet, so that the contract
    does not hold there as far as we know.
    """
    return (asked, *ON_PROCESSOR) if asked is EngineName.TENSORRT else ON_PROCESSOR


def open_graph(
    path: Path, names: Sequence[EngineName] = ON_PROCESSOR, *, threads: int = 1, notify: Notify = silent
) -> PictureGraph:
    """The graph of the .tflite file at ``path``, on the first of ``names`` that can run it, on ``threads`` threads.

    ``notify`` is told how far a long build is. Raises ``ModelError``, ``OutputError`` or ``EngineUnavailable``, as
    :func:`engines.tflite_onnx.as_onnx`, and the last of these with every reason if none can.
    """
    converted = as_onnx(path)
    reasons = []
    for name in names:
        try:
            return GRAPHS[name](converted, threads, notify)
        except (EngineUnavailable, ModelError) as error:
            reasons.append(str(error))
    raise EngineUnavailable(" ".join(reasons))
