"""Builds a graph for TensorRT on the card at hand, and keeps what was built.

Imports tensorrt and onnx: to be imported where it is needed. Speaks to TensorRT 10.12 and later, and 11.
"""

import hashlib
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import onnx
import tensorrt as trt

from engines.assets import sha256_of
from engines.cuda import Device
from engines.errors import EngineUnavailable, ModelError, OutputError
from engines.files import written_whole
from engines.half import halve
from engines.machine import cache_directory
from engines.tensorrt_plan import Blueprint, Notify

OLDEST = (10, 12)
# Part of each key: raise it when other plans are built from the same graph.
_BUILD = 1
_SUM_BYTES = hashlib.sha256().digest_size


def plan_directory() -> Path:
    """Where built engines, and the timings taken while building, are kept: in the user's cache."""
    return cache_directory() / "tensorrt"


class Log(trt.ILogger):  # type: ignore[misc]
    """Keeps the last error instead of printing."""

    def __init__(self) -> None:
        trt.ILogger.__init__(self)
        self.last = "no reason given"

    def log(self, severity: Any, msg: str) -> None:
        """Called by TensorRT."""
        if severity in {trt.ILogger.Severity.ERROR, trt.ILogger.Severity.INTERNAL_ERROR}:
            self.last = " ".join(msg.split())


class _Monitor(trt.IProgressMonitor):  # type: ignore[misc]
    """Passes progress on. TensorRT must not see an error of the other side: it ends the building and is kept."""

    def __init__(self, notify: Notify) -> None:
        trt.IProgressMonitor.__init__(self)
        self._notify = notify
        self._steps: dict[str, int] = {}
        self.error: BaseException | None = None

    def phase_start(self, phase_name: str, parent_phase: str | None, num_steps: int) -> None:  # noqa: ARG002
        """Called by TensorRT."""
        self._steps[phase_name] = num_steps
        self._tell(phase_name, 0)

    def step_complete(self, phase_name: str, step: int) -> bool:
        """Called by TensorRT, which counts steps from 0; False ends the building."""
        self._tell(phase_name, step + 1)
        return self.error is None

    def phase_finish(self, phase_name: str) -> None:
        """Called by TensorRT."""
        self._tell(phase_name, self._steps.pop(phase_name, 0))

    def _tell(self, phase: str, done: int) -> None:
        if self.error is None:
            try:
                self._notify(phase, done, self._steps.get(phase, done))
            except BaseException as error:  # Ctrl-C among them
                self.error = error


def load(blueprint: Blueprint, device: Device, notify: Notify) -> tuple[Any, Log]:
    """The engine of ``blueprint``, from the cache or else built for ``device``, and the log that it writes to.

    A built engine serves only the same graph, card, driver and TensorRT. Raises ``ModelError`` if TensorRT cannot run
    the graph and ``EngineUnavailable`` if it cannot start.
    """
    if tuple(int(part) for part in trt.__version__.split(".")[:2]) < OLDEST:
        raise EngineUnavailable(f'TensorRT {trt.__version__} is too old: pip install "mien[tensorrt]".')
    log = Log()
    try:
        runtime = trt.Runtime(log)
    except TypeError as error:  # how the bindings say that they were given nothing
        raise EngineUnavailable(
            f"TensorRT {trt.__version__} cannot start ({log.last}): update the NVIDIA driver."
        ) from error
    place = plan_directory() / f"{_key(blueprint, device)}.plan"
    kept = _kept(place)
    engine = runtime.deserialize_cuda_engine(kept) if kept else None
    if engine is None:
        plan = _build(blueprint, device, notify, log)
        _keep(place, hashlib.sha256(plan).digest() + plan)
        engine = runtime.deserialize_cuda_engine(plan)
    if engine is None:
        raise ModelError(f"TensorRT cannot load what it built of {blueprint.path}: {log.last}.")
    return engine, log


