"""The int8 form of a package's encoder: ``encoder.int8.onnx``, which ``training.quantise`` puts beside the other."""

from pathlib import Path

from engines.errors import ModelError
from engines.package import ModelPackage

QUANTISED = "encoder.int8.onnx"
MADE_FROM = "mien.made_from"
"""Where the file says the SHA-256 of the encoder that it was made from."""


def quantised_encoder(package: ModelPackage) -> Path:
    """The int8 encoder of ``package``. Raises ``ModelError`` if there is none, or none of this encoder."""
    path = package.folder / QUANTISED
    if not path.exists():
        raise ModelError(f"{package.folder} has no {QUANTISED}: export the run again with --int8.")
    if not has_quantised(package):
        raise ModelError(f"{path} is damaged, or was made from another encoder: export the run again with --int8.")
    return path


def has_quantised(package: ModelPackage) -> bool:
    """Whether ``package`` has an int8 encoder that was made from its own."""
    try:
        # It stands there as it is: to read the whole graph for it would take longer than all else at a start.
        return package.card.encoder_sha256.encode() in (package.folder / QUANTISED).read_bytes()
    except OSError:
        return False
