"""What commands of more than one room are asked: which model, what runs it, the classes, and a file for the figures."""

from pathlib import Path
from typing import Annotated, Literal

import typer

EngineChoice = Literal["auto", "openvino", "onnxruntime", "tensorrt", "torch"]

Model = Annotated[
    Path | None, typer.Option(metavar="MODEL", help="mien-xs, smaller and quicker, or the folder of a model package.")
]
Engine = Annotated[EngineChoice, typer.Option(help="What runs the face encoder; tensorrt runs the detectors as well.")]
Prompts = Annotated[Path | None, typer.Option(metavar="FILE", help="A TOML file of classes and their descriptions.")]
Json = Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Write the figures to FILE as well.")]
