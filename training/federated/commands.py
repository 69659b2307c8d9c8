"""The commands of a federation. Each imports what it needs when it runs."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from training.tools import Tools, lent, need

if TYPE_CHECKING:
    from training.federated.opening import Opening
    from training.federated.rounds import Coordinator

app = typer.Typer(rich_markup_mode=None)

_DATA_HELP = "Faces: a folder with one for each expression or a labels.csv, or an npz laid out as the FER+ files."
_CLIENTS_DATA_HELP = "The same, of a client that is named by the folder or file; give one for each client."

RecipeFile = Annotated[Path, typer.Argument(metavar="RECIPE.toml", help="What is trained, and how; the same for all.")]
Data = Annotated[Path, typer.Option(metavar="PATH", help=_DATA_HELP)]
Strategy = Annotated[str, typer.Option(metavar="NAME", help="amy, fedavg, fedprox, fedper, fedrep or local.")]
Rounds = Annotated[int, typer.Option(min=0, metavar="N", help="In place of the recipe's.")]
Resume = Annotated[bool, typer.Option("--resume", help="Go on from the last whole round.")]
Hosts = Annotated[list[str], typer.Option(metavar="NAME", help="What clients call the server; may be given again.")]
Names = Annotated[list[str], typer.Option(metavar="NAME", help="A client to make a key for; may be given again.")]


@app.callback()
def federate() -> None:
    """Train one model on the faces of several clients, none of which shows them."""


@app.command()
def certificates(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where they go; what is there stays.")],
    host: Hosts,
    client: Names,
) -> None:
    """Make an authority, the server's certificate, and a key for each client."""
    _need_flower()
    from training.federated.certificates import AUTHORITY, CLIENTS, SERVER, SERVER_KEY, make_certificates

    make_certificates(folder, host, client)
    tools = lent(context)
    tools.result(f"The server keeps {SERVER}, {SERVER_KEY} and {CLIENTS}/NAME.pem of {folder}.")
    tools.result(f"Give each client {AUTHORITY} and its own {CLIENTS}/NAME.key, and no other key to anybody.")


@app.command()
def simulate(
    context: typer.Context,
    recipe: RecipeFile,
    data: Annotated[list[Path], typer.Option(metavar="PATH", help=_CLIENTS_DATA_HELP)],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where server and clients are kept.")],
    clients: Annotated[int, typer.Option(min=0, metavar="N", help="Deal the faces of one file out to N clients.")] = 0,
    concentration: Annotated[float, typer.Option(help="Of the Dirichlet distribution; low: clients differ.")] = 0.5,
    noise: Annotated[float, typer.Option(min=0, max=1, help="Share of the labels to spoil.")] = 0.0,
    strategy: Strategy = "",
    rounds: Rounds = 0,
    workers: Annotated[int, typer.Option(min=0, metavar="N", help="Clients at a time; 0 for one a core.")] = 0,
    resume: Resume = False,
) -> None:
    """Let many clients train on this machine, as they would over a network."""
    tools = lent(context)
    opening = _opening(tools, recipe, strategy, rounds)
    from training.federated.apps import describe
    from training.federated.opening import Dealing
    from training.federated.simulation import simulate as run
    from training.federated.store import restore_client

    coordinator = opening.coordinator(out, resume=resume)
    members = opening.clients(data, Dealing(clients, concentration, noise))
    for member in members if resume else ():
        restore_client(member, out / member.name)
    run(
        coordinator,
        members,
        opening.words,
        folder=out,
        told=lambda _, line: tools.say(describe(line)),
        notice=tools.say,
        workers=workers,
    )
    _conclude(tools, coordinator)


