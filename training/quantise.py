"""Makes the int8 form of a package's encoder: its products in int8, calibrated on faces of the training."""

import logging
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime as ort
from numpy.typing import NDArray
from onnx import version_converter
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static

from engines.errors import ModelError
from engines.files import written_whole
from engines.package import ModelPackage
from engines.quantised import MADE_FROM, QUANTISED
from engines.text_head import TextHead
from training.batches import TrainingFaces
from training.data import Faces, hold_out
from training.metrics import measure
from training.recipe import Recipe

MOST_LOST = 0.005
"""The accuracy that int8 may cost on held-out faces, as a share of them."""
_CALIBRATION_FACES, _BATCH = 512, 64
# The first in which half precision can be quantised and what was quantised turned to half precision.
_OPSET = 19
_OPTIONS = {
    # What TensorRT takes: zero is zero, and biases are numbers.
    "ActivationSymmetric": True,
    "WeightSymmetric": True,
    "QuantizeBias": False,
    # Each product's inputs alone: what it gives may be added to or passed on without a loss.
    "OpTypesToExcludeOutputQuantization": ["Conv", "MatMul"],
    "MatMulConstBOnly": True,
}


def quantise(package: ModelPackage, recipe: Recipe, faces: Faces) -> Path:
    """Put ``encoder.int8.onnx`` into the folder of ``package``, which a run of ``recipe`` on ``faces`` made.

    Convolutions and products with weights are int8, each channel of a weight with a scale of its own; the rest is as it
    was, and so are the products that see the face itself: they take next to no time. The scales of what flows between
    are measured on faces that the run trained on. Raises ``ModelError``, and leaves no such file, if on the faces that
    the run held out the accuracy falls by ``MOST_LOST`` or more; ``DataError`` if the faces do not fit the recipe;
    ``OutputError`` if the file cannot be written.
    """
    held = TrainingFaces(recipe, faces)
    rows, _ = hold_out(len(faces), recipe.data.held_out, recipe.seed)
    chosen = np.random.default_rng(recipe.seed).permutation(rows)[:_CALIBRATION_FACES]
    path = package.folder / QUANTISED
    path.unlink(missing_ok=True)
    with written_whole(path) as partial:
        _write(package, faces.images[np.sort(chosen)], partial)
        before, after = (_accuracy(package, encoder, held) for encoder in (package.encoder, partial))
        if before - after >= MOST_LOST:
            raise ModelError(
                f"{package.card.name} in int8 reads {after:.1%} of {len(held.held)} held-out faces, {before:.1%} "
                "without: too much is lost, so it was not kept; use fp16."
            )
    return path


class _Calibration(CalibrationDataReader):  # type: ignore[misc]
    def __init__(self, name: str, faces: NDArray[np.uint8]) -> None:
        self._batches = iter([{name: faces[i : i + _BATCH]} for i in range(0, len(faces), _BATCH)])

    def get_next(self) -> dict[str, Any] | None:
        """Called by ONNX Runtime; None is the end."""
        return next(self._batches, None)


def _write(package: ModelPackage, faces: NDArray[np.uint8], path: Path) -> None:
    model = version_converter.convert_version(onnx.load(package.encoder), _OPSET)
    logger = logging.getLogger()
    level = logger.level
    logger.setLevel(logging.ERROR)  # it advises steps that this graph had at its export
    try:
        quantize_static(
            model,
            path,
            _Calibration(model.graph.input[0].name, faces),
            quant_format=QuantFormat.QDQ,
            op_types_to_quantize=["Conv", "MatMul"],
            nodes_to_exclude=_first_products(model.graph),
            per_channel=True,
            activation_type=QuantType.QInt8,
            weight_type=QuantType.QInt8,
            extra_options=_OPTIONS,
        )
    finally:
        logger.setLevel(level)
    quantised = onnx.load(path)
    entry = quantised.metadata_props.add()
    entry.key, entry.value = MADE_FROM, package.card.encoder_sha256
    onnx.save(quantised, path)


def _first_products(graph: onnx.GraphProto) -> list[str]:
    """The names of those before which there is no other.

    In int8 OpenVINO computes the first convolution of a grey face wrongly where the processor has AVX2 alone: the
    embeddings had a mean cosine of .987 with the true ones, and an accuracy six points lower.
    """
    first, behind = [], set[str]()
    for node in graph.node:
        is_behind = any(name in behind for name in node.input)
        if node.op_type in {"Conv", "Gemm", "MatMul"}:
            if not is_behind:
                first.append(node.name)
            is_behind = True
        if is_behind:
            behind.update(node.output)
    return first


def _accuracy(package: ModelPackage, encoder: Path, faces: TrainingFaces) -> float:
    session = ort.InferenceSession(encoder, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    parts = [session.run(None, {name: faces.held[i : i + _BATCH]})[0] for i in range(0, len(faces.held), _BATCH)]
    head = TextHead(package.words, package.card.scale / package.card.temperature)
    return measure(head.probabilities(np.concatenate(parts)), faces.held_labels).accuracy
