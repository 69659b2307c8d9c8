"""Keeps the process from talking to the outside.

MediaPipe's tasks send usage metrics from inside their shared library, and no option of theirs stops it. They honour
``https_proxy``; so Mien points that at a closed loopback port before the first detector is made. Nothing else in Mien
goes out, but for the download of a model file, which a child process does in the environment that the user had.
"""

import os

_CLOSED_PORT = "http://127.0.0.1:9"
_PROXIES = ("https_proxy", "HTTPS_PROXY")
_users: dict[str, str | None] = {}


def silence() -> None:
    """Send every HTTPS request of this process's libraries to a closed loopback port. Twice is once."""
    for name in _PROXIES:
        _users.setdefault(name, os.environ.get(name))
        os.environ[name] = _CLOSED_PORT


def users_environment() -> dict[str, str]:
    """The environment as the user had it before :func:`silence`, for a child process that may go out."""
    environment = dict(os.environ)
    for name, value in _users.items():
        environment.pop(name, None)
        if value is not None:
            environment[name] = value
    return environment
