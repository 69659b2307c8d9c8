"""What a person drops onto the library, or chooses for it: videos to be analysed, or results to be taken in."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

VIDEOS = (".mp4", ".mov", ".mkv", ".avi", ".webm", ".m4v")
_PICTURES = (".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff")
_RESULTS = (".json", ".parquet", ".csv", ".jsonl")


@dataclass(frozen=True, slots=True)
class Dropped:
    """Paths by what is to be done with them; ``unknown`` are of no kind that Mien reads."""

    videos: tuple[Path, ...] = ()
    results: tuple[Path, ...] = ()
    unknown: tuple[Path, ...] = ()


def sort_dropped(paths: Iterable[Path]) -> Dropped:
    """Files by their endings; a folder gives its results, else its videos, else is one of pictures."""
    videos: list[Path] = []
    results: list[Path] = []
    unknown: list[Path] = []
    for path in paths:
        kind = path.suffix.lower()
        if path.is_dir():
            _sort_folder(path, videos, results, unknown)
        elif kind in VIDEOS or kind in _PICTURES:
            videos.append(path)
        else:
            (results if kind in _RESULTS else unknown).append(path)
    return Dropped(tuple(videos), tuple(results), tuple(unknown))


def _sort_folder(folder: Path, videos: list[Path], results: list[Path], unknown: list[Path]) -> None:
    try:
        inside = sorted(folder.iterdir())
    except OSError:
        unknown.append(folder)
        return
    kinds = {path.suffix.lower() for path in inside}
    if ".json" in kinds:
        results.append(folder)
    elif not kinds.isdisjoint(VIDEOS):
        videos += [path for path in inside if path.suffix.lower() in VIDEOS]
    else:
        (unknown if kinds.isdisjoint(_PICTURES) else videos).append(folder)
