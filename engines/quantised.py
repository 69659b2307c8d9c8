"""The int8 form of a package's encoder: ``encoder.int8.onnx``, which ``training.quantise`` puts beside the other."""

from pathlib import Path

from engines.errors import ModelError
from engines.package import ModelPackage

QUANTISED = "encoder.int8.onnx"
MADE_FROM = "mien.made_from"
"""Where the file says the SHA-256 of the encoder that it was made from."""


def quantised_encoder(package: ModelPackage) -> Path:
    """The int8 encoder of ``package``. Raises ``ModelError`` if there is none, or one of another encoder.

    Needs the ``onnx`` package.
    """
    import onnx  # noqa: PLC0415 - few machines have it

    path = package.folder / QUANTISED
    try:
        entries = {entry.key: entry.value for entry in onnx.load(path).metadata_props}
    except FileNotFoundError as error:
        raise ModelError(f"{package.folder} has no {QUANTISED}: export the run again with --int8.") from error
    except Exception as error:  # protobuf's errors share no base class but this
        raise ModelError(f"{path} is damaged: export the run again with --int8.") from error
    if entries.get(MADE_FROM) != package.card.encoder_sha256:
        raise ModelError(f"{path} was made from another encoder: export the run again with --int8.")
    return path
