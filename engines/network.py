"""Keeps the process from talking to the outside.

Two libraries that Mien stands on report to their makers, unasked. MediaPipe's tasks send usage metrics from inside
their shared library, and no option of theirs stops it. They honour ``https_proxy``; so Mien points that at a closed
loopback port before the first detector is made, and takes away ``no_proxy``, which would lead around it. OpenVINO sends
an event as soon as it is imported, through the package ``openvino_telemetry``, and does without where that is missing;
so Mien hides it. Nothing else in Mien goes out, but for the download of a model file, which a child process does in the
environment that the user had.
"""

import os
import sys
from collections.abc import Mapping, MutableMapping

_CLOSED_PORT = "http://127.0.0.1:9"
_SILENT = {"https_proxy": _CLOSED_PORT, "HTTPS_PROXY": _CLOSED_PORT, "no_proxy": None, "NO_PROXY": None}
_users: dict[str, str | None] = {}


def silence() -> None:
    """Keep this process's libraries from reporting: to be called before MediaPipe and OpenVINO load. Twice is once."""
    if not _users:
        # All are noted before any is changed: where names ignore case, one stands for two.
        _users.update({name: os.environ.get(name) for name in _SILENT})
    _apply(_SILENT, os.environ)
    sys.modules["openvino_telemetry"] = None  # type: ignore[assignment] # Python's way to make an import fail


def users_environment() -> dict[str, str]:
    """The environment as the user had it before :func:`silence`, for a child process that may go out."""
    environment = dict(os.environ)
    _apply(_users, environment)
    return environment


def _apply(wanted: Mapping[str, str | None], environment: MutableMapping[str, str]) -> None:
    for name, value in wanted.items():
        if value is None:
            environment.pop(name, None)
        else:
            environment[name] = value
