"""What clients share and what each keeps: AMY and what it is compared with, all on the same code.

A parameter or buffer is named as in the state of :class:`~training.federated.local.LocalModel`. The *head* is what
turns features into classes: the class embeddings where they are learned, else, the words being fixed, the projection
into their space.
"""

from collections.abc import Callable
from dataclasses import dataclass

from engines.errors import DataError

ESTIMATOR = "estimator."
_LEARNED_HEAD = ("guided.words",)
_PROJECTIONS = (".encoder.project.weight", ".encoder.project.bias")

Stays = Callable[[str, bool], bool]
"""Whether a parameter stays with its client, by its name and by whether class embeddings are learned."""


def is_head(name: str, learned: bool) -> bool:
    """Whether the parameter ``name`` is of the head; ``learned`` says whether class embeddings are."""
    return name in _LEARNED_HEAD if learned else name.endswith(_PROJECTIONS)


@dataclass(frozen=True, slots=True)
class Strategy:
    """``stays`` tells what is never sent; the rest is averaged over clients, by their numbers of faces.

    With ``blocks`` the local loss is that of AMY, with ``proximal`` it is drawn to the common weights, and with
    ``head_first`` the head is trained alone before the rest is.
    """

    name: str
    stays: Stays
    blocks: bool = False
    proximal: bool = False
    head_first: bool = False

    @property
    def shares(self) -> bool:
        """Whether anything is sent at all."""
        return self.stays is not _everything


def _estimator(name: str, _: bool) -> bool:
    return name.startswith(ESTIMATOR)


def _head(name: str, learned: bool) -> bool:
    return name.startswith(ESTIMATOR) or is_head(name, learned)


def _everything(_name: str, _learned: bool) -> bool:
    return True


STRATEGIES = {
    each.name: each
    for each in (
        # Backbone and classifier averaged, the estimator personal (arXiv 2501.01816).
        Strategy("amy", _estimator, blocks=True),
        # McMahan et al., Communication-Efficient Learning of Deep Networks (arXiv 1602.05629).
        Strategy("fedavg", _estimator),
        # Li et al., Federated Optimization in Heterogeneous Networks (arXiv 1812.06127).
        Strategy("fedprox", _estimator, proximal=True),
        # Arivazhagan et al., Federated Learning with Personalization Layers (arXiv 1912.00818).
        Strategy("fedper", _head),
        # Collins et al., Exploiting Shared Representations for Personalized Federated Learning (arXiv 2102.07078).
        Strategy("fedrep", _head, head_first=True),
        Strategy("local", _everything),
    )
}
"""By the name that a recipe gives."""


def strategy(name: str) -> Strategy:
    """The strategy of that name. Raises ``DataError`` if there is none."""
    if name not in STRATEGIES:
        raise DataError(f"federated.strategy is {name!r}: choose one of {', '.join(STRATEGIES)}.")
    return STRATEGIES[name]
