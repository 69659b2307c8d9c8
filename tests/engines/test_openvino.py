"""However OpenVINO is set, it gives the same embeddings."""

import threading

import numpy as np
import onnx
import pytest

from engines.errors import ModelError
from engines.openvino import OpenVinoEngine
from engines.package import ModelPackage
from engines.quantised import QUANTISED
from tests import tiny


@pytest.mark.parametrize("settings", [{}, {"sizes": (4,)}, {"sizes": (8, 2)}, {"threads": 2}], ids=str)
def test_neither_sizes_nor_threads_change_what_is_read(tiny_package: ModelPackage, settings: dict[str, object]) -> None:
    with (
        OpenVinoEngine(tiny_package, threads=1, precision="fp32", sizes=()) as plain,
        OpenVinoEngine(tiny_package, precision="fp32", **settings) as engine,  # type: ignore[arg-type]
    ):
        for count in (1, 2, 3, 4, 5, 9):
            faces = tiny.pictures(np.arange(count) % 8)
            embeddings = engine.embed(faces)
            engine.embed(255 - faces)
            np.testing.assert_allclose(embeddings, plain.embed(faces), atol=1e-5)


@pytest.mark.parametrize(
    ("native", "precision"),
    [
        (["FP32", "INT8"], "int8"),
        (["FP32", "INT8", "BF16"], "fp32"),
        (["FP32", "INT8", "FP16"], "fp32"),
        (["FP32"], "fp32"),
    ],
    ids=str,
)
def test_int8_is_taken_where_there_is_no_half_precision(
    own_package: ModelPackage, monkeypatch: pytest.MonkeyPatch, native: list[str], precision: str
) -> None:
    monkeypatch.setattr(OpenVinoEngine, "_native", lambda _: set(native))
    with OpenVinoEngine(tiny.with_int8(own_package)) as engine:
        assert (engine.precision == "int8") is (precision == "int8")
        assert engine.embed(tiny.pictures(np.arange(3))).shape == (3, own_package.words.vectors.shape[1])


def test_what_was_made_from_another_encoder_is_not_taken_and_refused_if_asked_for(
    own_package: ModelPackage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(OpenVinoEngine, "_native", lambda _: {"INT8"})
    onnx.save(onnx.load(own_package.encoder), own_package.folder / QUANTISED)
    with OpenVinoEngine(own_package) as engine:
        assert engine.precision != "int8"
    with pytest.raises(ModelError, match="another encoder"):
        OpenVinoEngine(own_package, precision="int8")


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_the_precision_asked_for_is_the_one_that_it_says(tiny_package: ModelPackage, precision: str) -> None:
    with OpenVinoEngine(tiny_package, precision=precision) as engine:
        assert engine.precision in {precision, "fp32"}, "a processor without bf16 computes in fp32"


def test_more_sizes_are_made_ready_after_the_first_face_and_nothing_goes_on_after_the_end(
    tiny_package: ModelPackage,
) -> None:
    def compiling() -> list[threading.Thread]:
        return [thread for thread in threading.enumerate() if thread.name == "mien-compile"]

    with OpenVinoEngine(tiny_package) as engine:
        engine.warm_up()
        assert not compiling()
        engine.embed(tiny.pictures(np.arange(1)))
        for thread in compiling():
            thread.join(60)
        assert engine.embed(tiny.pictures(np.arange(4))).shape == (4, tiny_package.words.vectors.shape[1])
        assert not compiling()
    with OpenVinoEngine(tiny_package) as engine:
        engine.warm_up()
        engine.embed(tiny.pictures(np.arange(1)))
    assert not compiling()
