"""Many clients on one machine: Flower's apps, with a grid that hands messages over within this process.

Flower's own engine for this starts a Ray cluster and sends pickles between its processes; here a message goes through
the same records and bytes as over a network, and the result is the same each time.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from pathlib import Path

import torch

from engines.prompts import ClassEmbeddings
from training.federated.apps import Notice, client_app, server_app
from training.federated.flower import ClientApp, Context, Grid, Message, RecordDict, Run, act_as_server
from training.federated.local import Client
from training.federated.rounds import Coordinator, Told

_RUN = 1


class LocalGrid(Grid):
    """Carries messages to a client app and back, as many at a time as ``workers``.

    ``names`` are the nodes that there are; the app gets a context with the node's id.
    """

    def __init__(self, app: ClientApp, names: Mapping[int, str], workers: int) -> None:
        self._app, self._nodes, self._workers = app, dict(names), workers
        self._contexts = {node: Context(_RUN, node, {}, RecordDict(), {}) for node in names}
        self._replies: dict[str, Message] = {}

    def set_run(self, run: object) -> None:
        """There is one run."""

    @property
    def run(self) -> Run:
        return Run.create_empty(_RUN)

    def create_message(self, *_: object, **__: object) -> Message:
        raise NotImplementedError("Flower has deprecated it")

    def get_node_ids(self) -> Iterable[int]:
        return list(self._nodes)

    def push_messages(self, messages: Iterable[Message]) -> Iterable[str]:
        """Carry them out at once; which id each has."""
        listed = list(messages)
        with ThreadPoolExecutor(self._workers, "mien-client", torch.set_num_threads, (1,)) as pool:
            ids = [str(message.metadata.dst_node_id) for message in listed]
            for its, message in zip(ids, listed, strict=True):
                message.metadata.__dict__["_message_id"] = its
            self._replies |= zip(ids, pool.map(self._carry, listed), strict=True)
        return ids

    def pull_messages(self, message_ids: Iterable[str]) -> Iterable[Message]:
        return [self._replies.pop(its) for its in message_ids if its in self._replies]

    def send_and_receive(self, messages: Iterable[Message], *, timeout: float | None = None) -> Iterable[Message]:  # noqa: ARG002
        """``timeout`` is not needed: a client in this process answers."""
        return self.pull_messages(self.push_messages(messages))

    def _carry(self, message: Message) -> Message:
        # Several messages may share their content, of which each client has its own over a network.
        return self._app(deepcopy(message), self._contexts[message.metadata.dst_node_id])


def simulate(
    coordinator: Coordinator,
    clients: Sequence[Client],
    words: ClassEmbeddings,
    *,
    folder: Path | None,
    told: Told,
    notice: Notice,
    workers: int = 0,
) -> None:
    """Take ``clients`` through the rounds that are left, as many at a time as ``workers``; 0 for one a core.

    Each client trains on one thread, so that how many run at a time makes no difference to the result. Keeps server and
    clients in ``folder``.
    """
    nodes = dict(enumerate(sorted(clients, key=lambda client: client.name), 1))
    names = {node: client.name for node, client in nodes.items()}
    app = client_app(lambda context: nodes[context.node_id], words, folder, notice)
    server = server_app(
        coordinator, words, lambda: names, timeout=float("inf"), folder=folder, told=told, notice=notice
    )
    grid = LocalGrid(app, names, workers or os.cpu_count() or 1)
    act_as_server(_RUN)
    server(grid, Context(_RUN, 0, {}, RecordDict(), {}))
