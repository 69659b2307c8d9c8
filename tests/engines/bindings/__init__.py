"""Stand-ins for NVIDIA's Python bindings, and the vocabulary of the real ones that holds them to the truth.

The JSON files hold names alone, each with its parameters, as the bindings themselves tell them. For another version::

    python -m tests.engines.bindings tensorrt > tests/engines/bindings/tensorrt-VERSION.json
"""

import inspect
import json
import re
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.engines.bindings import cuda_runtime, tensorrt

FAKES: dict[str, ModuleType] = {"tensorrt": tensorrt, "cuda.bindings.runtime": cuda_runtime}
VOCABULARIES = sorted(Path(__file__).parent.glob("*.json"))

Vocabulary = dict[str, list[list[str]]]
"""Each name of a module, ``Class.member`` too, with the parameters of each way to call it: none for what is no call."""


def read(path: Path) -> tuple[ModuleType, Vocabulary]:
    """The stand-in that a vocabulary is for, and its names."""
    document = json.loads(path.read_text(encoding="utf-8"))
    return FAKES[document["module"]], document["names"]


def vocabulary(module: Any, spoken: list[str]) -> Vocabulary:
    """The names of ``module`` in ``spoken``, with all that those which are classes have."""
    names: Vocabulary = {}
    for name in spoken:
        thing = getattr(module, name)
        names[name] = _calls(thing, name)
        if isinstance(thing, type):
            names[name] = _calls(vars(thing).get("__init__"), "__init__")
            for member in dir(thing):
                if not member.startswith("_"):
                    names[f"{name}.{member}"] = _calls(getattr(thing, member), member)
    return names


def invented(module: ModuleType, names: Vocabulary) -> list[str]:
    """What the stand-in ``module`` says that ``names`` do not have, or with other parameters."""
    said: dict[str, object] = {}
    for name in module.__all__:
        thing = said[name] = getattr(module, name)
        members = vars(thing) if isinstance(thing, type) else {}
        said |= {f"{name}.{member}": value for member, value in members.items() if not member.startswith("_")}
    return [name for name, thing in said.items() if name not in names or not _fits(thing, names[name])]


def _fits(thing: object, calls: list[list[str]]) -> bool:
    if not inspect.isfunction(thing):
        return True
    parameters = [name for name in inspect.signature(thing).parameters if name != "self"]
    # The real one may take more, which it can do without.
    return any(call[: len(parameters)] == parameters for call in calls)


def _calls(thing: object, name: str) -> list[list[str]]:
    """The parameters of each signature in the text that bindings carry."""
    lines = (getattr(thing, "__doc__", None) or "").splitlines() if callable(thing) else []
    found = [re.match(rf"(?:\d+\. )?{re.escape(name)}\((.*)\)", line.strip()) for line in lines]
    calls = [_parameters(match[1]) for match in found if match and "*args" not in match[1]]
    return [call for place, call in enumerate(calls) if call not in calls[:place]]


def _parameters(text: str) -> list[str]:
    """The names in ``self: Builder, flags: int = 0`` as in ``size_t size, unsigned int flags``, less self."""
    flat = re.sub(r"<[^>]*>|\[[^\[\]]*\]", "", re.sub(r"\[[^\[\]]*\]", "", text))
    parameters = [part.split(":")[0].split("=")[0].split() for part in flat.split(",") if part.strip()]
    return [words[-1].lstrip("*") for words in parameters if words[-1] != "self"]
