"""Secure aggregation: the server learns the sum of the updates, and of no client its own.

It is SecAgg+ (Bell et al., Secure Single-Server Aggregation with (Poly)Logarithmic Overhead, CCS 2020) as Flower has
it. Each client adds to its update masks that cancel out in the sum of all; if one leaves midway, the others give away
what takes its masks out, as long as two thirds of them are left. Updates are rounded to 2^-16 and clients count alike,
since their numbers of faces are not said. It holds against a server that is curious but keeps to the protocol: it is
the server that hands the clients each other's keys.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np

import training.federated.flower  # noqa: F401  # silences Flower before it is imported

# isort: split
from flwr.client.mod import secaggplus_mod
from flwr.compat.common import recorddict_compat
from flwr.compat.common.parameter import ndarrays_to_parameters, parameters_to_ndarrays
from flwr.compat.common.typing import Code, FitIns, FitRes, Parameters, Status
from flwr.server.compat import LegacyContext
from flwr.server.compat.grid_client_proxy import GridClientProxy
from flwr.server.strategy import FedAvg
from flwr.server.workflow import SecAggPlusWorkflow
from flwr.server.workflow.constant import MAIN_CONFIGS_RECORD, MAIN_PARAMS_RECORD
from flwr.server.workflow.constant import Key as WorkflowKey

from engines.errors import DataError
from training.federated.exchange import Broadcast, Update, Weights
from training.federated.flower import ArrayRecord, ConfigRecord, Context, Grid, RecordDict
from training.federated.prototypes import Prototypes

LEAST = 3
"""Clients below which a sum would tell one of them what another has sent."""
_SHARE_NEEDED = 2 / 3
_LARGEST = 32.0
"""Of a change in one round; what is more is cut off."""
_STEPS = 1 << 22


class _Carrier(FedAvg):
    """Says to the workflow who takes part, and keeps what comes out of it."""

    def __init__(self, proxies: Iterable[GridClientProxy]) -> None:
        super().__init__()
        self._proxies = list(proxies)
        self.sum: list[Any] | None = None

    def configure_fit(self, *_: object, **__: object) -> list[Any]:
        return [(proxy, FitIns(Parameters([], ""), {})) for proxy in self._proxies]

    def aggregate_fit(self, _round: int, results: list[Any], _failures: object) -> tuple[None, dict[str, Any]]:
        self.sum = parameters_to_ndarrays(results[0][1].parameters)
        return None, {}


class _Workflow(SecAggPlusWorkflow):
    """The protocol with Mien's own message to the clients inside."""

    content: RecordDict

    def setup_stage(self, grid: Grid, context: LegacyContext, state: Any) -> bool:
        begun = super().setup_stage(grid, context, state)
        # Each stage writes into its client's message.
        state.nid_to_fitins = {node: RecordDict(dict(self.content)) for node in state.nid_to_fitins}
        return begun


def secure_round(grid: Grid, nodes: Iterable[int], content: RecordDict, broadcast: Broadcast, timeout: float) -> Update:
    """The mean of the updates of those ``nodes`` that stayed to the end.

    ``content`` is what is sent to each, ``timeout`` seconds are for each of the four messages. Raises ``DataError`` if
    too few are there, or stay.
    """
    nodes = list(nodes)
    if len(nodes) < LEAST:
        raise DataError(f"A secure sum takes {LEAST} clients, and {len(nodes)} are there: wait for more with --least.")
    strategy = _Carrier(GridClientProxy(node, grid, 0) for node in nodes)
    state = RecordDict({
        MAIN_CONFIGS_RECORD: ConfigRecord({WorkflowKey.CURRENT_ROUND: broadcast.round + 1}),
        MAIN_PARAMS_RECORD: ArrayRecord({}),
    })  # fmt: skip
    context = LegacyContext(Context(0, 0, {}, state, {}), strategy=strategy)
    workflow = _Workflow(
        1.0, _SHARE_NEEDED, max_weight=1.0, clipping_range=_LARGEST, quantization_range=_STEPS, timeout=timeout
    )
    workflow.content = content
    workflow(grid, context)
    if strategy.sum is None:
        raise DataError("Too few clients stayed to the end of the round: see what each says, and go on with --resume.")
    return _unpacked(strategy.sum, broadcast)


def answer(message: Any, context: Context, train: Any) -> Any:
    """What a client says to one of the four messages of a round; ``train`` gives its packed update to the third.

    Raises ``DataError`` if the server does not keep to the protocol.
    """
    try:
        return secaggplus_mod(message, context, train)
    except (KeyError, TypeError, ValueError) as error:
        raise DataError(f"The server does not keep to the secure sum ({error}): set federated.secure alike.") from error


def packed(update: Update, broadcast: Broadcast) -> RecordDict:
    """An update as the protocol takes it: what changed, and of prototypes the share of each class and its sum."""
    total = max(float(update.prototypes.counts.sum()), 1.0)
    shares = update.prototypes.counts / total
    changes = [update.weights[name] - broadcast.weights[name] for name in sorted(update.weights)]
    parts = [*changes, shares[:, None] * update.prototypes.means, shares]
    result = FitRes(Status(Code.OK, ""), ndarrays_to_parameters(parts), 1, {})
    return recorddict_compat.fitres_to_recorddict(result, False)


def _unpacked(parts: list[Any], broadcast: Broadcast) -> Update:
    names = sorted(broadcast.weights)
    weights: Weights = {
        name: (broadcast.weights[name] + part).astype(np.float32)
        for name, part in zip(names, parts[: len(names)], strict=True)
    }
    sums, shares = parts[len(names) :]
    # What rounding leaves of nothing is nothing.
    known = shares > len(shares) * 2 * _LARGEST / _STEPS
    means = np.where(known[:, None], sums / np.where(known, shares, 1)[:, None], 0)
    prototypes = Prototypes(means.astype(np.float32), np.where(known, shares, 0).astype(np.float32))
    return Update(weights, prototypes, 1)
