"""A client of a federation between processes: it fetches messages from the server it was told of, and answers them.

It speaks to nobody else: not through a proxy, not wherever an answer would send it. Nothing that comes from the server
is ever run; it is read as numbers, which the app checks.
"""

import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Self, TypeVar, cast

import httpx
from cryptography.hazmat.primitives.asymmetric import ec

from engines.errors import FederationError
from training.federated import link
from training.federated.apps import Notice
from training.federated.flower import ClientApp, Context, Message, MessageType, RecordDict

T = TypeVar("T")

_HEARTBEAT_S = 10
_POLL_S = 0.5
_RETRY_S = 2.0
_TIMEOUT_S = 30.0


class _Lost(Exception):
    """The server is away, or has forgotten this client: it is to be looked for again."""


class _Fleet(link.FleetHttpClient):
    """Requests to one server, which must show a certificate of ``root``."""

    def __init__(self, address: str, root: Path, key: ec.EllipticCurvePrivateKey) -> None:
        signs = link.NodeAuthHttpInterceptor(key, key.public_key())
        says = link.RuntimeVersionHttpInterceptor(component_name="SuperNode")
        trusted = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        trusted.load_verify_locations(cafile=root)
        super().__init__(f"https://{address}", interceptors=[says, signs], verify=trusted)
        # Flower's would heed proxies from the environment, and go wherever the server sends it.
        self._client.close()
        self._client = httpx.Client(verify=trusted, timeout=_TIMEOUT_S, trust_env=False, follow_redirects=False)


