"""Prints the vocabulary of the bindings that are installed."""

import importlib
import json
import sys

from tests.engines.bindings import FAKES, vocabulary

module = sys.argv[1]
real = importlib.import_module(module)
version = getattr(real, "__version__", None) or importlib.import_module(module.rpartition(".")[0]).__version__
names = vocabulary(real, [name for name in FAKES[module].__all__ if hasattr(real, name)])
lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(calls)}" for name, calls in sorted(names.items()))
sys.stdout.write(f'{{\n "module": "{module}",\n "version": "{version}",\n "names": {{\n{lines}\n }}\n}}')
