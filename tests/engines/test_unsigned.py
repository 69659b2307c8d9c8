"""Dropping the sign changes how int8 is computed, not what it says, and happens only where nothing is negative."""

from typing import Any

import numpy as np
import openvino as ov
import pytest
from numpy.typing import NDArray
from openvino import opset13 as op

from engines.package import ModelPackage
from engines.quantised import quantised_encoder
from engines.unsigned import drop_signs

_STEP = 0.25


def _model(*, relu: bool = True, zero: int = 0) -> ov.Model:
    """Numbers float ``[N]``, to int8 in steps of a quarter and back."""
    numbers = op.parameter([-1], np.float32)
    low, high, *given = np.array([_STEP * (-128 - zero), _STEP * (127 - zero), -128, 127], np.float32)
    levels = op.fake_quantize(op.relu(numbers) if relu else numbers, low, high, *given, 256)
    back = op.convert(op.convert(levels, "i8"), "f32")
    return ov.Model([op.multiply(op.subtract(back, np.float32(zero)), np.float32(_STEP))], [numbers])


def _said(model: ov.Model, numbers: NDArray[np.float32]) -> NDArray[np.float32]:
    said: NDArray[np.float32] = ov.Core().compile_model(model, "CPU")([numbers])[0]
    return said


def _quantised_to(model: Any) -> list[str]:
    """The types of integers that it quantises to."""
    return [
        node.get_output_element_type(0).get_type_name()
        for node in model.get_ordered_ops()
        if node.get_type_name() == "Convert" and node.input_value(0).get_node().get_type_name() == "FakeQuantize"
    ]


def test_what_comes_behind_a_relu_loses_its_sign_and_nothing_else() -> None:
    numbers = np.linspace(-40, 127 * _STEP, 1000, dtype=np.float32)
    model = _model()
    before = _said(model, numbers)
    assert drop_signs(model) == 1
    assert _quantised_to(model) == ["u8"]
    np.testing.assert_array_equal(_said(model, numbers), before)
    assert drop_signs(model) == 0, "twice is as good as once"


@pytest.mark.parametrize("model", [_model(relu=False), _model(zero=-128)], ids=["may be negative", "zero elsewhere"])
def test_all_else_stays(model: ov.Model) -> None:
    assert drop_signs(model) == 0
    assert _quantised_to(model) == ["i8"]


@pytest.mark.parametrize("name", ["mien-s", "mien-xs"])
def test_the_3x3_products_of_what_ships_take_no_sign(name: str) -> None:
    model = ov.Core().read_model(quantised_encoder(ModelPackage.load(name)))
    before = _quantised_to(model)
    dropped = drop_signs(model)
    assert 2 * dropped > len(before), "of those behind a ReLU, which are most"
    assert sorted(_quantised_to(model)) == ["i8"] * (len(before) - dropped) + ["u8"] * dropped
