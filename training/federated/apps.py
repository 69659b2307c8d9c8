"""A federation as Flower apps: what a server does round by round, and what a client does with a message.

The same two apps run on one machine (:mod:`~training.federated.simulation`) and between processes
(:mod:`~training.federated.server`, :mod:`~training.federated.node`); both carry out just what
:mod:`~training.federated.rounds` does.
"""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from engines.errors import MienError
from engines.prompts import ClassEmbeddings
from training.federated.exchange import Update
from training.federated.flower import ClientApp, Context, Error, Grid, Message, MessageType, RecordDict, ServerApp
from training.federated.local import Client
from training.federated.privacy import DELTA, epsilon
from training.federated.rounds import Coordinator, Told
from training.federated.secure import answer, packed, secure_round
from training.federated.store import log_sent, save_client, save_coordinator
from training.federated.wire import (
    mark,
    pack_broadcast,
    pack_figures,
    pack_update,
    read_broadcast,
    read_figures,
    read_update,
    size,
)

Notice = Callable[[str], None]
Present = Callable[[], Mapping[int, str]]
"""The clients that are there when a round begins, names by node id; may wait for them, and raises where none comes."""

_REFUSED = 1000
"""Code of an answer that says in one line why a client gives no update."""


def server_app(
    coordinator: Coordinator,
    words: ClassEmbeddings,
    present: Present,
    *,
    timeout: float,
    folder: Path | None,
    told: Told,
    notice: Notice,
    until: int = 0,
) -> ServerApp:
    """The app of a server that goes on from where ``coordinator`` stands, up to round ``until`` if that is not 0.

    A round waits ``timeout`` seconds for its clients; whoever gives no update is named to ``notice`` and left out, and
    the round goes on. After each round the coordinator is kept in ``folder``. Raises ``DataError``, out of the app, if
    a round brings no update at all.
    """
    app, its_mark = ServerApp(), mark(coordinator.recipe, words)

    @app.main()
    def main(grid: Grid, _: Context) -> None:
        rounds = coordinator.recipe.federated.rounds
        while coordinator.round < min(rounds, until or rounds):
            names = present()
            content = pack_broadcast(coordinator.broadcast(), its_mark)
            more: dict[str, Any] = {"sent": size(content)["total"] * len(names)}
            if coordinator.recipe.federated.secure:
                mean = secure_round(grid, names, content, coordinator.broadcast(), timeout)
                line = coordinator.absorb({"all": mean}, more | {"clients": {name: {} for name in names.values()}})
            else:
                answers = _ask(grid, MessageType.TRAIN, names, content, timeout)
                updates, traffic = _sort(coordinator, names.values(), answers, notice)
                line = coordinator.absorb(updates, more | {"received": traffic})
            if folder is not None:
                save_coordinator(coordinator, folder)
            told(coordinator.round, line)
        if coordinator.round < rounds:
            return
        content = pack_broadcast(coordinator.broadcast(), its_mark)
        for name, reply in _ask(grid, MessageType.EVALUATE, present(), content, timeout).items():
            if reply.has_content() and "accuracy" in (figures := read_figures(reply.content)):
                coordinator.final[name] = figures["accuracy"]

    return app


def _ask(grid: Grid, kind: str, names: Mapping[int, str], content: RecordDict, timeout: float) -> dict[str, Message]:
    """The answers of those clients that gave one within ``timeout`` seconds, by name."""
    messages = [Message(content, node, kind, ttl=timeout) for node in names]
    replies = grid.send_and_receive(messages, timeout=timeout)
    return {names[reply.metadata.src_node_id]: reply for reply in replies if reply.metadata.src_node_id in names}


def _sort(
    coordinator: Coordinator, names: Iterable[str], answers: Mapping[str, Message], notice: Notice
) -> tuple[dict[str, Update], dict[str, dict[str, int]]]:
    """The updates by name, and how many bytes of what each has sent; who sent none is named."""
    updates: dict[str, Update] = {}
    traffic: dict[str, dict[str, int]] = {}
    for name in sorted(names):
        reply = answers.get(name)
        if reply is None or reply.has_error():
            why = reply.error.reason if reply is not None and reply.error.code == _REFUSED else "it did not answer."
            notice(f"Round {coordinator.round + 1} goes on without {name}: {why}")
            continue
        try:
            update = read_update(reply.content, coordinator.weights)
            coordinator.inspect(name, update)
        except MienError as error:
            notice(f"Round {coordinator.round + 1} goes on without {name}: {error}")
            continue
        updates[name], traffic[name] = update, size(reply.content)
    return updates, traffic


def client_app(
    clients: Callable[[Context], Client], words: ClassEmbeddings, folder: Path | None, notice: Notice
) -> ClientApp:
    """The app of a client: it trains when a message says so, and answers with an update or with one line.

    ``clients`` finds the client that a message is for. What stays with it is kept in ``folder``, below its name.
    """
    app = ClientApp()

    @app.train()
    def train(message: Message, context: Context) -> Message:
        client = clients(context)
        secure = client.recipe.federated.secure

        def learn(asked: Message, _: Context) -> Message:
            broadcast = read_broadcast(asked.content, mark(client.recipe, words), client.shared)
            update = client.train(broadcast)
            if folder is not None:
                save_client(client, folder / client.name)
            notice(f"{client.name}: round {broadcast.round + 1} trained.{_promise(client)}")
            return Message(packed(update, broadcast) if secure else pack_update(update), reply_to=asked)

        try:
            reply = answer(message, context, learn) if secure else learn(message, context)
            sizes = size(reply.content)
            if folder is not None:
                log_sent(folder / client.name, sizes)
        except MienError as error:
            return Message(Error(code=_REFUSED, reason=str(error)), reply_to=message)
        parts = ", ".join(f"{part} {count:,}" for part, count in sizes.items())
        notice(f"{client.name}: bytes that leave: {parts}.")
        return reply

    @app.evaluate()
    def evaluate(message: Message, context: Context) -> Message:
        client = clients(context)
        try:
            figures = client.finish(read_broadcast(message.content, mark(client.recipe, words), client.shared))
        except MienError as error:
            return Message(Error(code=_REFUSED, reason=str(error)), reply_to=message)
        return Message(pack_figures(figures), reply_to=message)

    return app


def _promise(client: Client) -> str:
    """What its noise promises a client so far; nothing where there is none."""
    noise = client.recipe.federated.noise
    return f" Epsilon {epsilon(noise, client.rounds):.2f} at delta {DELTA:g} so far." if noise > 0 else ""


def describe(line: Mapping[str, Any]) -> str:
    """A round in one line, for a person."""
    figures = [f"{key} {line[key]:.3f}" for key in ("loss", "accuracy", "personal") if key in line]
    received = sum(each["total"] for each in line.get("received", {}).values())
    traffic = f"; {received:,} bytes received" if received else ""
    return f"round {line['round']}: {len(line['clients'])} clients, {', '.join(figures)}{traffic}"
