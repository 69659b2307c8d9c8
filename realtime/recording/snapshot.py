"""A single picture kept as a file."""

from pathlib import Path

import cv2

from engines.errors import OutputError
from engines.files import written_whole
from realtime.overlay import draw
from realtime.recording.plan import free_name, name_by_time
from realtime.records import Frame, Reading


def save_snapshot(frame: Frame, reading: Reading, folder: Path, *, annotated: bool = True) -> Path:
    """Keep ``frame`` as a PNG in ``folder``, named by date and time; with the reading drawn onto it if ``annotated``.

    Returns the file. Raises ``OutputError`` if it cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"Cannot make the folder {folder}: {error.strerror}; choose another.") from error
    path = folder / f"{free_name(folder, name_by_time(), ('.png',))}.png"
    picture = draw(frame.image, reading) if annotated else frame.image
    _, encoded = cv2.imencode(".png", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
    with written_whole(path) as partial:
        partial.write_bytes(encoded.tobytes())
    return path