class FleetClient:
    """Answers the messages of the server at ``address`` (HOST:PORT) by ``app``, until the server has ended.

    ``root`` is the PEM file of the authority that vouches for the server, ``key`` says who this client is.
    """

    def __init__(
        self, address: str, root: Path, key: ec.EllipticCurvePrivateKey, app: ClientApp, *, notice: Notice
    ) -> None:
        """Raises ``FederationError`` if ``root`` is no certificate."""
        self.address, self._app, self._notice = address, app, notice
        self._public = link.public_key_to_bytes(key.public_key())
        try:
            self._fleet = _Fleet(address, root, key)
        except (OSError, ssl.SSLError) as error:
            raise FederationError(
                f"Cannot read the certificate {root}: {error.strerror or error}; take that of the server's authority."
            ) from error
        self._node: link.Node | None = None
        self._context = Context(0, 0, {}, RecordDict(), {})
        self._over = threading.Event()
        self._beating = threading.Thread(target=self._beat, name="mien-heartbeat", daemon=True)

    def __enter__(self) -> Self:
        self._beating.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._over.set()
        if self._node is not None:
            with suppress(httpx.HTTPError):  # it would find out by our silence
                self._fleet.DeactivateNode(link.DeactivateNodeRequest(node_id=self._node.node_id))
        self._beating.join()
        self._fleet.close()

    def run(self) -> None:
        """Take part until the server has ended; where it goes away, wait until it is there again.

        Raises ``FederationError`` if it is not the server that ``root`` vouches for, does not know this client, or
        trains something else.
        """
        told = False
        while not self._over.is_set():
            try:
                self._enter()
                told = False
                while not self._over.is_set():
                    if not self._turn():
                        self._over.wait(_POLL_S)
            except _Lost as lost:
                if not told:
                    self._notice(f"{lost} It is looked for again; Ctrl-C ends that.")
                told = True
                self._over.wait(_RETRY_S)

    def _enter(self) -> None:
        request = link.ActivateNodeRequest(public_key=self._public, heartbeat_interval=_HEARTBEAT_S)
        try:
            self._node = link.Node(node_id=self._ask(lambda: self._fleet.ActivateNode(request)).node_id)
            # What a client remembers from message to message is of one server, and of this process alone.
            self._context = Context(0, self._node.node_id, {}, RecordDict(), {})
        except httpx.HTTPStatusError as error:
            raise FederationError(
                f"The server {self.address} does not let this client in: give its public key to whoever runs the "
                "server, and see that both clocks are right."
            ) from error
        self._notice(f"Connected to {self.address}.")

    def _turn(self) -> bool:
        """Fetch one message and answer it; whether there was one."""
        node = cast(link.Node, self._node)
        try:
            found = self._ask(lambda: self._fleet.PullMessages(link.PullMessagesRequest(node=node)))
            if not found.messages_list:
                return False
            run = link.message_from_proto(found.messages_list[0]).metadata.run_id
            message = self._received(node, found.message_object_trees[0], run)
            started = time.monotonic()
            reply = self._app(message, self._context)
            self._send(reply, time.monotonic() - started)
            self._notice(f"Sent to {self.address}.")
        except httpx.HTTPStatusError as error:
            raise _Lost(f"The server {self.address} has begun anew, or this answer came too late.") from error
        except (link.ObjectPullError, link.ObjectUnavailableError) as error:
            raise _Lost(f"The server {self.address} took back what it had sent.") from error
        if reply.has_error():
            raise FederationError(reply.error.reason)
        if message.metadata.message_type == MessageType.EVALUATE:
            self._over.set()
        return True

    def _received(self, node: link.Node, tree: link.ObjectTree, run: int) -> Message:
        parts = link.pull_objects(
            [part.object_id for part in link.iterate_object_tree(tree)],
            link.make_pull_object_fn_protobuf(lambda r: self._ask(lambda: self._fleet.PullObject(r)), node, run),
            max_time=_TIMEOUT_S,
            initial_backoff=_POLL_S,
        )
        self._ask(
            lambda: self._fleet.ConfirmMessageReceived(
                link.ConfirmMessageReceivedRequest(node=node, run_id=run, message_object_id=tree.object_id)
            )
        )
        message = link.inflate_object_from_contents(tree.object_id, parts)
        if not isinstance(message, Message):
            raise _Lost(f"The server {self.address} sent something else than a message.")
        message.metadata.__dict__["_message_id"] = tree.object_id
        return message

    def _send(self, reply: Message, seconds: float) -> None:
        reply.metadata.__dict__["_message_id"] = reply.object_id
        bare = link.message_to_proto(link.remove_content_from_message(reply) if reply.has_content() else reply)
        with link.no_object_id_recompute():
            request = link.PushMessagesRequest(
                node=self._node,
                messages_list=[bare],
                message_object_trees=[link.get_object_tree(reply)],
                clientapp_runtime_list=[seconds],
            )
            answer = self._ask(lambda: self._fleet.PushMessages(request))
            wanted = set(answer.objects_to_push)
            for name, part in link.get_all_nested_objects(reply).items():
                if name in wanted:
                    self._push(name, part.deflate(), reply.metadata.run_id, answer.session_id)

    def _push(self, name: str, content: bytes, run: int, session: str) -> None:
        request = link.PushObjectRequest(
            node=self._node, run_id=run, object_id=name, object_content=content, session_id=session
        )
        self._ask(lambda: self._fleet.PushObject(request))

    def _ask(self, request: Callable[[], T]) -> T:
        """Ask the server. Raises ``_Lost`` if it is not there, ``FederationError`` if it is another one."""
        try:
            return request()
        except httpx.HTTPStatusError as error:
            if error.response.is_server_error:
                raise _Lost(f"The server {self.address} is in trouble.") from error
            raise
        except httpx.ConnectError as error:
            if "CERTIFICATE_VERIFY_FAILED" in str(error):
                raise FederationError(
                    f"The server {self.address} is not the one that the certificate vouches for: take the certificate "
                    "of its authority, and call it by a name that its own was made for."
                ) from error
            raise _Lost(f"The server {self.address} is not there.") from error
        except httpx.TransportError as error:
            raise _Lost(f"The server {self.address} went away.") from error

    def _beat(self) -> None:
        """Show now and then that this client is there, also while it trains."""
        while not self._over.wait(0.4 * _HEARTBEAT_S):
            if self._node is None:
                continue
            request = link.SendNodeHeartbeatRequest(node=self._node, heartbeat_interval=_HEARTBEAT_S)
            with suppress(httpx.HTTPError):  # who fetches messages will find out, and say so
                self._fleet.SendNodeHeartbeat(request)
