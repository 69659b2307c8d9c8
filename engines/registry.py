"""The engines that Mien knows. Says which of them are installed without loading any."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module, metadata
from importlib.util import find_spec

from engines.base import Engine, EngineName
from engines.errors import EngineUnavailable, ModelError
from engines.package import ModelPackage

Notice = Callable[[str], None]
"""Is told, in one line, what takes long."""


def in_silence(_line: str) -> None:
    """A :data:`Notice` that nobody gets."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An engine before it is loaded: class ``kind`` of ``module``, which stands on ``library``.

    ``distributions`` are what pip may call the library, and ``command`` installs it. An engine that is ``slow`` takes
    seconds to load, and is only measured where somebody asks for it. One that ``builds`` may take minutes the first
    time, and tells how far it is. ``precisions`` are what it can be asked for besides its own choice.
    """

    name: EngineName
    module: str
    kind: str
    library: str
    distributions: tuple[str, ...]
    command: str
    slow: bool = False
    builds: bool = False
    precisions: tuple[str, ...] = ()

    @property
    def installed(self) -> bool:
        """Whether the engine and its library are there; not whether they can run here."""
        return find_spec(self.library) is not None and find_spec(self.module) is not None

    @property
    def version(self) -> str:
        """Of the library, e.g. ``1.31.1``, with the name that pip has for it where that is another."""
        for distribution in self.distributions:
            try:
                version = metadata.version(distribution)
            except metadata.PackageNotFoundError:
                continue
            return version if distribution == self.library else f"{distribution} {version}"
        return ""

    def open(self, package: ModelPackage, notice: Notice = in_silence, precision: str | None = None) -> Engine:
        """Load the engine with ``package`` and warm it up; ``notice`` is told of a long build.

        ``precision`` is one of ``precisions``, or the engine's own choice.

        Raises ``EngineUnavailable`` if it cannot run here, ``ModelError`` if the encoder is not one that it can run.
        """
        if not self.installed:
            raise EngineUnavailable(f"The {self.name} engine is not installed: {self.command}, or use --engine auto.")
        try:
            kind = getattr(import_module(self.module), self.kind)
            options: dict[str, object] = {"notify": BuildLines(notice, "face encoder")} if self.builds else {}
            if precision:
                options["precision"] = precision
            engine: Engine = kind(package, **options)
        except ImportError as error:
            reason = " ".join(str(error).split())
            raise EngineUnavailable(
                f"The {self.name} engine cannot be loaded ({reason}): {self.command} again, or use --engine auto."
            ) from error
        try:
            engine.warm_up()
        except Exception as error:  # ONNX Runtime's errors share no base class but this
            engine.close()
            if isinstance(error, EngineUnavailable):
                raise
            reason = str(error).strip().splitlines()[-1]
            raise ModelError(f"{package.encoder} does not fit its card: {reason}; install the model again.") from error
        return engine


class BuildLines:
    """Tells in lines how far ``what`` is built, every tenth of its first phase, which has all others in it."""

    def __init__(self, notice: Notice, what: str) -> None:
        self._notice = notice
        self._what = what
        self._whole: str | None = None
        self._told = -1

    def __call__(self, phase: str, done: int, steps: int) -> None:
        self._whole = self._whole or phase
        tenths = 10 * done // max(1, steps)
        if phase == self._whole and tenths > self._told:
            self._told = tenths
            self._notice(f"Building the {self._what} for this card, once: {10 * tenths} %")


ENTRIES = (
    Entry(
        EngineName.TENSORRT,
        "engines.tensorrt",
        "TensorRtEngine",
        "tensorrt",
        ("tensorrt", "tensorrt-cu13", "tensorrt-cu12"),
        'pip install "mien[tensorrt]"',
        builds=True,
        precisions=("int8",),
    ),
    Entry(
        EngineName.OPENVINO,
        "engines.openvino",
        "OpenVinoEngine",
        "openvino",
        ("openvino",),
        "pip install openvino",
        precisions=("fp32", "int8"),
    ),
    Entry(
        EngineName.ONNXRUNTIME,
        "engines.onnxruntime",
        "OnnxRuntimeEngine",
        "onnxruntime",
        ("onnxruntime-gpu", "onnxruntime-directml", "onnxruntime"),
        "pip install onnxruntime",
    ),
    Entry(
        EngineName.TORCH,
        "engines.torch",
        "TorchEngine",
        "torch",
        ("torch",),
        'pip install "mien[train]"',
        slow=True,
    ),
)
"""In the order that ``auto`` takes them while they are not measured."""


def entry_of(name: EngineName) -> Entry:
    """The entry of an engine; not of ``auto``, which is none."""
    return next(entry for entry in ENTRIES if entry.name == name)


def installed() -> tuple[EngineName, ...]:
    """The engines whose library this machine has, as in ``ENTRIES``."""
    return tuple(entry.name for entry in ENTRIES if entry.installed)
