"""Which engine runs."""

import dataclasses
from collections.abc import Callable

import pytest

from engines import registry
from engines.base import Engine, EngineName
from engines.choice import Measured, remember
from engines.errors import EngineUnavailable, ModelError
from engines.package import ModelPackage
from engines.registry import ENTRIES, Entry, Notice
from engines.select import installed, open_engine
from tests import tiny
from tests.engines.fakes import Builds, FailsAtWork, NoCard, entry, missing

Use = Callable[..., None]

TENSORRT, OPENVINO, ONNXRUNTIME, TORCH = (
    EngineName.TENSORRT,
    EngineName.OPENVINO,
    EngineName.ONNXRUNTIME,
    EngineName.TORCH,
)


class Other(tiny.BrightnessEngine):
    """To be told from the first."""

    name = "other"


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Use:
    """Put these entries in the place of the real ones."""
    return lambda *entries: monkeypatch.setattr(registry, "ENTRIES", entries)


def _open_or_skip(package: ModelPackage, name: EngineName) -> Engine:
    try:
        return open_engine(package, name)
    except EngineUnavailable as error:
        pytest.skip(str(error))


@pytest.mark.parametrize("name", installed())
def test_the_engine_asked_for_runs(tiny_package: ModelPackage, name: EngineName) -> None:
    with _open_or_skip(tiny_package, name) as engine:
        assert engine.name == name


@pytest.mark.parametrize("entry", [entry for entry in ENTRIES if entry.installed and not entry.builds])
def test_an_engine_runs_in_each_precision_that_it_offers(own_package: ModelPackage, entry: Entry) -> None:
    package = tiny.with_int8(own_package)
    for precision in entry.precisions:
        with open_engine(package, entry.name, precision=precision) as engine:
            assert engine.precision == precision


@pytest.mark.parametrize("kind", [NoCard, FailsAtWork])
def test_auto_goes_on_to_the_next_where_one_cannot_run(use: Use, kind: type[tiny.BrightnessEngine]) -> None:
    use(missing(TORCH), entry(TENSORRT, kind), entry(OPENVINO))
    with open_engine(tiny.package()) as engine:
        assert type(engine) is tiny.BrightnessEngine


@pytest.mark.parametrize("name", [TENSORRT, EngineName.AUTO])
def test_who_waits_for_a_build_is_told_how_far_it_is(use: Use, name: EngineName) -> None:
    use(entry(TENSORRT, Builds))
    lines: list[str] = []
    with open_engine(tiny.package(), name, notice=lines.append):
        assert [line.rpartition(": ")[2] for line in lines] == ["0 %", "20 %", "50 %", "70 %", "100 %"]


