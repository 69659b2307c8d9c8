"""A recipe: every choice that makes a set of weights, as a TOML file."""

import dataclasses
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin

from engines.errors import DataError
from engines.files import read_toml

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class EncoderChoices:
    """Faces are ``channels`` x ``size`` x ``size``; ``kind`` is one of ``training.models.KINDS``.

    ``members`` such encoders are trained side by side and read as one; with ``mirrored`` each reads the mirror image as
    well. ``stem``, ``widths``, ``depths`` and ``crop`` (rows and columns; none for the whole face) shape the residual
    kind, as in ``training.encoders.ResidualEncoder``.
    """

    kind: str
    size: int
    channels: int
    members: int
    mirrored: bool
    dropout: float
    stem: int = 32
    widths: list[int] = field(default_factory=lambda: [32, 64, 128, 256])
    depths: list[int] = field(default_factory=lambda: [1, 1, 2, 1])
    crop: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ObjectiveChoices:
    """``scale`` is 1 / tau of the softmax over cosines; ``head`` what faces are matched to, as in ``training.words``.

    ``prompts`` is a file that describes the expressions in other words than Mien's own.
    ``similarity``, ``transformation`` and ``contrast`` weigh the three objectives, 0 for without. ``prior`` is the
    share of the classes' log frequency that is added to the logits in training.
    """

    scale: float
    head: str
    similarity: float
    transformation: float
    contrast: float
    prior: float
    prompts: str = ""


@dataclass(frozen=True, slots=True)
class OptimiserChoices:
    """Gradient descent with a warm-up and a cosine; ``average`` is the decay of the weights' moving average."""

    epochs: int
    batch: int
    learning_rate: float
    warm_up_epochs: float
    momentum: float
    weight_decay: float
    average: float


@dataclass(frozen=True, slots=True)
class DataChoices:
    """Shares are of the whole; ``mixup`` is the parameter of its Beta distribution, ``plain_epochs`` are without it.

    ``faces`` are drawn to train on, 0 for all; the expression ``left_out`` is kept from the training, "" for none.
    An epoch has so many ``batches``, 0 for one pass over the faces. What is ``privileged`` is for teachers alone, one
    of :data:`training.distill.views.PRIVILEGED`.
    """

    held_out: float
    mixup: float
    plain_epochs: int
    non_faces: float
    faces: int = 0
    left_out: str = ""
    batches: int = 0
    privileged: str = ""


@dataclass(frozen=True, slots=True)
class DistillationChoices:
    """Finished runs or packages as ``teachers``, read as one; what they say has ``weight`` in place of as much of L_s.

    ``temperature`` softens both sides, so that the teachers' small probabilities count. The ``objective`` is one of
    :data:`training.distill.method.METHODS`; what it asks of a student beyond the probabilities has the weight
    ``features``. ``anchors`` and ``blur`` belong to transport (the first to rows, too), as in
    :mod:`training.distill.transport`; so many ``branches`` to online distillation, besides the encoder itself.
    """

    teachers: list[str] = field(default_factory=list)
    weight: float = 0.0
    temperature: float = 1.0
    objective: str = "plain"
    features: float = 0.0
    anchors: int = 30
    blur: float = 0.1
    branches: int = 2


@dataclass(frozen=True, slots=True)
class DataFreeChoices:
    """With a ``generator`` a student is taught on pictures that it makes, as in :mod:`training.distill.data_free`.

    "" is for faces, and else it is one of :data:`training.distill.data_free.GENERATORS`. It makes pictures of ``noise``
    numbers and learns at the ``rate`` once for ``every`` so many batches; the fast one searches in so many ``steps``
    and remembers so many pictures as are ``kept``. The faces of the run measure it, and nothing else.
    """

    generator: str = ""
    noise: int = 64
    rate: float = 1e-3
    every: int = 5
    steps: int = 5
    kept: int = 4096


@dataclass(frozen=True, slots=True)
class SemiSupervisedChoices:
    """What is learned from unlabelled faces has ``weight``, 0 for nothing, as in :mod:`training.semi_supervised`.

    ``levels`` are asked what a face shows, and weighed by the ``aggregation`` (thirds or schedule); from ``threshold``
    on it is believed, or from less, where the threshold is ``adaptive``. ``averaged`` asks the moving average of the
    weights and not those themselves, ``hard`` keeps only which class leads. A labelled face comes with ``ratio``
    unlabelled ones. ``semantic`` weighs the linear layer's loss on labelled faces. The bank has ``room`` for faces of
    each class, and compares by the ``instance`` that is nearest (max) or by all of them (mean), with a softmax over
    cosines times ``instance_scale``: known faces lie closer together than words. ``about`` says for the model card what
    these faces are.
    """

    weight: float = 0.0
    levels: list[str] = field(default_factory=lambda: ["semantic", "text", "instance"])
    aggregation: str = "thirds"
    threshold: float = 0.75
    adaptive: bool = False
    averaged: bool = True
    hard: bool = False
    ratio: float = 2.0
    semantic: float = 0.0
    room: int = 256
    instance: str = "max"
    instance_scale: float = 40.0
    about: str = ""


