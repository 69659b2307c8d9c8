"""The side of whoever starts the process."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from engines import network
from realtime.apart.owner import STOP

_ROOT = Path(__file__).resolve().parents[2]


def program(module: str) -> tuple[str, ...]:
    """The command that runs ``module`` of this installation, whatever lies in the folder that it is run in."""
    return (sys.executable, "-P", "-m", module)


class Child:
    """A process that is asked in lines of JSON and answers in such. As a context manager it is gone at the end.

    One thread asks and reads; any may let it go or kill it. It works in this process's folder.
    """

    def __init__(self, command: Sequence[str]) -> None:
        environment = network.users_environment()
        paths = [str(_ROOT), *filter(None, [environment.get("PYTHONPATH")])]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            env={**environment, "PYTHONPATH": os.pathsep.join(paths)},
        )

    def ask(self, line: dict[str, Any]) -> None:
        """Hand over ``line``; if the process has ended or was let go, its silence will say so."""
        if self._process.stdin is not None:
            with suppress(OSError, ValueError):
                self._process.stdin.write(json.dumps(line) + "\n")
                self._process.stdin.flush()

    def lines(self) -> Iterator[dict[str, Any]]:
        """What it says, until it ends; what libraries print in between is left out."""
        for line in self._process.stdout or ():
            try:
                said = json.loads(line)
            except ValueError:
                continue
            if isinstance(said, dict):
                yield said

    def stop(self) -> None:
        """Ask it to finish what it is at, and to end; from the thread that asks."""
        self.ask(STOP)

    def let_go(self) -> None:
        """Tell it that it is no longer wanted; from any thread."""
        if self._process.stdin is not None:
            with suppress(OSError):
                self._process.stdin.close()

    def kill(self, grace: float = 0.0) -> None:
        """End it by force unless it ends by itself within ``grace`` seconds; from any thread."""
        try:
            self._process.wait(grace)
        except subprocess.TimeoutExpired:
            self._process.kill()

    @property
    def lives(self) -> bool:
        return self._process.poll() is None

    def ending(self) -> str:
        """Waits for its end, and says in two words how it ended."""
        code = self._process.wait()
        return f"signal {-code}" if code < 0 else f"exit code {code}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        if self.lives:
            self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