def test_a_camera_is_not_kept_waiting_by_a_build(use: Use, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engines.select.measure_later", lambda _: None)
    use(entry(TENSORRT, Builds), entry(OPENVINO, Other))
    with open_engine(tiny.package(), hurry=True) as engine:
        assert engine.name == Other.name


def test_auto_says_every_reason_where_none_can_run(use: Use) -> None:
    use(entry(TENSORRT, NoCard), entry(OPENVINO, FailsAtWork))
    with pytest.raises(EngineUnavailable, match=r"There is no card\. The driver is too old\."):
        open_engine(tiny.package())


def test_without_any_engine_the_way_to_one_is_said(use: Use) -> None:
    use(missing(OPENVINO))
    with pytest.raises(EngineUnavailable, match="pip install"):
        open_engine(tiny.package())


@pytest.mark.usefixtures("memory")
def test_auto_takes_what_was_quickest_and_the_next_if_that_is_gone(use: Use) -> None:
    quick, slow = {1: 1.0, 4: 2.0, 12: 3.0}, {1: 3.0, 4: 4.0, 12: 5.0}
    package = tiny.package()
    use(entry(TENSORRT), entry(OPENVINO, Other))
    remember(
        package, (Measured(TENSORRT, p50_ms=slow, least_ms=slow), Measured(OPENVINO, p50_ms=quick, least_ms=quick))
    )
    with open_engine(package) as engine:
        assert engine.name == "other"
    use(entry(TENSORRT), entry(OPENVINO, NoCard))
    with open_engine(package) as engine:
        assert engine.name == "brightness"


@pytest.mark.usefixtures("memory")
@pytest.mark.parametrize("hurry", [False, True])
def test_auto_measures_what_it_does_not_know_before_or_when_in_a_hurry_later(
    use: Use, monkeypatch: pytest.MonkeyPatch, *, hurry: bool
) -> None:
    asked = []

    def measure(_: ModelPackage, *, notice: Notice) -> tuple[Measured, ...]:
        notice("this may take a while")
        asked.append("now")
        return (Measured(ONNXRUNTIME, least_ms={1: 1.0, 4: 2.0, 12: 3.0}),)

    monkeypatch.setattr("engines.select.measure", measure)
    monkeypatch.setattr("engines.select.measure_later", lambda _: asked.append("later"))
    use(entry(OPENVINO), entry(ONNXRUNTIME, Other))
    with open_engine(tiny.package(), hurry=hurry) as engine:
        assert (asked, engine.name) == ((["later"], "brightness") if hurry else (["now"], "other"))


@pytest.mark.usefixtures("memory")
@pytest.mark.parametrize("hurry", [False, True])
def test_auto_measures_nothing_that_it_remembers(use: Use, monkeypatch: pytest.MonkeyPatch, *, hurry: bool) -> None:
    figures = {1: 1.0, 4: 2.0, 12: 3.0}
    use(entry(OPENVINO), entry(ONNXRUNTIME, Other))
    remember(tiny.package(), (Measured(ONNXRUNTIME, p50_ms=figures, least_ms=figures),))
    for name in ("measure", "measure_later"):
        monkeypatch.setattr(f"engines.select.{name}", lambda *_, **__: pytest.fail("measured again"))
    for _ in range(2):
        with open_engine(tiny.package(), hurry=hurry) as engine:
            assert engine.name == "other"


@pytest.mark.parametrize("hurry", [False, True])
def test_with_no_choice_nothing_is_measured(use: Use, monkeypatch: pytest.MonkeyPatch, *, hurry: bool) -> None:
    for name in ("measure", "measure_later"):
        monkeypatch.setattr(f"engines.select.{name}", lambda *_, **__: pytest.fail("measured"))
    use(entry(OPENVINO), entry(TORCH, Other, slow=True))
    with open_engine(tiny.package(), hurry=hurry) as engine:
        assert engine.name == "brightness"


def test_auto_does_not_hide_a_damaged_model(own_package: ModelPackage) -> None:
    own_package.encoder.write_bytes(b"no encoder")
    with pytest.raises(ModelError):
        open_engine(own_package)


def test_an_engine_is_ready_when_it_is_opened(use: Use) -> None:
    use(entry(OPENVINO))
    with open_engine(tiny.package()) as engine:
        assert isinstance(engine, tiny.BrightnessEngine)
        assert engine.batches == [1]


def test_an_engine_that_is_not_installed_is_said_with_what_installs_it(use: Use) -> None:
    use(missing(TENSORRT))
    with pytest.raises(EngineUnavailable, match=r"tensorrt.*pip install tensorrt"):
        open_engine(tiny.package(), TENSORRT)


def test_a_library_that_does_not_load_is_said_in_one_line(use: Use, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Entry, "installed", property(lambda _: True))
    use(dataclasses.replace(entry(TENSORRT), module="tests.engines.no_such_module"))
    with pytest.raises(EngineUnavailable, match="cannot be loaded") as caught:
        open_engine(tiny.package(), TENSORRT)
    assert "\n" not in str(caught.value)


def test_every_name_but_auto_has_its_entry() -> None:
    assert {each.name for each in ENTRIES} == set(EngineName) - {EngineName.AUTO}


@pytest.mark.parametrize("name", installed())
def test_what_is_installed_has_a_version(name: EngineName) -> None:
    assert registry.entry_of(name).version


@pytest.mark.parametrize("name", installed())
def test_an_encoder_that_does_not_fit_its_card_is_said(own_package: ModelPackage, name: EngineName) -> None:
    _open_or_skip(own_package, name).close()
    other = dataclasses.replace(own_package, card=dataclasses.replace(own_package.card, channels=3))
    with pytest.raises(ModelError, match="does not fit its card") as caught:
        open_engine(other, name)
    assert "\n" not in str(caught.value)
