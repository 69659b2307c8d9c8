"""The encoder on OpenVINO: the default on a CPU, in the precision in which that is quick."""

import threading
from contextlib import suppress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engines import machine, network
from engines.batches import BatchEngine
from engines.errors import ModelError
from engines.package import ModelPackage
from engines.quantised import QUANTISED, has_quantised, quantised_encoder
from engines.unsigned import drop_signs

_HINTS = {"bf16": "bf16", "fp16": "f16", "fp32": "f32"}
_PRECISIONS = {hint: precision for precision, hint in _HINTS.items()}


FEW = (1, 2, 4)
"""Sizes with an encoder of their own: its fixed shape is a tenth quicker, and no first batch takes 20 ms."""


class OpenVinoEngine(BatchEngine):
    """Runs on ``threads`` CPU threads.

    ``precision`` is ``bf16``, ``fp16``, ``fp32`` or ``int8``, and otherwise what is quick here: bf16 where the
    processor has it (AMX or AVX-512 BF16), else int8 if the package has an encoder in int8, else fp32. ``sizes`` are
    numbers of faces that an encoder of that fixed shape is compiled for: a batch is filled up to the next of them. One
    that is larger than all goes to an encoder that takes any number, compiled when it is first needed.

    Without ``threads`` such a large batch has as many as OpenVINO finds best, and a smaller one leaves a core to the
    thread that finds faces meanwhile: on two cores that makes a stream 10 % faster, and its latency half as long.
    """

    name = "openvino"
    device = "CPU"

    def __init__(
        self, package: ModelPackage, *, threads: int = 0, precision: str | None = None, sizes: tuple[int, ...] = FEW
    ) -> None:
        super().__init__(package)
        network.silence()
        import openvino as ov  # noqa: PLC0415 - costs 0.2 s, which other engines need not pay

        self._options: dict[str, object] = {"PERFORMANCE_HINT": "LATENCY"}
        self._core, self._path, self._threads = ov.Core(), package.encoder, threads
        if precision == "int8":
            self._path = quantised_encoder(package)
        elif precision:
            self._options["INFERENCE_PRECISION_HINT"] = _HINTS[precision]
        elif self._is_quickest_in_int8() and has_quantised(package):
            precision, self._path = "int8", package.folder / QUANTISED
        self._model = self._read()
        self._sizes = tuple(sorted(sizes))
        self._compiled: dict[int | None, _Encoder] = {}
        self._compiling = threading.Lock()
        self._is_warm = False
        self._rest: threading.Thread | None = None
        self._ending = threading.Event()
        kind = self._encoder_of(self._size_for(1)).precision_hint()
        self.precision = "int8" if precision == "int8" else _PRECISIONS.get(kind, kind)

    def _is_quickest_in_int8(self) -> bool:
        """Half precision, where it is, is as quick and loses less; OpenVINO takes it by itself."""
        native = self._native()
        return "INT8" in native and native.isdisjoint({"BF16", "FP16"})

    def _native(self) -> set[str]:
        """What the processor computes in."""
        return set(self._core.get_property("CPU", "OPTIMIZATION_CAPABILITIES"))

    def _read(self) -> Any:
        try:
            model = self._core.read_model(self._path)
        except RuntimeError as error:
            raise self._cannot_run(error) from error
        taken = tuple(side.get_min_length() for side in list(model.inputs[0].partial_shape)[1:])
        if taken != self._face:
            raise ModelError(f"{self._path} does not fit its card: it takes {taken}; install the model again.")
        drop_signs(model)
        return model

    def _compile(self, size: int | None, threads: int) -> "_Encoder":
        """Ready to run for ``size`` faces, or any number, on ``threads`` (0: as many as OpenVINO finds best)."""
        options = {**self._options, "INFERENCE_NUM_THREADS": threads} if threads else self._options
        try:
            self._model.reshape([size or -1, *self._face])
            return _Encoder(self._core.compile_model(self._model, "CPU", options), is_fixed=size is not None)
        except RuntimeError as error:
            raise self._cannot_run(error) from error

    def _cannot_run(self, error: RuntimeError) -> ModelError:
        return ModelError(f"OpenVINO cannot run {self._path}: {str(error).strip().splitlines()[-1]}.")

    def warm_up(self) -> None:
        super().warm_up()
        self._is_warm = True

    def _run(self, faces: NDArray[np.uint8]) -> NDArray[np.float32]:
        size = self._size_for(len(faces))
        encoder = self._encoder_of(size)
        if self._is_warm and size and self._rest is None:  # where there is one face, there may soon be more
            self._rest = threading.Thread(target=self._compile_rest, name="mien-compile")
            with suppress(RuntimeError):  # the program is ending
                self._rest.start()
        return encoder.embed(faces)

    def _size_for(self, count: int) -> int | None:
        """The fixed shape that ``count`` faces are read in; None for that of any number."""
        return next((size for size in self._sizes if count <= size), None)

    def _encoder_of(self, size: int | None) -> "_Encoder":
        """What reads faces in this shape; compiled when it is first asked for, which takes up to a third of a second.

        Raises ``ModelError`` if OpenVINO cannot run it.
        """
        with self._compiling:
            if size not in self._compiled:
                threads = self._threads or (max(1, machine.cores() - 1) if size else 0)
                self._compiled[size] = self._compile(size, threads)
            return self._compiled[size]

    def _compile_rest(self) -> None:
        with suppress(ModelError):  # whoever needs it will be told
            for size in self._sizes:
                if self._ending.is_set():
                    return
                self._encoder_of(size)

    def _release(self) -> None:
        self._ending.set()
        if self._rest is not None and self._rest.ident is not None:
            self._rest.join()
        self._compiled.clear()


class _Encoder:
    """An encoder that OpenVINO compiled for a number of faces, or for any."""

    def __init__(self, compiled: Any, *, is_fixed: bool) -> None:
        self._request = compiled.create_infer_request()
        self._own: tuple[NDArray[np.uint8], NDArray[np.float32]] | None = None
        if is_fixed:
            self._own = self._request.input_tensors[0].data, self._request.output_tensors[0].data

    def precision_hint(self) -> str:
        """What it computes in, by OpenVINO's name."""
        return str(self._request.get_compiled_model().get_property("INFERENCE_PRECISION_HINT").to_string())

    def embed(self, faces: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Float32 ``[N, D]`` of uint8 ``[N, C, S, S]``, no more than it was compiled for: copied, or a view."""
        if self._own is None:  # it reads them where they lie, but would copy those that may not be written
            found: NDArray[np.float32] = self._request.infer([faces], share_inputs=True)[0]
            return found
        # To hand it other memory, or ask where its own is, takes a tenth of a millisecond; to copy next to nothing.
        taken, given = self._own
        taken[: len(faces)] = faces
        self._request.infer()
        return given[: len(faces)]
