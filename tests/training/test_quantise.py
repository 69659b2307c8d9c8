"""The int8 form of an encoder: what it holds, that it reads as well, and that it is refused where it does not."""

import numpy as np
import onnx
import onnxruntime as ort
import pytest
from onnx import TensorProto, numpy_helper

from engines.errors import ModelError
from engines.half import halve
from engines.openvino import OpenVinoEngine
from engines.package import ModelPackage
from engines.quantised import QUANTISED, quantised_encoder
from tests import tiny
from training.quantise import quantise


@pytest.fixture(autouse=True)
def _a_face_may_be_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the 80 that are held out here, one is more than the half percent."""
    monkeypatch.setattr("training.quantise.MOST_LOST", 0.02)


def _quantised(package: ModelPackage) -> onnx.ModelProto:
    assert quantise(package, tiny.RECIPE, tiny.faces(320)) == package.folder / QUANTISED
    return onnx.load(quantised_encoder(package))


def _producers(model: onnx.ModelProto) -> dict[str, onnx.NodeProto]:
    return {name: node for node in model.graph.node for name in node.output}


def _embed(model: onnx.ModelProto, package: ModelPackage) -> tuple[float, float]:
    """The lowest and the mean cosine to the encoder as it was."""
    faces = tiny.pictures(np.arange(64) % len(tiny.CLASSES), seed=4)
    one, other = (
        ort.InferenceSession(content, providers=["CPUExecutionProvider"]).run(None, {"faces": faces})[0]
        for content in (model.SerializeToString(), package.encoder.read_bytes())
    )
    cosines = (np.asarray(one) * np.asarray(other)).sum(axis=1)
    return float(cosines.min()), float(cosines.mean())


def test_products_are_int8_and_read_alike(own_package: ModelPackage) -> None:
    model = _quantised(own_package)
    made, weights = _producers(model), {weight.name: weight for weight in model.graph.initializer}
    first, *convolutions = [node for node in model.graph.node if node.op_type == "Conv"]
    assert weights[first.input[1]].data_type == TensorProto.FLOAT  # it sees the face itself
    assert convolutions
    for node in convolutions:
        assert [made[name].op_type for name in node.input[:2]] == ["DequantizeLinear", "DequantizeLinear"]
        kernel, scales, zeros = (weights[name] for name in made[node.input[1]].input)
        assert kernel.data_type == TensorProto.INT8
        assert list(scales.dims) == [kernel.dims[0]]
        assert not numpy_helper.to_array(zeros).any()
        assert weights[node.input[2]].data_type == TensorProto.FLOAT
    assert _embed(model, own_package)[1] > 0.99


def test_it_has_a_half_too_in_which_products_stay_int8(own_package: ModelPackage) -> None:
    model = _quantised(own_package)
    halve(model)
    made, weights = _producers(model), {weight.name: weight for weight in model.graph.initializer}
    for node in [node for node in model.graph.node if node.op_type == "Conv"][1:]:
        turned = [made[name] for name in node.input[:2]]
        assert [node.op_type for node in turned] == ["DequantizeLinear", "DequantizeLinear"]
        assert all(weights[node.input[1]].data_type == TensorProto.FLOAT16 for node in turned)
    assert _embed(model, own_package)[1] > 0.99


def test_what_loses_too_much_is_refused_and_not_kept(
    own_package: ModelPackage, monkeypatch: pytest.MonkeyPatch
) -> None:
    _quantised(own_package)
    monkeypatch.setattr("training.quantise.MOST_LOST", -1.0)
    with pytest.raises(ModelError, match="use fp16") as caught:
        quantise(own_package, tiny.RECIPE, tiny.faces(320))
    assert "\n" not in str(caught.value)
    assert not list(own_package.folder.glob("*int8*"))


def test_openvino_reads_it_alike(own_package: ModelPackage) -> None:
    _quantised(own_package)
    faces = tiny.pictures(np.arange(64) % len(tiny.CLASSES), seed=4)
    with (
        OpenVinoEngine(own_package, precision="int8") as engine,
        OpenVinoEngine(own_package, precision="fp32") as plain,
    ):
        assert engine.precision == "int8"
        assert (engine.embed(faces) * plain.embed(faces)).sum(axis=1).mean() > 0.99


def test_the_int8_form_of_another_encoder_is_refused(own_package: ModelPackage) -> None:
    model = _quantised(own_package)
    del model.metadata_props[:]
    onnx.save(model, own_package.folder / QUANTISED)
    with pytest.raises(ModelError, match="another encoder"):
        quantised_encoder(own_package)
    (own_package.folder / QUANTISED).write_bytes(b"no graph")
    with pytest.raises(ModelError, match="damaged"):
        quantised_encoder(own_package)
