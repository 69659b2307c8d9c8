"""However OpenVINO is set, it gives the same embeddings."""

import numpy as np
import pytest

from engines.openvino import OpenVinoEngine
from engines.package import ModelPackage
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


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_the_precision_asked_for_is_the_one_that_it_says(tiny_package: ModelPackage, precision: str) -> None:
    with OpenVinoEngine(tiny_package, precision=precision) as engine:
        assert engine.precision in {precision, "fp32"}, "a processor without bf16 computes in fp32"
