"""The process that analyses one video for the queue: ``python -m realtime.library.worker``.

It reads a line from standard input, ``{"request": ..., "folder": ...}``, and tells on standard output, line by line,
how it goes: ``{"progress": {...}}``, ``{"notice": "..."}`` and last ``{"done": true}`` or ``{"failed": "..."}``. When
it is no longer wanted, it ends and leaves nothing.
"""

import os
import sys
from dataclasses import asdict
from pathlib import Path

from engines.errors import MienError
from realtime.apart.owner import Owner
from realtime.library.requests import Cancelled, Request
from realtime.products import Outputs, Products
from realtime.progress import following

_NICENESS = 10
"""A live view beside it gets nine parts of a core for each one that this process gets."""
_LAST_S = 5.0


def main() -> None:
    """Analyse what is asked for."""
    _be_gentle()
    owner = Owner(last_s=_LAST_S)
    for asked in owner.requests():
        try:
            _analyse(Request.from_json(asked["request"]), Path(asked["folder"]), owner)
        except Cancelled:
            pass
        except MienError as error:
            owner.tell(failed=str(error))
        else:
            owner.tell(done=True)
        break


def _be_gentle() -> None:
    if sys.platform == "win32":
        import psutil  # noqa: PLC0415 - not needed elsewhere

        psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
    else:
        os.nice(_NICENESS)


def _analyse(request: Request, folder: Path, owner: Owner) -> None:
    from realtime.analysis import analyze  # noqa: PLC0415 - after the process has become gentle: it is slow

    def look() -> None:
        if owner.gone.is_set():
            raise Cancelled("This analysis was cancelled.")

    analyze(
        request.options,
        Outputs(folder, folder.name),
        Products(annotate=request.annotate, report=False),
        notice=lambda line: owner.tell(notice=line),
        follow=following(lambda progress: owner.tell(progress=asdict(progress)), look),
    )


if __name__ == "__main__":
    main()
