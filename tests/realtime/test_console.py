"""What a person at a terminal sees."""

import pytest

from realtime.console import result, say


@pytest.mark.parametrize("name", ["in/12:o:3.mp4", "in/[/].mp4", "in/[bold]talk.mp4", "in/" + 60 * "long " + ".mp4"])
def test_a_name_is_shown_as_it_is(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    result(name)
    say(name)
    assert capsys.readouterr() == (f"{name}\n", f"{name}\n")
