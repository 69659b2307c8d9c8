"""The server of a federation between processes: Flower's fleet interface over HTTPS, and none of its other doors.

Flower's own server also takes orders over the network and hands programs out to clients. Here it does neither: it
answers the clients whose public keys it was given, and the app runs in this process.
"""

import socket
import threading
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Self

import uvicorn
from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware

from engines.errors import FederationError
from training.federated import link
from training.federated.flower import Context, Grid, Message, RecordDict, Run, ServerApp, act_as_server

_HEARTBEAT_S = 10
"""How often a client shows that it is there; who is silent for twice as long is away."""
_PULL_S = 0.1
_START_S = 30.0


class LinkGrid(Grid):
    """Carries messages between an app in this process and the clients that talk to it over the network."""

    def __init__(self, state: link.State, run: int) -> None:
        self._state, self._run = state, run

    def set_run(self, run: Run) -> None:
        """There is one run."""

    @property
    def run(self) -> Run:
        return Run.create_empty(self._run)

    def create_message(self, *_: object, **__: object) -> Message:
        raise NotImplementedError("Flower has deprecated it")

    def get_node_ids(self) -> Iterable[int]:
        """The clients that are there."""
        return self._state.get_nodes(self._run)

    def push_messages(self, messages: Iterable[Message]) -> Iterable[str]:
        """Lay them out for their clients to fetch; which id each has."""
        return [self._push(message) for message in messages]

    def _push(self, message: Message) -> str:
        with link.no_object_id_recompute():
            its: str = message.object_id
            message.metadata.__dict__["_message_id"] = its
            session = self._state.start_session(self._run)
            bare = link.remove_content_from_message(message)
            _, missing = self._state.store_message_and_object_tree(bare, link.get_object_tree(message), session)
            for name, part in link.get_all_nested_objects(message).items():
                if name in missing:
                    self._state.store_object(self._run, session, name, part.deflate())
        return its

    def pull_messages(self, message_ids: Iterable[str]) -> Iterable[Message]:
        """The answers that have come in whole; what a client began to send and did not end is none."""
        return [answer for answer in self._pull(set(message_ids)).values() if answer is not None]

    def _pull(self, ids: set[str]) -> dict[str, Message | None]:
        """What has become of messages of which anything has."""
        found = self._state.get_message_res(message_ids=ids, run_id=self._run)
        answers = {message.metadata.reply_to_message_id: self._whole(message) for message in found}
        self._forget(set(answers))
        return answers

    def _whole(self, message: Message) -> Message | None:
        its = message.metadata.message_id
        try:
            names = [tree.object_id for tree in link.iterate_object_tree(self._state.object_store.get_object_tree(its))]
            parts = link.pull_objects(names, self._part, max_time=_START_S, initial_backoff=_PULL_S)
        except (link.ObjectPullError, link.ObjectUnavailableError, link.NoObjectInStoreError):
            return None
        self._state.object_store.delete(its)
        answer = link.inflate_object_from_contents(its, parts)
        return answer if isinstance(answer, Message) else None

    def _part(self, name: str) -> bytes:
        content = self._state.get_object(self._run, name)
        if content is None:
            raise link.ObjectPullError(name, "it is not there")
        if content == b"":
            raise link.ObjectUnavailableError(name)
        return content

    def _forget(self, ids: set[str]) -> None:
        self._state.delete_messages(message_ins_ids=ids)
        for its in ids:
            self._state.object_store.delete(its)

    def send_and_receive(self, messages: Iterable[Message], *, timeout: float | None = None) -> Iterable[Message]:
        """Wait ``timeout`` seconds for the answers. Who gave none counts as away until it shows itself again."""
        waiting = {self._push(message): message.metadata.dst_node_id for message in messages}
        until = time.monotonic() + (float("inf") if timeout is None else timeout)
        answers: list[Message] = []
        while waiting and time.monotonic() < until:
            for its, answer in self._pull(set(waiting)).items():
                waiting.pop(its)
                answers += [] if answer is None else [answer]
            time.sleep(_PULL_S)
        for node in waiting.values():
            self._state.send_away(node)
        self._forget(set(waiting))
        return answers


class FleetServer:
    """A server on ``host`` and ``port`` (0 for any that is free) for the clients with these public ``keys``, by name.

    ``certificate`` and ``key`` are PEM files. Within the context clients are served by a thread of its own.
    """

    def __init__(self, host: str, port: int, certificate: Path, key: Path, keys: Mapping[str, bytes]) -> None:
        """Raises ``FederationError`` if the address cannot be had, or the certificate cannot be read."""
        factory, self._state = link.open_state()
        self._names = {
            self._state.create_node(link.NOOP_FLWR_AID, link.NOOP_ACCOUNT_NAME, public, _HEARTBEAT_S, name=name): name
            for name, public in keys.items()
        }
        self._run = link.open_run(self._state)
        self.grid = LinkGrid(self._state, self._run)
        self._socket = _bound(host, port)
        self.port: int = self._socket.getsockname()[1]
        try:
            config = uvicorn.Config(
                _fleet(factory),
                ssl_certfile=str(certificate),
                ssl_keyfile=str(key),
                log_config=None,
                access_log=False,
                lifespan="off",
                loop="asyncio",
                http="h11",
                ws="none",
            )
            config.load()
        except OSError as error:
            self._socket.close()
            raise FederationError(
                f"Cannot use the certificate {certificate} with the key {key}: {error.strerror or error}; make them "
                "with federate certificates."
            ) from error
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],), name="mien-fleet", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        until = time.monotonic() + _START_S
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > until:
                raise FederationError("The server did not start: see whether its port is free, and try again.")
            time.sleep(_PULL_S)
        return self

    def __exit__(self, *exc: object) -> None:
        self._server.should_exit = True
        self._thread.join(_START_S)

    @property
    def present(self) -> dict[int, str]:
        """The clients that are there now, names by node id."""
        return {node: self._names[node] for node in self.grid.get_node_ids() if node in self._names}

    def gather(self, least: int, wait: float) -> dict[int, str]:
        """Those that are there once all are, or once ``wait`` seconds have passed and ``least`` are."""
        until = time.monotonic() + wait
        while True:
            there = self.present
            if len(there) == len(self._names) or (time.monotonic() > until and len(there) >= least):
                return there
            time.sleep(_PULL_S)

    def carry_out(self, app: ServerApp) -> None:
        """Run ``app`` on these clients. Raises what it raises."""
        act_as_server(self._run)
        app(self.grid, Context(self._run, 0, {}, RecordDict(), {}))


def _bound(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise FederationError(
            f"Cannot listen on {host}, port {port}: {error.strerror or error}; choose another --host or --port."
        ) from error


def _fleet(factory: link.LinkStateFactory) -> FastAPI:
    """What clients may ask for, each request signed by its key; nobody can register a key over the network."""
    app = FastAPI(
        openapi_url=None,
        middleware=[
            Middleware(BaseHTTPMiddleware, dispatch=link.http_error_translator),
            Middleware(link.ProtobufTranslationMiddleware),
            Middleware(link.NodeAuthMiddleware),
        ],
    )
    app.state.linkstate_factory = factory
    app.state.enable_supernode_auth = True
    app.include_router(link.router)
    return app
