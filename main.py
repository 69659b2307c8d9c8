"""The command line: wires the rooms together, and imports each only when its command runs."""

import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

import click
import typer

from engines.arguments import Engine, Json, Model, Prompts
from engines.errors import MienError
from training.commands import evaluate, export, train
from training.federated.commands import app as federations
from training.tools import Tools

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from engines.assets import Assets
    from realtime.options import Options
    from training.data import Faces
    from training.recipe import Recipe

F = TypeVar("F")

# Nothing here is in rich's markup, but where rich is installed typer escapes the brackets of all defaults for it.
typer.core.HAS_RICH = False
app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
benchmarks = typer.Typer(
    invoke_without_command=True, subcommand_metavar="[compare A.json B.json]", rich_markup_mode=None
)
app.add_typer(benchmarks, name="benchmark")
app.add_typer(federations, name="federate")

DetectorChoice = Literal["short", "full", "auto", "tiled"]
TableChoice = Literal["parquet", "csv", "jsonl"]
CodecChoice = Literal["h264", "hevc", "av1"]

_DETECTOR_HELP = "short sees the desk, full the room, auto both as needed, tiled small faces in large pictures too."
_CONFIDENCE_HELP = "Score from which a face is believed; chosen for you unless given."
_SMOOTHING_HELP = "Time constant of a face's readings, 0.3 unless given; 0 for none."
_WORKERS_HELP = "Read N at a time, each in a process of its own."
_CLUSTER_HELP = "Read on the Ray cluster at ADDRESS; local starts one here."
_CODEC_HELP = "How the annotated video is coded: h264 plays everywhere, av1 is smallest."
_QUALITY_HELP = "Of the annotated video; 60 unless given, which shows no loss."
_HARDWARE_HELP = "Encode by a graphics card that can; without, the same input gives the same file."
_NEUTRAL_HELP = "Take each face's first SECONDS as its neutral, and correct by it."
_KEYPOINTS_HELP = "Add the eyes, nose, mouth and ears and the head's roll to the table."
_EMBEDDINGS_HELP = "Add the encoder's numbers of each face to the table."
_BLUR_HELP = "Blur the faces in every picture and video that is written."
_EPISODES = click.Choice(["csv", "elan", "boris"])
_EPISODES_HELP = "Write the spans of each expression too: a table, or for ELAN or BORIS; may be given again."

Detector = Annotated[DetectorChoice, typer.Option(help=_DETECTOR_HELP)]
Confidence = Annotated[float | None, typer.Option(min=0.05, max=0.95, help=_CONFIDENCE_HELP)]
Smoothing = Annotated[float | None, typer.Option(min=0, metavar="SECONDS", help=_SMOOTHING_HELP)]
Neutral = Annotated[float | None, typer.Option(min=0.1, metavar="SECONDS", help=_NEUTRAL_HELP)]


@app.callback(invoke_without_command=True)
def mien(
    context: typer.Context,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,  # noqa: ARG001 - main() looks for it
    offline: Annotated[bool, typer.Option("--offline", help="Never fetch a model file.")] = False,
    assets: Annotated[Path | None, typer.Option(metavar="DIR", help="Your own folder of third-party files.")] = None,
) -> None:
    """Read facial expressions in live and recorded video, guided by text.

    Without a command, the window opens on the first camera. No picture leaves this machine.
    """
    context.obj = _tools
    # The rooms read these, and so does any process that they start.
    if offline:
        os.environ["MIEN_OFFLINE"] = "1"
    if assets is not None:
        os.environ["MIEN_ASSETS"] = str(assets)
    if context.invoked_subcommand is None:
        webcam()


@app.command()
def webcam(
    camera: Annotated[
        str, typer.Option(metavar="N|NAME|URL", help="Which camera or stream; that of the last time unless given.")
    ] = "",
    model: Model = None,
    engine: Engine = "auto",
    prompts: Prompts = None,
    detector: Detector = "auto",
    confidence: Confidence = None,
    smoothing: Smoothing = None,
    neutral: Neutral = None,
) -> None:
    """Open the window on a camera, by number or name, or on a stream (RTSP, or MJPEG over HTTP)."""
    # Products of small matrices only: more threads of NumPy's would take the cores from the picture.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from gui.app import run

    options = _options(
        camera,
        model=model,
        engine=engine,
        prompts=prompts,
        detector=detector,
        confidence=confidence,
        smoothing=smoothing,
        neutral=neutral,
    )
    raise typer.Exit(run(options))


