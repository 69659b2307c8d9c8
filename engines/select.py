"""Which engine runs: the one asked for, or the best that this machine has."""

from collections.abc import Callable
from importlib.util import find_spec

from engines.base import Engine, EngineName
from engines.errors import EngineUnavailable, ModelError
from engines.onnxruntime import OnnxRuntimeEngine
from engines.openvino import OpenVinoEngine
from engines.package import ModelPackage

# In the order that ``auto`` tries them.
_ENGINES: dict[EngineName, Callable[[ModelPackage], Engine]] = {
    EngineName.OPENVINO: OpenVinoEngine,
    EngineName.ONNXRUNTIME: OnnxRuntimeEngine,
}


def open_engine(package: ModelPackage, name: EngineName = EngineName.AUTO) -> Engine:
    """Open the engine called ``name`` on ``package``, warmed up.

    ``auto`` is OpenVINO, or ONNX Runtime where OpenVINO does not load. Raises ``EngineUnavailable`` if it cannot run
    here, ``ModelError`` if the encoder is not one that it can run.
    """
    if name is not EngineName.AUTO:
        if name not in _ENGINES:
            raise EngineUnavailable(f"This version of Mien has no {name} engine: use --engine {' or '.join(_ENGINES)}.")
        engine = _ENGINES[name](package)
    else:
        engine = _first(package)
    try:
        engine.warm_up()
    except Exception as error:  # ONNX Runtime's errors share no base class but this
        engine.close()
        reason = str(error).strip().splitlines()[-1]
        raise ModelError(f"{package.encoder} does not fit its card: {reason}; install the model again.") from error
    return engine


def installed() -> tuple[EngineName, ...]:
    """The engines whose library this machine has, best first."""
    return tuple(name for name in _ENGINES if find_spec(name) is not None)


def describe() -> list[tuple[str, str]]:
    """Every engine that ``--engine`` knows, and whether it can run here."""
    here = installed()
    states = []
    for name in EngineName:
        if name in here:
            states.append((str(name), "ready" + (", the choice of auto" if name == here[0] else "")))
        elif name in _ENGINES:
            states.append((str(name), f"missing: pip install {name}"))
        elif name is not EngineName.AUTO:
            states.append((str(name), "not in this version"))
    return states


def _first(package: ModelPackage) -> Engine:
    reasons = []
    for build in _ENGINES.values():
        try:
            return build(package)
        except EngineUnavailable as error:
            reasons.append(str(error))
    raise EngineUnavailable(" ".join(reasons))
