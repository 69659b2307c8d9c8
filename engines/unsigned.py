"""An int8 encoder as OpenVINO runs it quickest on a CPU: what a ReLU gives flows as uint8.

A package's int8 encoder has signed numbers throughout, as TensorRT wants them. But most processors multiply unsigned
numbers by signed ones only, so that OpenVINO would add 128 to what is signed and take it off the product again.
"""

from typing import Any

import numpy as np

_LOWEST, _HIGHEST, _HIGHEST_UNSIGNED = -128, 127, 255


def drop_signs(model: Any) -> int:
    """Let the ``openvino.Model`` quantise to uint8 what it quantises to int8 behind a ReLU; gives how often it did.

    Nothing is read otherwise: zero stays zero, and a step as large as it was. Up to 127, for which the scales were
    measured, sums of two products fit into the 16 bits that AVX2 has for them, as they would not with all of uint8.
    """
    from openvino import opset13 as op  # noqa: PLC0415 - whoever has a model has paid for it

    dropped = 0
    for convert in model.get_ordered_ops():
        if not _gives_int8(convert):
            continue
        quantise = convert.input_value(0).get_node()
        step = _step(quantise) if quantise.get_type_name() == "FakeQuantize" else None
        source = quantise.input_value(0)
        if step is None or source.get_node().get_type_name() != "Relu":
            continue
        low, high, highest = np.array([0, _HIGHEST_UNSIGNED * step, _HIGHEST_UNSIGNED], np.float32)
        unsigned = op.convert(op.fake_quantize(source, low, high, low, highest, 256), "u8")
        for target in convert.output(0).get_target_inputs():
            target.replace_source_output(unsigned.output(0))
        dropped += 1
    return dropped


def _gives_int8(node: Any) -> bool:
    is_int8: bool = node.get_output_element_type(0).get_type_name() == "i8"
    return node.get_type_name() == "Convert" and is_int8


def _step(quantise: Any) -> float | None:
    """How far its levels lie apart, if they are those of int8, and zero is zero."""
    limits = [quantise.input_value(place).get_node() for place in range(1, 5)]
    if any(limit.get_type_name() != "Constant" or limit.data.size != 1 for limit in limits):
        return None
    low, high, *given = (float(limit.data.item()) for limit in limits)
    is_symmetric = abs(low * _HIGHEST - high * _LOWEST) < 1e-4 * abs(low)
    return high / _HIGHEST if given == [_LOWEST, _HIGHEST] and is_symmetric else None
