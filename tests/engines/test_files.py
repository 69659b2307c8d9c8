"""Files that are there whole or not at all."""

import json
from pathlib import Path

import pytest

from engines.errors import OutputError
from engines.files import write_json, written_whole


def _fail(path: Path, error: BaseException) -> None:
    with written_whole(path) as partial:
        partial.write_text("half")
        raise error


def test_a_document_comes_back_as_it_was(tmp_path: Path) -> None:
    write_json(tmp_path / "figures.json", {"é": [1, None]})
    assert json.loads((tmp_path / "figures.json").read_text(encoding="utf-8")) == {"é": [1, None]}
    assert [path.name for path in tmp_path.iterdir()] == ["figures.json"]


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt(), ValueError("no")])
def test_after_a_failure_the_older_file_is_still_there(error: BaseException, tmp_path: Path) -> None:
    path = tmp_path / "figures.json"
    path.write_text("older")
    with pytest.raises(OutputError if isinstance(error, OSError) else type(error)):
        _fail(path, error)
    assert path.read_text() == "older"
    assert [each.name for each in tmp_path.iterdir()] == ["figures.json"]


def test_a_folder_that_is_none_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(OutputError, match=r"figures\.json") as said:
        write_json(tmp_path / "file" / "figures.json", {})
    assert len(str(said.value).splitlines()) == 1
