"""What server and clients say to each other, whatever carries it."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from training.federated.prototypes import Prototypes

Weights = dict[str, NDArray[np.float32]]
"""Parameters and running statistics by name."""


@dataclass(frozen=True, slots=True, eq=False)
class Broadcast:
    """What all clients get at the start of ``round``, counted from 0: the common weights and prototypes."""

    round: int
    weights: Weights
    prototypes: Prototypes


@dataclass(frozen=True, slots=True, eq=False)
class Update:
    """What a client says after a round: ``weights``, ``prototypes``, how many ``faces`` it trained on, and figures.

    ``figures`` are numbers alone: the mean ``loss``, and on the client's own held-out faces (``held`` of them) the
    ``accuracy`` of the common model as it came and, ``personal``, after the round.
    """

    weights: Weights
    prototypes: Prototypes
    faces: int
    figures: dict[str, float] = field(default_factory=dict)
