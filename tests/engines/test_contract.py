"""What every engine promises, checked on each that this machine has and on the one that other tests use."""

import itertools
import threading
from collections.abc import Callable, Iterable, Iterator
from functools import partial

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from engines.base import MAX_BATCH, Engine, EngineName
from engines.errors import EngineUnavailable, ModelError
from engines.openvino import OpenVinoEngine
from engines.package import ENCODER, ModelPackage
from engines.select import installed, open_engine
from tests.realtime.faces import portrait
from tests.tiny import CLASSES, SIZE, BrightnessEngine, pictures

Open = Callable[[ModelPackage], Engine]


_REAL: dict[str, Open] = {str(name): partial(open_engine, name=name) for name in installed()}
_ALL: dict[str, Open] = {**_REAL, BrightnessEngine.name: BrightnessEngine}
_LEAST_COSINE = {"fp32": 0.9999, "tf32": 0.999, "bf16": 0.999, "fp16": 0.999, "int8": 0.99}
"""How near to the trained encoder an engine comes, by the precision that it says it has."""
_CALLS = 300
_PATIENCE = 60.0


def _open_or_skip(name: str, package: ModelPackage) -> Engine:
    try:
        return _ALL[name](package)
    except EngineUnavailable as error:
        pytest.skip(str(error))


def _marked(names: Iterable[str]) -> list[object]:
    """Engines that only an NVIDIA card can run are left to the tests that need one."""
    return [pytest.param(n, marks=pytest.mark.gpu) if n == EngineName.TENSORRT else n for n in names]


@pytest.fixture(params=_marked(_ALL))
def engine(request: pytest.FixtureRequest, tiny_package: ModelPackage) -> Iterator[Engine]:
    with _open_or_skip(request.param, tiny_package) as opened:
        yield opened


@pytest.fixture(params=_marked(_REAL))
def real_engine(request: pytest.FixtureRequest, tiny_package: ModelPackage) -> Iterator[Engine]:
    with _open_or_skip(request.param, tiny_package) as opened:
        yield opened


def _faces(count: int) -> NDArray[np.uint8]:
    """``count`` faces, the expressions in turn; from left to right through the expressions they get darker, too."""
    labels = np.arange(count) % len(CLASSES)
    darker = 1 - labels.astype(np.float32)[:, None, None, None] / (2 * len(CLASSES))
    return (pictures(labels) * darker).astype(np.uint8)


def _cosines(one: NDArray[np.float32], other: NDArray[np.float32]) -> NDArray[np.float32]:
    shares: NDArray[np.float32] = (one * other).sum(axis=1)
    return shares


def test_it_says_what_it_is(engine: Engine) -> None:
    assert engine.name in _ALL
    assert engine.device
    assert engine.precision


@pytest.mark.parametrize("count", [0, 1, 2, MAX_BATCH, MAX_BATCH + 1])
def test_each_face_gets_one_embedding_of_unit_length(engine: Engine, tiny_package: ModelPackage, count: int) -> None:
    embeddings = engine.embed(_faces(count))
    assert embeddings.shape == (count, tiny_package.words.vectors.shape[1])
    assert embeddings.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(embeddings, axis=1), 1, atol=1e-3)


def test_embeddings_come_in_the_order_of_the_faces(engine: Engine) -> None:
    faces = _faces(MAX_BATCH + 1)
    forward, backward = engine.embed(faces), engine.embed(faces[::-1])
    assert _cosines(forward, backward[::-1]).min() > 0.999
    assert _cosines(forward, backward).min() < 0.99


def test_a_face_is_read_alike_alone_and_in_company(engine: Engine) -> None:
    faces = _faces(len(CLASSES))
    together = engine.embed(faces)
    alone = np.concatenate([engine.embed(face[None]) for face in faces])
    assert _cosines(together, alone).min() > 0.999


def test_nothing_is_remembered_between_calls(engine: Engine) -> None:
    faces = _faces(4)
    first = engine.embed(faces)
    kept = first.copy()
    engine.embed(255 - faces)
    np.testing.assert_array_equal(first, kept)
    np.testing.assert_array_equal(engine.embed(faces), kept)


def test_the_faces_are_left_as_they_were(engine: Engine) -> None:
    faces = _faces(4)
    kept = faces.copy()
    engine.embed(faces)
    np.testing.assert_array_equal(faces, kept)


def test_faces_that_do_not_lie_in_one_piece_are_read_all_the_same(engine: Engine) -> None:
    faces = _faces(8)
    mirrored = faces[:, :, :, ::-1]
    np.testing.assert_array_equal(engine.embed(mirrored), engine.embed(mirrored.copy()))


