"""Flower's inner parts that a server and a client between processes are made of, in one place.

They move from one minor version of Flower to the next, which is why the project asks for exactly one.
"""

import time
from typing import cast

import training.federated.flower  # noqa: F401  # silences Flower before it is imported

# isort: split
from flwr.app.message import remove_content_from_message
from flwr.common.constant import NOOP_ACCOUNT_NAME, NOOP_FLWR_AID, Status
from flwr.common.serde import message_from_proto, message_to_proto
from flwr.proto.fleet_pb2 import ActivateNodeRequest, DeactivateNodeRequest, PullMessagesRequest, PushMessagesRequest
from flwr.proto.heartbeat_pb2 import SendNodeHeartbeatRequest
from flwr.proto.message_pb2 import ConfirmMessageReceivedRequest, ObjectTree, PushObjectRequest
from flwr.proto.node_pb2 import Node
from flwr.proto.task_pb2 import TaskStatus
from flwr.server.superlink.linkstate import LinkStateFactory
from flwr.server.superlink.linkstate.in_memory_linkstate import InMemoryLinkState
from flwr.supercore.constant import FLWR_IN_MEMORY_DB_NAME, NOOP_FEDERATION_ID, NodeStatus, TaskType
from flwr.supercore.error import http_error_translator
from flwr.supercore.inflatable.inflatable_object import (
    get_all_nested_objects,
    get_object_tree,
    iterate_object_tree,
    no_object_id_recompute,
)
from flwr.supercore.inflatable.inflatable_protobuf_utils import make_pull_object_fn_protobuf
from flwr.supercore.inflatable.inflatable_utils import (
    ObjectPullError,
    ObjectUnavailableError,
    inflate_object_from_contents,
    pull_objects,
)
from flwr.supercore.interceptors.http.runtime_version import RuntimeVersionHttpInterceptor
from flwr.supercore.object_store import NoObjectInStoreError, ObjectStoreFactory
from flwr.supercore.primitives.asymmetric import public_key_to_bytes
from flwr.supercore.protobuf.translation import ProtobufTranslationMiddleware
from flwr.superlink.federation import NoOpFederationManager
from flwr.superlink.routers.fleet.node_auth import NodeAuthMiddleware
from flwr.superlink.routers.fleet.router import router
from flwr.supernode.fleet_http_client import FleetHttpClient
from flwr.supernode.node_auth_http_interceptor import NodeAuthHttpInterceptor

_GRACE_S = 5.0


class State(InMemoryLinkState):
    """What a server knows of clients and messages."""

    def activate_node(self, node_id: int, heartbeat_interval: float) -> bool:
        """Let a client in, also one that was killed and is back before anybody missed it."""
        self.send_away(node_id)
        return super().activate_node(node_id, heartbeat_interval)

    def deactivate_node(self, node_id: int) -> bool:
        """Let a client go, once its last answer, which would be lost with it, has been fetched."""
        with self.lock:
            node = self.nodes.get(node_id)
            if node is not None and node.status == NodeStatus.ONLINE:
                node.online_until = min(node.online_until, time.time() + _GRACE_S)
        return True

    def send_away(self, node_id: int) -> None:
        """Take a client for away until it shows itself again."""
        super().deactivate_node(node_id)


def open_state() -> tuple[LinkStateFactory, State]:
    """The state of a fresh server, in memory, and what its web interface takes it from."""
    factory = LinkStateFactory(FLWR_IN_MEMORY_DB_NAME, NoOpFederationManager(), ObjectStoreFactory())
    state = factory.state_instance = State(factory.federation_manager, factory.objectstore_factory.store())
    return factory, state


def open_run(state: State) -> int:
    """A run that is under way, and its id. Flower's own is begun by an order over the network; here there are none."""
    run = state.create_run(None, None, None, {}, NOOP_FEDERATION_ID, None, None, TaskType.SERVER_APP)
    (its,) = state.get_run_info(run_ids=[run])
    task = state.task_store[cast(int, its.primary_task_id)]
    task.status.CopyFrom(TaskStatus(status=Status.RUNNING))
    return run


__all__ = [
    "NOOP_ACCOUNT_NAME",
    "NOOP_FLWR_AID",
    "ActivateNodeRequest",
    "ConfirmMessageReceivedRequest",
    "DeactivateNodeRequest",
    "FleetHttpClient",
    "LinkStateFactory",
    "NoObjectInStoreError",
    "Node",
    "NodeAuthHttpInterceptor",
    "NodeAuthMiddleware",
    "ObjectPullError",
    "ObjectTree",
    "ObjectUnavailableError",
    "ProtobufTranslationMiddleware",
    "PullMessagesRequest",
    "PushMessagesRequest",
    "PushObjectRequest",
    "RuntimeVersionHttpInterceptor",
    "SendNodeHeartbeatRequest",
    "State",
    "get_all_nested_objects",
    "get_object_tree",
    "http_error_translator",
    "inflate_object_from_contents",
    "iterate_object_tree",
    "make_pull_object_fn_protobuf",
    "message_from_proto",
    "message_to_proto",
    "no_object_id_recompute",
    "open_run",
    "open_state",
    "public_key_to_bytes",
    "pull_objects",
    "remove_content_from_message",
    "router",
]
