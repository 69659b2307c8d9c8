"""Clipping and noise on what a client sends, and the differential privacy that this gives.

It is the Gaussian mechanism on the client's own machine: who runs the server need not be trusted. What is protected is
all that a client has, as against not taking part (its update being nothing at all). The epsilon is that of Google's
``dp-accounting``, by Renyi divergence (Mironov, arXiv 1702.07476), over all rounds that the client took part in;
nothing is gained by drawing clients at random, since all are asked.
"""

import numpy as np

from engines.errors import DataError
from training.federated.exchange import Broadcast, Update
from training.federated.prototypes import Prototypes
from training.recipe import FederatedChoices

DELTA = 1e-5
"""The chance that the promise of epsilon fails."""


def protected(update: Update, broadcast: Broadcast, choices: FederatedChoices, chance: np.random.Generator) -> Update:
    """``update``, shortened to ``choices.clip`` and blurred by ``choices.noise``; as it is where there is no clip.

    The length is that of all that changed, weights and prototypes together, in the Euclidean norm. A class that the
    client does not have leaves its prototype as it was. How many faces there are, of which class, and how good the
    model is on them, is not said: each client counts for one.

    ``chance`` must be one that nobody can foretell wherever privacy is wanted: not one from a recipe's seed.
    """
    if choices.clip <= 0:
        return update
    has = update.prototypes.counts > 0
    means = np.where(has[:, None], update.prototypes.means, broadcast.prototypes.means)
    before = {**broadcast.weights, "": broadcast.prototypes.means}
    changes = {name: values.astype(np.float64) - before[name] for name, values in update.weights.items()}
    if has.any():
        changes[""] = means.astype(np.float64) - before[""]
    length = float(np.sqrt(sum(np.square(change).sum() for change in changes.values())))
    share = min(1.0, choices.clip / max(length, 1e-12))
    sent = {
        name: (before[name] + share * change + chance.normal(0, choices.noise * choices.clip, change.shape)).astype(
            np.float32
        )
        for name, change in changes.items()
    }
    means = sent.pop("", broadcast.prototypes.means)
    return Update(sent, Prototypes(means, np.ones(len(means), np.float32)), 1)


def epsilon(noise: float, rounds: int, delta: float = DELTA) -> float:
    """What ``rounds`` updates with that ``noise`` give away of a client: infinity where there is none.

    Raises ``DataError`` if dp-accounting is not installed.
    """
    if rounds == 0:
        return 0.0
    if noise <= 0:
        return float("inf")
    try:
        from dp_accounting import GaussianDpEvent, rdp  # noqa: PLC0415 - with noise alone
    except ImportError:
        raise DataError('Noise needs dp-accounting: install it with pip install "mien[federate]".') from None
    accountant = rdp.RdpAccountant()
    accountant.compose(GaussianDpEvent(noise), rounds)
    return float(accountant.get_epsilon(delta))
