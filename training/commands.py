"""The commands that train a face encoder, make a model package of it, and measure one. Each imports what it needs."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from engines.arguments import Engine, Json, Model, Prompts
from engines.errors import DataError
from training.tools import Tools, lent, need

if TYPE_CHECKING:
    from training.recipe import Recipe

ProtocolChoice = Literal["majority", "argmax"]

Faces = Annotated[Path, typer.Option("--data", metavar="FILE", help="Training faces, laid out as the FER+ files.")]
Run = Annotated[Path | None, typer.Option(metavar="DIR", help="Where the run is kept; runs/NAME unless given.")]


def evaluate(
    context: typer.Context,
    data: Annotated[Path, typer.Argument(metavar="DATA.npz", help="Faces and votes, laid out as the FER+ files.")],
    protocol: Annotated[ProtocolChoice, typer.Option(help="Which faces count, and as what.")] = "argmax",
    model: Model = None,
    engine: Engine = "auto",
    prompts: Prompts = None,
    json_file: Json = None,
) -> None:
    """Measure a model on faces with votes: accuracy, recall, calibration."""
    tools = lent(context)
    from engines.assets import Assets
    from engines.base import EngineName
    from engines.files import write_json
    from engines.package import ModelPackage
    from engines.prompts import Prompts as Classes
    from engines.select import open_engine
    from engines.text_head import TextHead
    from training.data import load_faces
    from training.evaluate import evaluate as measure

    faces = load_faces(data)
    package = ModelPackage.load(model)
    with open_engine(package, EngineName(engine), notice=tools.say) as runner:
        classes = None if prompts is None else Classes.load(prompts)
        head = TextHead.of(package, classes, Assets.from_environment(notify=tools.say))
        document = measure(package, runner, head, faces, protocol).to_dict()
    _print_evaluation(tools, document)
    if json_file:
        write_json(json_file, document)


def train(
    context: typer.Context,
    recipe: Annotated[Path, typer.Argument(metavar="RECIPE.toml", help="What is trained, and how.")],
    data: Annotated[
        Path,
        typer.Option(
            metavar="FILE|DIR", help="Training faces, laid out as the FER+ files; of a task its data's folder."
        ),
    ],
    out: Run = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the run from its last whole epoch.")] = False,
    unlabelled: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Pictures and videos of faces without labels, to learn from too.")
    ] = None,
) -> None:
    """Train a face encoder (needs the train extra). Killed at any moment, it goes on with --resume."""
    _need_torch()
    tools = lent(context)
    from engines.assets import Assets
    from training.data import load_faces
    from training.recipe import Recipe
    from training.train import train as run
    from training.words import class_embeddings

    choices = Recipe.load(recipe)
    folder = out or Path("runs") / choices.name
    if choices.task.name:
        if unlabelled is not None:
            raise DataError(
                f"The recipe {choices.name} is for a task, which takes no unlabelled faces: leave them out."
            )
        _train_task(tools, choices, data, folder, resume=resume)
        return
    assets = Assets.from_environment(notify=tools.say)
    words, faces = class_embeddings(assets, choices), load_faces(data)
    more = None if unlabelled is None else tools.gather(unlabelled, choices, assets)
    with tools.progress(f"training {choices.name}") as advance:
        run(choices, faces, words, folder, resume=resume, progress=advance, unlabelled=more)
    tools.result(f"Trained. Make a model package of it with: export {folder} DIR --data {data}")


def _train_task(tools: Tools, recipe: "Recipe", data: Path, folder: Path, *, resume: bool) -> None:
    """Train for valence and arousal, or for pain, and tell the figures of the last epoch."""
    from training.distill.task_run import open_task
    from training.train import finish

    run = open_task(recipe, data, folder, resume=resume, cut=tools.cut_films)
    with tools.progress(f"training {recipe.name}") as advance:
        finish(run, folder, advance)
    for name, value in run.log[-1].items():
        if name.startswith("held_out_"):
            tools.result(f"{name.removeprefix('held_out_').replace('_', ' '):20}  {value:.3f}")


def export(
    context: typer.Context,
    run: Annotated[Path, typer.Argument(metavar="RUN", help="The folder of a training run.")],
    package: Annotated[Path, typer.Argument(metavar="DIR", help="The model package, which is replaced.")],
    data: Faces,
    int8: Annotated[bool, typer.Option("--int8", help="Add the encoder in int8, if it reads nearly as well.")] = False,
) -> None:
    """Make a model package (encoder, card, words) of a training run (needs the train extra)."""
    _need_torch()
    tools = lent(context)
    from engines.assets import Assets
    from training.checkpoint import Checkpoint
    from training.data import FER_CROP, load_faces
    from training.export import export as write
    from training.words import class_embeddings

    checkpoint = Checkpoint.load(run)
    words = class_embeddings(Assets.from_environment(notify=tools.say), checkpoint.recipe)
    faces = load_faces(data)
    made = write(checkpoint, faces, words, FER_CROP, package)
    tools.result(f"Wrote {package}. Use it with --model {package}.")
    if int8:
        from training.quantise import quantise

        tools.result(f"Wrote {quantise(made, checkpoint.recipe, faces)}.")


def _need_torch() -> None:
    need("Training", "train", "torch", "geomloss")


def _print_evaluation(tools: Tools, document: dict[str, Any]) -> None:
    """The figures of ``evaluate``, for a person."""
    tools.result(f"{document['model']} on {document['engine']}: {document['n']} faces, {document['protocol']} protocol")
    tools.result(f"accuracy      {document['accuracy']:.2%}")
    tools.result(f"macro recall  {document['macro_recall']:.2%}")
    tools.result(f"calibration   {document['ece']:.2%} expected error")
    tools.result(f"likelihood    {document['nll']:.3f} nats")
    names = list(document["recall"])
    header = ("truth, read as", *(name[:4] for name in names), "recall")
    recalls = ["" if r is None else f"{r:.1%}" for r in document["recall"].values()]
    counts = [[str(n) for n in row] for row in document["confusion"]]
    tools.table("", header, [(n, *row, r) for n, row, r in zip(names, counts, recalls, strict=True)])
