"""What was done before, as the summaries in the output folder say: there is no other book of it."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from realtime.products import Outputs


@dataclass(frozen=True, slots=True)
class Result:
    """One run, as its summary has it.

    ``source`` is an absolute path where it was a file or folder. ``content``, ``settings``, ``size`` and ``mark`` are
    those of :mod:`realtime.batch.content`, empty where the run was none of a batch. ``error`` says why the source ended
    before it should.
    """

    outputs: Outputs
    source: str
    content: str
    settings: str
    size: int
    mark: str
    complete: bool
    error: str
    files: tuple[str, ...]

    @property
    def is_final(self) -> bool:
        """Whether to read it again would lead to the same: it was read to its end, or as far as can be."""
        return bool(self.complete or self.error) and all((self.outputs.folder / name).exists() for name in self.files)

    @property
    def whole(self) -> bool:
        return self.complete and not self.error


def read_summary(path: Path) -> dict[str, Any] | None:
    """What the summary at ``path`` says; None if there is none, or something else."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return told if isinstance(told, dict) and {"source", "complete", "frames", "faces"} <= told.keys() else None


def read_result(path: Path) -> Result | None:
    """The run whose summary lies at ``path``; None if there is none."""
    told = read_summary(path)
    return None if told is None else _result(path, told)


def find_results(folder: Path) -> Iterator[Result]:
    """The runs whose results lie in ``folder`` or below it."""
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if name.endswith(".json") and (result := read_result(Path(parent, name))) is not None:
                yield result


def where(source: str) -> str:
    """What tells ``source`` from others: the absolute path of a file or folder, whatever folder it is named in."""
    return str(Path(source).absolute()) if os.path.lexists(source) else source


def _result(path: Path, told: dict[str, Any]) -> Result:
    files = told.get("files")
    return Result(
        outputs=Outputs(path.parent, path.name.removesuffix(".json")),
        source=where(str(told["source"])),
        content=str(told.get("content") or ""),
        settings=str(told.get("settings") or ""),
        size=told["size"] if isinstance(told.get("size"), int) else -1,
        mark=str(told.get("mark") or ""),
        complete=told["complete"] is True,
        error=str(told.get("error") or ""),
        files=tuple(map(str, files)) if isinstance(files, list) else (),
    )
