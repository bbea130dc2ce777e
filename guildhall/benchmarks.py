"""`guildhall bench`: which benchmark is meant."""

from typing import Annotated

import typer

from guildhall.refusals import StartRefused


def bench(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="gateway, bus, identity, ledger, page or picture")
    ],
    quick: Annotated[bool, typer.Option("--quick", help="A few seconds a figure.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For machines: ends with the goals.")] = False,
    stored: Annotated[
        str | None,
        typer.Option(
            metavar="COUNTS",
            help="ledger: beside so many transfers, comma-separated. [default: 100000,5000000,10000000; "
            "with --quick 100000]",
        ),
    ] = None,
) -> None:
    """Measure ours beside its peers, on a deployment of its own that is gone afterwards."""
    if stored is not None and name != "ledger":
        raise StartRefused(f"--stored is for the ledger: {name} stores nothing")
    match name:
        case "gateway":
            from bench.gateway.run import bench_gateway

            bench_gateway(quick=quick, as_json=as_json)
        case "bus":
            from bench.bus.run import bench_bus

            bench_bus(quick=quick, as_json=as_json)
        case "identity":
            from bench.identity.run import bench_identity

            bench_identity(quick=quick, as_json=as_json)
        case "ledger":
            from bench.ledger.run import bench_ledger
            from bench.ledger.scale import read_stored

            bench_ledger(quick=quick, as_json=as_json, stored=read_stored(stored))
        case "page":
            from bench.page.run import bench_page

            bench_page(quick=quick, as_json=as_json)
        case "picture":
            from bench.picture.run import bench_picture

            bench_picture(quick=quick, as_json=as_json)
        case _:
            raise StartRefused(
                f"there is no benchmark {name}: there are gateway, bus, identity, ledger, page and picture"
            )