@dataclass(frozen=True, slots=True)
class FederatedChoices:
    """How several clients train one model in ``rounds``, as in :mod:`training.federated`; 0 for not at all.

    A round is ``optimiser.epochs`` passes of each client over its own faces, at one learning rate; ``data.faces`` are
    those of all clients together, where they are dealt out of one file. ``strategy`` is one of
    ``training.federated.strategies.STRATEGIES``; FedProx weighs its pull to the common weights by ``proximal``. The
    blocks of AMY set in after ``warm_up`` rounds, when embeddings mean something, each switched off by a 0:
    ``uncertainty`` weighs the rank loss of the estimator (its high group is the ``sure`` share of a batch, ahead by
    ``margin``), ``propagation`` the cross-entropy against refined labels (``alpha`` is the share that a face takes from
    others), and ``prototypes`` the pull to the classes' common means. A hyperedge is a face and its ``neighbours``
    nearest; ``bandwidth`` is the width of its Gaussian weight, in mean distances of neighbours. ``clip`` is the longest
    that what a client sends may be away from what it got, 0 for any length, and ``noise`` the standard deviation of the
    Gaussian noise on it in clips, 0 for none (:mod:`training.federated.privacy`). With ``secure`` the server learns
    the sum of the updates alone (:mod:`training.federated.secure`).
    """

    strategy: str = "amy"
    rounds: int = 0
    warm_up: int = 3
    uncertainty: float = 1.0
    sure: float = 0.7
    margin: float = 0.15
    propagation: float = 1.0
    alpha: float = 0.5
    prototypes: float = 0.5
    neighbours: int = 7
    bandwidth: float = 1.0
    proximal: float = 0.01
    clip: float = 0.0
    noise: float = 0.0
    secure: bool = False


@dataclass(frozen=True, slots=True)
class TaskChoices:
    """What faces are read for in place of expressions: one of :data:`training.distill.tasks.TASKS`, "" for those.

    With ``signals`` the encoder, which is to be a teacher, reads beside the face what the body did meanwhile.
    """

    name: str = ""
    signals: bool = False


UNGUIDED = ObjectiveChoices(scale=1.0, head="text", similarity=0.0, transformation=0.0, contrast=0.0, prior=0.0)
"""The objective of a recipe for a task, which leaves it out: no words describe what is read."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that ``train`` is told besides the faces; what comes after ``data`` may be left out.

    ``start`` is a model package to begin with (:mod:`training.start`): a folder, or the name of one that ships. At the
    end the weights go back to it by the share ``kept`` of the way.
    """

    name: str
    seed: int
    encoder: EncoderChoices
    objective: ObjectiveChoices
    optimiser: OptimiserChoices
    data: DataChoices
    distillation: DistillationChoices = field(default_factory=DistillationChoices)
    data_free: DataFreeChoices = field(default_factory=DataFreeChoices)
    semi_supervised: SemiSupervisedChoices = field(default_factory=SemiSupervisedChoices)
    federated: FederatedChoices = field(default_factory=FederatedChoices)
    task: TaskChoices = field(default_factory=TaskChoices)
    start: str = ""
    kept: float = 0.0

    @classmethod
    def load(cls, path: Path) -> "Recipe":
        """Read a recipe. Raises ``DataError`` if it cannot be read, or lacks an entry or has one too many."""
        return cls.from_mapping(read_toml(path, "recipe", DataError), f"The recipe {path}")

    @classmethod
    def from_mapping(cls, document: dict[str, Any], origin: str) -> "Recipe":
        """The inverse of ``dataclasses.asdict``. Raises ``DataError``, which names ``origin``."""
        rooms = {
            "encoder": EncoderChoices,
            "objective": ObjectiveChoices,
            "optimiser": OptimiserChoices,
            "data": DataChoices,
            "distillation": DistillationChoices,
            "data_free": DataFreeChoices,
            "semi_supervised": SemiSupervisedChoices,
            "federated": FederatedChoices,
            "task": TaskChoices,
        }
        document = {"distillation": {}, "data_free": {}, "semi_supervised": {}, "federated": {}, "task": {}, **document}
        if document["task"]:
            document = {"objective": dataclasses.asdict(UNGUIDED), **document}
        try:
            choices = {name: _checked(kind(**document[name])) for name, kind in rooms.items()}
            rest = {name: value for name, value in document.items() if name not in rooms}
            return _checked(cls(**rest, **choices))
        except (KeyError, TypeError) as error:
            names = {name: [f.name for f in dataclasses.fields(kind)] for name, kind in rooms.items()}
            raise DataError(f"{origin} does not fit ({error}): it needs name, seed and {names}.") from error


def _checked(choices: T) -> T:
    """``choices`` themselves. Raises ``TypeError`` if an entry is of another kind than its field."""
    for entry in dataclasses.fields(choices):  # type: ignore[arg-type]
        value, kind = getattr(choices, entry.name), entry.type
        wanted: Any = (int, float) if kind is float else get_origin(kind) or kind
        parts = value if isinstance(value, list) else []
        (part,) = get_args(kind) or (object,)
        switch = isinstance(value, bool) and kind is not bool  # Python counts True among the numbers
        if switch or not isinstance(value, wanted) or not all(isinstance(p, part) for p in parts):
            raise TypeError(f"{entry.name} = {value!r} is of another kind")
    return choices
