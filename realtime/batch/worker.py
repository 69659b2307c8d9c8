"""The process that reads sources for a batch: ``python -m realtime.batch.worker``.

A line on standard input is a task; on standard output come, line by line, ``{"progress": {...}}``,
``{"notice": "..."}`` and last ``{"outcome": {...}}``, and it waits for the next. Asked to stop, it finishes
the files of the task in work with what was read so far, as on Ctrl-C. When its owner has died, it ends at once: another
run may already be about to write to the same places.
"""

from dataclasses import asdict

from realtime.apart.owner import Owner
from realtime.batch.task import Task, read
from realtime.progress import following


def main() -> None:
    """Do what is asked, until nothing is."""
    owner = Owner(last_s=0.0)

    def look() -> None:
        if owner.gone.is_set():
            raise KeyboardInterrupt

    follow = following(lambda progress: owner.tell(progress=asdict(progress)), look)
    for asked in owner.requests():
        try:
            look()
            outcome = read(Task.from_dict(asked), notice=lambda line: owner.tell(notice=line), follow=follow, look=look)
        except KeyboardInterrupt:
            return
        owner.tell(outcome=outcome.to_dict())


if __name__ == "__main__":
    main()
