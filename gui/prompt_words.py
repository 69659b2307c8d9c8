"""What the prompts panel says: of a problem, and of how it stands."""

from gui.language import tr
from gui.wording import Applied, Failed, Fetching, Missing, State
from realtime.wording import LONGEST_DESCRIPTION, LONGEST_NAME, Flaw

_MEGA = 1e6


def problem_line(flaw: Flaw) -> str:
    """What is wrong, and what to do about it, in one line."""
    lines = {
        Flaw.NO_NAME: tr("Give it a name."),
        Flaw.SAME_NAME: tr("Another expression has this name."),
        Flaw.LONG_NAME: tr("A name has at most {count} characters.", count=LONGEST_NAME),
        Flaw.UNREADABLE_NAME: tr("The name has a character that cannot be shown."),
        Flaw.NO_DESCRIPTION: tr("Describe it in a sentence, such as “{example}”.", example="a bored face"),
        Flaw.LONG_DESCRIPTION: tr("A sentence has at most {count} characters.", count=LONGEST_DESCRIPTION),
        Flaw.UNREADABLE_DESCRIPTION: tr("A sentence has a character that cannot be read."),
        Flaw.TOO_FEW: tr("Switch on two expressions at least."),
    }
    return lines[flaw]


def state_line(state: State | None) -> str:
    """How it stands with the text of the panel."""
    match state:
        case None:
            return tr("Reading the model…")
        case Applied(draft):
            return tr("{count} expressions in use.", count=len(draft.names))
        case Missing(size, offline):
            return _missing(_megabytes(size), offline=offline)
        case Fetching(done, total):
            return _fetching(_megabytes(done), _megabytes(total))
        case Failed(line):
            return line
    return tr("Applying…")


def _missing(size: int, *, offline: bool) -> str:
    if offline:
        return tr("Describing new expressions needs a text model, and Mien is offline.")
    return tr("Describing new expressions needs a text model of {size} MB.", size=size)


def _fetching(done: int, total: int) -> str:
    if not total:
        return tr("Fetching the text model…")
    return tr("Fetching: {done} of {total} MB", done=done, total=total)


def _megabytes(size: int) -> int:
    return round(size / _MEGA)