def _digest(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


def _key(blueprint: Blueprint, device: Device) -> str:
    asked = (sha256_of(blueprint.path), blueprint.half, blueprint.usual, blueprint.most)
    return _digest(_BUILD, *asked, device.name, device.capability, device.driver, trt.__version__)


def _kept(place: Path) -> bytes | None:
    """The plan at ``place``, or None if it is missing or damaged."""
    try:
        content = place.read_bytes()
    except OSError:
        return None
    sum_of_it, plan = content[:_SUM_BYTES], content[_SUM_BYTES:]
    return plan if hashlib.sha256(plan).digest() == sum_of_it else None


def _keep(place: Path, content: bytes) -> None:
    # Without a cache the next start takes longer, which is no reason to fail now.
    with suppress(OSError, OutputError):
        place.parent.mkdir(parents=True, exist_ok=True)
        with written_whole(place) as partial:
            partial.write_bytes(content)


def _build(blueprint: Blueprint, device: Device, notify: Notify, log: Log) -> bytes:
    builder = trt.Builder(log)
    # TensorRT 11 knows no other networks and takes the flag all the same.
    network = builder.create_network(1 << int(trt.NetworkDefinitionCreationFlag.STRONGLY_TYPED))
    parser = trt.OnnxParser(network, log)
    if not parser.parse(_graph(blueprint)):
        reason = parser.get_error(0).desc() if parser.num_errors else log.last
        raise ModelError(f"TensorRT cannot read {blueprint.path}: {' '.join(reason.split())}.")
    config = builder.create_builder_config()
    # Else float32 may be rounded to ten bits before products, as in float16: a detector's scores would move.
    config.clear_flag(trt.BuilderFlag.TF32)
    pictures = network.get_input(0)
    one = tuple(pictures.shape)[1:]
    profile = builder.create_optimization_profile()
    profile.set_shape(pictures.name, *((count, *one) for count in (1, blueprint.usual, blueprint.most)))
    config.add_optimization_profile(profile)
    timings = plan_directory() / f"{_digest(device.name, device.capability, trt.__version__)}.timings"
    cache = _timing_cache(config, timings)
    config.progress_monitor = monitor = _Monitor(notify)
    plan = builder.build_serialized_network(network, config)
    if monitor.error is not None:
        raise monitor.error
    if plan is None:
        raise ModelError(f"TensorRT cannot build {blueprint.path}: {log.last}.")
    _keep(timings, bytes(memoryview(cache.serialize())))
    return bytes(memoryview(plan))


def _timing_cache(config: Any, timings: Path) -> Any:
    """What earlier building on this card measured, put into ``config``; empty if there is none that fits."""
    kept = b""
    with suppress(OSError):
        kept = timings.read_bytes()
    cache = config.create_timing_cache(kept)
    if cache is None or not config.set_timing_cache(cache, False):
        cache = config.create_timing_cache(b"")
        config.set_timing_cache(cache, False)
    return cache


def _graph(blueprint: Blueprint) -> bytes:
    """The graph in the precision that is asked for, in the words that TensorRT takes as ONNX means them."""
    try:
        model = onnx.load(blueprint.path)
        if blueprint.half:
            halve(model)
        _cast_first(model.graph)
    except Exception as error:  # those of onnx and of the format below it share no base class but this
        reason = str(error).strip().splitlines()[0]
        raise ModelError(f"TensorRT cannot run {blueprint.path}: {reason}.") from error
    for node in model.graph.node:
        if node.op_type == "AveragePool":
            _count_no_edges(node)
    content: bytes = model.SerializeToString()
    return content


def _cast_first(graph: onnx.GraphProto) -> None:
    """Let all that reads the pictures read them as numbers: TensorRT does nothing with uint8 but cast it."""
    pictures = graph.input[0].name
    casts = [node for node in graph.node if node.op_type == "Cast" and node.input[0] == pictures]
    if not casts:
        raise ValueError("it never turns pictures into numbers")
    cast = casts[0]
    others = [node for node in graph.node if node is not cast]
    for node in others:
        for place, name in enumerate(node.input):
            if name == pictures:
                node.input[place] = cast.output[0]
    first = onnx.NodeProto()
    first.CopyFrom(cast)
    nodes = [first, *(onnx.NodeProto.FromString(node.SerializeToString()) for node in others)]
    del graph.node[:]
    graph.node.extend(nodes)


def _count_no_edges(node: onnx.NodeProto) -> None:
    """Where a pool has no edges to count, what hangs over counts for nothing in ONNX, but would in TensorRT."""
    attributes = {attribute.name: attribute for attribute in node.attribute}
    if "count_include_pad" in attributes and not any(attributes["pads"].ints if "pads" in attributes else ()):
        attributes["count_include_pad"].i = 0