@pytest.mark.parametrize(
    "faces",
    [
        np.zeros((1, 1, SIZE, SIZE), np.float32),
        np.zeros((1, 3, SIZE, SIZE), np.uint8),
        np.zeros((1, 1, SIZE, SIZE + 1), np.uint8),
        np.zeros((1, SIZE, SIZE), np.uint8),
        np.zeros((), np.uint8),
    ],
    ids=["floats", "colour", "not-square", "no-channels", "no-array"],
)
def test_faces_of_another_kind_are_refused(engine: Engine, faces: NDArray[np.generic]) -> None:
    with pytest.raises(ValueError, match="expected uint8"):
        engine.embed(faces)  # type: ignore[arg-type]


def test_a_warm_up_changes_nothing(engine: Engine) -> None:
    faces = _faces(4)
    before = engine.embed(faces)
    engine.warm_up()
    np.testing.assert_array_equal(engine.embed(faces), before)


def test_a_closed_engine_says_so_and_closing_twice_is_closing_once(engine: Engine) -> None:
    engine.close()
    engine.close()
    for use in (engine.warm_up, lambda: engine.embed(_faces(1))):
        with pytest.raises(EngineUnavailable, match="closed"):
            use()


def _close_under_load(engine: Engine, faces: NDArray[np.uint8]) -> tuple[list[NDArray[np.float32]], list[Exception]]:
    """What three threads got that call without a pause, and what each was ended by when the engine was closed."""
    results: list[NDArray[np.float32]] = []
    ends: list[Exception] = []
    enough = threading.Event()

    def call() -> None:
        try:
            while True:
                results.append(engine.embed(faces))
                if len(results) >= _CALLS:
                    enough.set()
        except Exception as error:
            ends.append(error)
            enough.set()

    threads = [threading.Thread(target=call) for _ in range(3)]
    for thread in threads:
        thread.start()
    assert enough.wait(_PATIENCE)
    engine.close()
    for thread in threads:
        thread.join(_PATIENCE)
    return results, ends


def test_it_may_be_closed_while_other_threads_call(engine: Engine) -> None:
    faces = _faces(2)
    expected = engine.embed(faces)
    results, ends = _close_under_load(engine, faces)
    assert len(results) >= _CALLS
    assert min(_cosines(result, expected).min() for result in results) > 0.999
    assert [type(end) for end in ends] == [EngineUnavailable] * 3


def test_the_values_are_those_of_the_trained_encoder(
    real_engine: Engine, trained_embeddings: Callable[[NDArray[np.uint8]], NDArray[np.float32]]
) -> None:
    faces = _faces(64)
    least = _LEAST_COSINE[real_engine.precision]
    assert _cosines(real_engine.embed(faces), trained_embeddings(faces)).min() >= least


@pytest.fixture(scope="module")
def shipped() -> ModelPackage:
    return ModelPackage.load()


@pytest.fixture(scope="module")
def sights(shipped: ModelPackage) -> NDArray[np.uint8]:
    """A portrait as the shipped encoder takes it, framed well and badly, blurred, and with the chin above the brow."""
    grey = cv2.cvtColor(portrait(), cv2.COLOR_RGB2GRAY)
    seen = []
    for side, top in itertools.product((512, 400, 300), (0, 50, 88)):
        square = cv2.resize(grey[top : top + side, 256 - side // 2 : 256 + side // 2], [shipped.card.size] * 2)
        seen += [square, square[:, ::-1], cv2.GaussianBlur(square, (0, 0), 2), np.roll(square, 12, axis=0)]
    return np.stack(seen).astype(np.uint8)[:, None]


@pytest.fixture(scope="module")
def exact(shipped: ModelPackage, sights: NDArray[np.uint8]) -> NDArray[np.float32]:
    with OpenVinoEngine(shipped, precision="fp32") as engine:
        return engine.embed(sights)


@pytest.mark.parametrize("name", _marked(_REAL))
def test_the_shipped_encoder_reads_alike_on_every_engine(
    name: str, shipped: ModelPackage, sights: NDArray[np.uint8], exact: NDArray[np.float32]
) -> None:
    with _open_or_skip(name, shipped) as engine:
        least = _LEAST_COSINE[engine.precision]
        assert _cosines(engine.embed(sights), exact).min() >= least
    assert (exact @ exact.T).min() < 0.9, "else agreement would mean nothing"


def test_expressions_are_told_apart_at_all(real_engine: Engine) -> None:
    """Else agreement between engines would mean nothing."""
    embeddings = real_engine.embed(_faces(len(CLASSES)))
    assert (embeddings @ embeddings.T).min() < 0.9


@pytest.mark.parametrize("name", _marked(_REAL))
def test_an_encoder_that_is_none_gives_one_line(name: str, own_package: ModelPackage) -> None:
    own_package.encoder.write_bytes(b"no encoder")
    with pytest.raises(ModelError, match=ENCODER) as caught:
        _open_or_skip(name, own_package)
    assert "\n" not in str(caught.value)
