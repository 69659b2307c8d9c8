"""Flower, silenced: the one place where it is imported first.

Nothing may go anywhere but to the server that a person named, so its telemetry is off before it is imported, whatever
the environment says.
"""

import logging
import os

os.environ["FLWR_TELEMETRY_ENABLED"] = "0"

from flwr.app import (
    Array,
    ArrayRecord,
    ConfigRecord,
    Context,
    Error,
    Message,
    MessageType,
    MetricRecord,
    RecordDict,
)
from flwr.clientapp import ClientApp
from flwr.common.constant import SUPERLINK_NODE_ID
from flwr.serverapp import Grid, ServerApp
from flwr.supercore import telemetry
from flwr.supercore.run import Run
from flwr.supercore.task_identity import TaskIdentity

# Whoever imported it before has let it read the environment as it was.
telemetry.FLWR_TELEMETRY_ENABLED = "0"
# Flower's own lines tell of ids and hashes; ours tell what happened.
logging.getLogger("flwr").setLevel(logging.CRITICAL)


def act_as_server(run: int) -> None:
    """Let messages of this process come from the server of the run with that id, as Flower's processes do."""
    TaskIdentity.task_id, TaskIdentity.run_id, TaskIdentity.node_id = 1, run, SUPERLINK_NODE_ID


__all__ = [
    "SUPERLINK_NODE_ID",
    "Array",
    "ArrayRecord",
    "ClientApp",
    "ConfigRecord",
    "Context",
    "Error",
    "Grid",
    "Message",
    "MessageType",
    "MetricRecord",
    "RecordDict",
    "Run",
    "ServerApp",
    "act_as_server",
]