@app.command()
def server(
    context: typer.Context,
    recipe: RecipeFile,
    certificates: Annotated[Path, typer.Option(metavar="DIR", help="What federate certificates made.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where the common model is kept.")],
    host: Annotated[str, typer.Option(metavar="ADDRESS", help="What to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 for any that is free.")] = 9092,
    first: Annotated[int, typer.Option(min=0, metavar="N", help="Clients that the first round needs; 0 for all.")] = 0,
    least: Annotated[int, typer.Option(min=1, metavar="N", help="Clients that each other round needs.")] = 2,
    wait: Annotated[float, typer.Option(min=0, metavar="SECONDS", help="For the other clients, each round.")] = 60.0,
    timeout: Annotated[float, typer.Option(min=1, metavar="SECONDS", help="For the updates of a round.")] = 3600.0,
    until: Annotated[int, typer.Option(min=0, metavar="N", help="Stop after round N, to go on with --resume.")] = 0,
    strategy: Strategy = "",
    rounds: Rounds = 0,
    resume: Resume = False,
) -> None:
    """Coordinate clients over the network. It sees weights, never a face."""
    tools = lent(context)
    opening = _opening(tools, recipe, strategy, rounds)
    from training.federated.apps import describe, server_app
    from training.federated.certificates import CLIENTS, SERVER, SERVER_KEY, read_clients
    from training.federated.server import FleetServer

    keys = read_clients(certificates / CLIENTS)
    coordinator = opening.coordinator(out, resume=resume)

    def needed() -> int:
        return min(least if coordinator.round else first or len(keys), len(keys))

    def present() -> dict[int, str]:
        return running.gather(needed(), wait)

    with FleetServer(host, port, certificates / SERVER, certificates / SERVER_KEY, keys) as running:
        tools.say(f"Listening on {host}, port {running.port}, for {', '.join(keys)}.")
        tools.say(f"Round {coordinator.round + 1} begins when {needed()} of them are there.")
        running.carry_out(
            server_app(
                coordinator,
                opening.words,
                present,
                timeout=timeout,
                folder=out,
                told=lambda _, line: tools.say(describe(line)),
                notice=tools.say,
                until=until,
            )
        )
    _conclude(tools, coordinator)


@app.command()
def client(
    context: typer.Context,
    recipe: RecipeFile,
    data: Data,
    server: Annotated[str, typer.Option(metavar="HOST:PORT", help="The server, and the only one spoken to.")],
    authority: Annotated[Path, typer.Option(metavar="FILE", help="authority.pem of the federation.")],
    key: Annotated[Path, typer.Option(metavar="FILE", help="This client's NAME.key; NAME is its name.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where this client's model is kept, and gone on with.")],
    package: Annotated[Path | None, typer.Option(metavar="DIR", help="Make a model package at the end.")] = None,
    strategy: Strategy = "",
    rounds: Rounds = 0,
) -> None:
    """Take part with the faces of this machine, which stay here."""
    tools = lent(context)
    opening = _opening(tools, recipe, strategy, rounds)
    from training.federated.apps import client_app
    from training.federated.certificates import read_key
    from training.federated.node import FleetClient
    from training.federated.store import restore_client

    faces = opening.faces(data)
    member = opening.client(key.stem, faces)
    if restore_client(member, out / member.name):
        tools.say(f"{member.name} goes on with what {out / member.name} keeps.")
    app = client_app(lambda _: member, opening.words, out, tools.say)
    with FleetClient(server, authority, read_key(key), app, notice=tools.say) as connected:
        connected.run()
    tools.result(f"The federation has ended. The model of {member.name} is in {out / member.name}.")
    if package is not None:
        opening.export(out / member.name, faces, package)
        tools.result(f"Wrote {package}. Use it with --model {package}.")


@app.command()
def export(
    context: typer.Context,
    client: Annotated[Path, typer.Argument(metavar="CLIENT", help="The folder of a client, below its --out.")],
    package: Annotated[Path, typer.Argument(metavar="DIR", help="The model package, which is replaced.")],
    recipe: Annotated[Path, typer.Option(metavar="RECIPE.toml", help="What the client was trained by.")],
    data: Data,
    strategy: Strategy = "",
    rounds: Rounds = 0,
) -> None:
    """Make a model package of what a client has learned."""
    tools = lent(context)
    opening = _opening(tools, recipe, strategy, rounds)
    opening.export(client, opening.faces(data), package)
    tools.result(f"Wrote {package}. Use it with --model {package}.")


def _opening(tools: Tools, recipe: Path, strategy: str, rounds: int) -> "Opening":
    _need_flower()
    from training.federated.opening import Opening

    return Opening.of(recipe, strategy, rounds, tools.gather_labelled, say=tools.say)


def _conclude(tools: Tools, coordinator: "Coordinator") -> None:
    """Tell how good what each client has is, on its own held-out faces."""
    last = coordinator.log[-1]["clients"] if coordinator.log else {}
    for name, figures in sorted(last.items()):
        found = {"its own model": figures.get("personal"), "the common model": coordinator.final.get(name)}
        words = [f"{what} reads {accuracy:.1%} rightly" for what, accuracy in found.items() if accuracy is not None]
        if words:
            tools.result(f"{name}: {', '.join(words)} of the faces that it held out")
    tools.result(f"{coordinator.round} rounds are done.")


def _need_flower() -> None:
    need("A federation", "federate", "torch", "geomloss", "flwr")