@app.command()
def video(
    inputs: Annotated[list[str], typer.Argument(metavar="INPUT...", help="Videos, pictures, and folders of them.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where the results go.")] = Path("mien-output"),
    table: Annotated[TableChoice, typer.Option(help="Format of the table.")] = "parquet",
    keypoints: Annotated[bool, typer.Option("--keypoints", help=_KEYPOINTS_HELP)] = False,
    embeddings: Annotated[bool, typer.Option("--embeddings", help=_EMBEDDINGS_HELP)] = False,
    episodes: Annotated[list[str] | None, typer.Option(click_type=_EPISODES, help=_EPISODES_HELP)] = None,
    annotate: Annotated[bool, typer.Option(help="Write the video with boxes, labels and bars drawn in.")] = True,
    codec: Annotated[CodecChoice, typer.Option(help=_CODEC_HELP)] = "h264",
    quality: Annotated[int | None, typer.Option(min=0, max=100, help=_QUALITY_HELP)] = None,
    hardware: Annotated[bool, typer.Option(help=_HARDWARE_HELP)] = True,
    report: Annotated[
        bool, typer.Option(help="Write a page to read, with timelines and the strongest moments.")
    ] = True,
    blur_faces: Annotated[bool, typer.Option("--blur-faces", help=_BLUR_HELP)] = False,
    recursive: Annotated[bool, typer.Option("--recursive", help="Read the folders in a folder too.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Read also what was read before.")] = False,
    workers: Annotated[int | None, typer.Option(min=1, max=256, metavar="N", help=_WORKERS_HELP)] = None,
    cluster: Annotated[str, typer.Option(metavar="ADDRESS", help=_CLUSTER_HELP)] = "",
    model: Model = None,
    engine: Engine = "auto",
    prompts: Prompts = None,
    detector: Detector = "auto",
    confidence: Confidence = None,
    smoothing: Smoothing = None,
    neutral: Neutral = None,
) -> None:
    """Read videos or pictures: an annotated video, a table with a row per face and frame, and a summary of each.

    What was read before, by content and settings, is not read again: after Ctrl-C the same command goes on.
    """
    from realtime.batch.batch import Order, read_all
    from realtime.products import Products

    products = Products(
        table=table,
        keypoints=keypoints,
        embeddings=embeddings,
        episodes=tuple(dict.fromkeys(episodes or ())),  # type: ignore[arg-type]  # click has looked at them
        annotate=annotate,
        codec=codec,
        quality=quality,
        hardware=hardware,
        report=report,
        blur=blur_faces,
    )
    options = _options(
        "",
        model=model,
        engine=engine,
        prompts=prompts,
        detector=detector,
        confidence=confidence,
        smoothing=smoothing,
        neutral=neutral,
    )
    order = Order(inputs, out, products, recursive=recursive, again=again, workers=workers, cluster=cluster)
    if read_all(options, order):
        raise typer.Exit(1)


@benchmarks.callback()
def benchmark(
    context: typer.Context,
    source: Annotated[
        list[str] | None, typer.Option(metavar="FILE|synthetic", help="What is read; may be given again.")
    ] = None,
    faces: Annotated[
        list[int] | None, typer.Option(min=1, max=64, help="Faces in the synthetic scene; again for another scene.")
    ] = None,
    size: Annotated[str, typer.Option(metavar="WxH", help="Pixels of the synthetic scene.")] = "1280x720",
    seconds: Annotated[float | None, typer.Option(min=1, help="Read each source over and over for so long.")] = None,
    live: Annotated[
        bool, typer.Option("--live", help="Read in real time, 30 frames a second, as of a camera.")
    ] = False,
    engine: Annotated[str, typer.Option(metavar="NAME|all", help="Which engine is measured.")] = "auto",
    batch: Annotated[
        list[int] | None, typer.Option(min=1, max=256, help="Faces at once; again for more. 1 to 256 unless given.")
    ] = None,
    model: Model = None,
    detector: Detector = "auto",
    json_file: Json = None,
    picture: Annotated[Path | None, typer.Option(metavar="FILE.png", help="Draw the engines' figures.")] = None,
) -> None:
    """Measure rate, latency, the time of each stage, memory and energy. Writes no video and needs no display."""
    if context.invoked_subcommand is not None:
        return
    from engines.base import EngineName
    from engines.files import write_json
    from realtime.benchmark import Plan, measure
    from realtime.benchmark.tables import print_benchmark
    from realtime.console import follow, progress

    if engine != "all" and engine not in list(EngineName):
        raise click.BadParameter(f"{engine!r} is not all or one of {', '.join(EngineName)}.", param_hint="--engine")
    given = {"sources": source, "faces": faces, "batches": batch}
    plan = Plan(
        size=_pixels(size),
        seconds=seconds,
        live=live,
        every_engine=engine == "all",
        **{name: tuple(values) for name, values in given.items() if values},  # type: ignore[arg-type]
    )
    options = _options("", model=model, engine="auto" if engine == "all" else engine, detector=detector)
    document = measure(options, plan, follow, progress)
    print_benchmark(document)
    if json_file:
        write_json(json_file, document)
    if picture:
        from realtime.benchmark.picture import draw_engines

        draw_engines(document["engines"], picture)


@benchmarks.command()
def compare(
    before: Annotated[Path, typer.Argument(metavar="A.json", help="What --json of a benchmark wrote.")],
    after: Annotated[Path, typer.Argument(metavar="B.json", help="What --json of another wrote.")],
) -> None:
    """Compare two benchmarks: B / A of every figure that both have."""
    from realtime.benchmark.compare import compare as ratios
    from realtime.benchmark.tables import print_comparison

    print_comparison(ratios(before, after))


app.command()(evaluate)
app.command()(train)
app.command()(export)


@app.command()
def engines(
    model: Model = None,
    anew: Annotated[bool, typer.Option("--measure", help="Measure every engine anew, not the unknown alone.")] = False,
    json_file: Json = None,
) -> None:
    """List the engines: which are here, how quick each is, which one auto takes, and what the others need."""
    from engines.files import write_json
    from engines.listing import describe
    from engines.package import ModelPackage
    from realtime.console import print_engines

    document = describe(ModelPackage.load(model), anew=anew)
    print_engines(document)
    if json_file:
        write_json(json_file, document)


@app.command()
def doctor(
    fetch: Annotated[bool, typer.Option("--fetch", help="Fetch the model files that are missing.")] = False,
) -> None:
    """Check this installation, part by part; exit 1 where something is missing."""
    from engines.assets import Assets
    from realtime.console import result, say
    from realtime.doctor import examine

    found = examine(Assets.from_environment(notify=say), fetch=fetch)
    for finding in found:
        result(f"{'ok ' if finding.fine else 'no '} {finding.part}: {finding.words}")
    if not all(finding.fine for finding in found):
        raise typer.Exit(1)


def _options(source: str, **chosen: Any) -> "Options":
    """The options that were given; what was not keeps the default that the pipeline has for it."""
    from engines.assets import Assets
    from engines.base import EngineName
    from engines.package import package_folder
    from realtime.console import say
    from realtime.options import Options

    given = {name: value for name, value in chosen.items() if value is not None}
    given["engine"] = EngineName(given["engine"])
    if "model" in given:
        given["model"] = package_folder(given["model"])
    return Options(source, assets=Assets.from_environment(notify=say), **given).checked()


def _tools() -> Tools:
    """What the commands of training are lent: they know neither the console nor what finds faces."""
    from realtime.console import print_table, progress, result, say

    return Tools(say, result, print_table, partial(progress, log=True), _gather, _gather_labelled, _cut_films)


def _gather(folder: Path, recipe: "Recipe", assets: "Assets") -> "NDArray[np.uint8]":
    """The faces in the pictures and videos of ``folder``, framed as ``recipe``'s encoder wants them."""
    from realtime.gathering import gather

    e = recipe.encoder
    return _found(gather, folder, f"faces of {folder}", e.size, e.channels, assets).images


def _gather_labelled(folder: Path, recipe: "Recipe", assets: "Assets") -> "Faces":
    """The faces with labels in ``folder``, framed as ``recipe``'s encoder wants them."""
    from realtime.labelled import gather_labelled
    from training.data import CLASSES, with_labels

    e, gather = recipe.encoder, partial(gather_labelled, classes=CLASSES)
    found = _found(gather, folder, f"faces of {folder}", e.size, e.channels, assets)
    return with_labels(found.images, found.labels)


def _cut_films(films: "Sequence[Path]", channels: int, size: int) -> "tuple[NDArray[np.uint8], NDArray[np.intp]]":
    """The faces in ``films``, with so many channels and pixels, and which film each is of."""
    from engines.assets import Assets
    from realtime.console import say
    from realtime.labelled import cut_films

    found = _found(cut_films, films, "faces of the films", size, channels, Assets.from_environment(notify=say))
    return found.images, found.labels


def _found(gather: "Callable[..., F]", what: object, title: str, size: int, channels: int, assets: "Assets") -> F:
    """What ``gather`` finds in ``what`` with Mien's own detectors, framed as the FER+ faces are."""
    from realtime.console import progress, say
    from realtime.detector import make_detector
    from realtime.gathering import Cutter
    from training.data import FER_CROP

    with make_detector("auto", assets=assets, notice=say) as detector, progress(title) as advance:
        found = gather(what, Cutter(detector, FER_CROP, size, channels, notice=say, told=advance))
    say(str(found))
    return found


def _pixels(text: str) -> tuple[int, int]:
    """Width and height of ``WxH``."""
    width, _, height = text.lower().partition("x")
    if not (width.isdecimal() and height.isdecimal() and 0 < int(width) <= 8192 and 0 < int(height) <= 8192):
        raise click.BadParameter(f"{text!r} is no size like 1280x720.", param_hint="--size")
    return int(width), int(height)


def main() -> None:
    """Run the command line and exit: 0 done, 1 after one line on what is wrong, 2 for wrong usage, 130 stopped."""
    command = typer.main.get_command(app)
    try:
        code = command.main(prog_name="mien", standalone_mode=False)
    except click.exceptions.Abort:
        code = 130
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except MienError as error:
        if "--debug" in sys.argv:
            raise
        sys.stderr.write(f"{error}\n")
        code = 1
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)


if __name__ == "__main__":
    main()
