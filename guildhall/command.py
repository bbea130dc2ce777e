"""The command `guildhall`. What a command needs is imported when it runs, so that help answers at once."""

import gc
import sys
from pathlib import Path
from typing import Annotated

import typer

from guildhall.benchmarks import bench
from guildhall.events.command import app as events_app
from guildhall.integrators.command import app as integrators_app
from guildhall.inviting.command import EXAMPLE, invite
from guildhall.operators.command import app as operators_app
from guildhall.refusals import StartRefused
from guildhall.signing_keys.command import app as signing_keys_app

app = typer.Typer(
    name="guildhall",
    help="Found and run a network union: its backlinks, its market, its ledger, its common purse.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

app.add_typer(events_app, name="events")
app.add_typer(integrators_app, name="integrator")
app.add_typer(operators_app, name="operator")
app.add_typer(signing_keys_app, name="signing-key")
app.command(epilog=EXAMPLE)(invite)
app.command(epilog="Example: guildhall bench gateway --quick")(bench)

CLUSTER_FOLDER = Path("data/cluster")
DataFolder = Annotated[Path | None, typer.Option("--data", metavar="DIR", help="The data folder.")]


@app.command(epilog="Example: guildhall up --data data/home --port 8080")
def up(
    data: DataFolder = None,
    port: Annotated[int | None, typer.Option(min=1, max=65_535, help="Where to listen.")] = None,
) -> None:
    """Serve: one process and its PostgreSQL, everything in one data folder. Ctrl-C stops it."""
    gc.disable()  # what start-up makes stays: it is not looked at (see serving.py)
    from guildhall.embedded.runtime import serve
    from guildhall.reading_settings import read_guildhall_settings

    serve(read_guildhall_settings(folder=data, port=port))


@app.command(epilog="Example: guildhall serve market --port 8000")
def serve(
    name: Annotated[
        str,
        typer.Argument(metavar="NAME", help="identity, graph, market, ledger, funding, gateway or publisher"),
    ],
    port: Annotated[int | None, typer.Option(min=1, max=65_535, help="Where to listen.")] = None,
) -> None:
    """Serve one service of a deployment of many processes, from settings alone. SIGTERM stops it."""
    gc.disable()  # as in `up`
    from guildhall.distributed.serve import serve as serve_one
    from guildhall.reading_settings import read_guildhall_settings

    serve_one(name, read_guildhall_settings(port=port))


@app.command(epilog="Example: guildhall cluster --data data/cluster --scale market=3")
def cluster(
    data: DataFolder = None,
    port: Annotated[int | None, typer.Option(min=1, max=65_535, help="Where people reach it.")] = None,
    scale: Annotated[
        list[str] | None, typer.Option(metavar="SERVICE=N", help="How often a service runs.")
    ] = None,
) -> None:
    """Serve what docker-compose.yml says as processes of this machine, without an engine. Ctrl-C stops it."""
    from guildhall.cluster.processes import REPLICAS, ClusterPlan
    from guildhall.cluster.run import serve_cluster
    from guildhall.reading_settings import read_guildhall_settings

    replicas = dict(REPLICAS)
    for said in scale or []:
        service, _, count = said.partition("=")
        if not count.isdigit() or int(count) < 1:
            raise StartRefused(f"--scale {said} is not of the form market=3")
        replicas[service] = int(count)
    settings = read_guildhall_settings(port=port)
    serve_cluster(ClusterPlan(data or CLUSTER_FOLDER, settings.port, replicas), settings)


@app.command(epilog="Example: guildhall secrets --data /data --into /secrets")
def secrets(
    data: Annotated[Path, typer.Option("--data", metavar="DIR", help="The operator's folder.")],
    into: Annotated[Path, typer.Option("--into", metavar="DIR", help="A folder for each process in it.")],
    database: Annotated[str, typer.Option(metavar="HOST:PORT")] = "postgres:5432",
    kafka: Annotated[str, typer.Option(metavar="HOST:PORT")] = "kafka:9092",
    kafka_controller: Annotated[str, typer.Option(metavar="HOST:PORT")] = "kafka:9093",
    kafka_external: Annotated[str, typer.Option(metavar="HOST:PORT")] = "kafka:9094",
    kafka_advertised: Annotated[
        str | None, typer.Option(metavar="HOST:PORT", help="Where integrators reach it.")
    ] = None,
) -> None:
    """Make the passwords and keys of a deployment of many processes once, and give each process its own."""
    from guildhall.distributed.handed_secrets import Places, hand_out

    advertised = kafka_advertised or kafka_external
    hand_out(data, into, Places(database, kafka, kafka_controller, kafka_external, advertised))


@app.command(epilog="Example: guildhall demo --data data/demo")
def demo(
    data: DataFolder = None,
    port: Annotated[int | None, typer.Option(min=1, max=65_535, help="Where it is served.")] = None,
    on_cluster: Annotated[
        bool, typer.Option("--cluster", help="On the processes of guildhall cluster.")
    ] = False,
) -> None:
    """Tell the story of a union of 1,000 members, and audit it. A second run adds a season."""
    from guildhall.embedded.story_run import CLUSTER_DEMO_FOLDER, DEMO_FOLDER, tell_story
    from guildhall.reading_settings import read_guildhall_settings

    settings = read_guildhall_settings(port=port)
    folder, by = (CLUSTER_DEMO_FOLDER, "cluster") if on_cluster else (DEMO_FOLDER, "up")
    raise typer.Exit(tell_story(data or folder, settings, by=by))


@app.command(epilog="Example: guildhall migrate --data data/home")
def migrate(
    data: DataFolder = None,
    network: Annotated[
        bool, typer.Option("--network", help="On the servers of DATABASE_URL and KAFKA_BOOTSTRAP.")
    ] = False,
) -> None:
    """Bring the databases of a data folder to the newest schema, and stop."""
    if network:
        from guildhall.distributed.migrating import migrate_network
        from guildhall.reading_settings import read_guildhall_settings

        migrate_network(read_guildhall_settings(folder=data))
        return
    from guildhall.embedded.runtime import migrate_only
    from guildhall.reading_settings import read_guildhall_settings

    migrate_only(read_guildhall_settings(folder=data))


@app.command(epilog="Example: guildhall settings --check")
def settings(
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 1 when it would change.")
    ] = False,
) -> None:
    """Write .env.example: every setting with its meaning and its default."""
    from guildhall.environment_example import write_environment_example

    if not write_environment_example(Path(".env.example"), check=check):
        raise StartRefused(".env.example is not equal to the settings: run guildhall settings")


@app.command(epilog="Example: guildhall audit --data data/demo --json")
def audit(
    data: DataFolder = None,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
) -> None:
    """Recompute every promise from raw rows, also beside a running Guildhall.

    It ends with exit 0 when all hold, exit 1 when one is broken, exit 2 when the databases cannot be read.
    With --json it prints:

    \b
      {"clean": false,
       "promises": [
         {"promise": "ledger.zero-sum", "says": "every asset sums to zero ...",
          "holds": false, "numbers": {"transfers": 2498, "accounts": 1233},
          "findings": [{"database": "ledger", "row": "union_id=... account_number=7",
                        "wrong": "the balance is 11, its postings sum to 10"}]}],
       "not_checked": [{"service": "market", "says": "...", "why": "..."}]}
    """
    from guildhall.audit.command import audit_folder
    from guildhall.reading_settings import read_guildhall_settings

    raise typer.Exit(audit_folder(read_guildhall_settings(folder=data), as_json=as_json))


@app.command(epilog="Example: guildhall verify journal.jsonl receipt.json keys.json")
def verify(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="Files of one union's journal, receipts, keys; signed acts."),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
) -> None:
    """Check a journal, receipts, signed acts or a member's export, without who gave them out.

    \b
    The files come from a running Guildhall:
      /v1/unions/UNION/journal.jsonl                        the entries, for everybody
      /v1/unions/UNION/journal/rows.jsonl                   with all transfers, for its officers
      /v1/unions/UNION/accounts/ID/statement/N/receipt      one transfer of yours, signed
      /v1/unions/UNION/journal/keys                         what receipts are signed by
      /v1/me/devices/DEVICE/acts/ACT                        an act of yours, up to your wallet or passkey
      POST /v1/me/exports                                   what is kept of you, sealed
      /v1/export-keys                                       what exports are sealed by

    It names what was altered first, and ends with exit 0 when all fits, exit 1 when something was altered,
    exit 2 when a file cannot be read, exit 3 when all fits but nothing signed that an act's device is the
    member's. With --json it prints:

    \b
      {"sound": false, "found": "transfer 4711 was altered: it does not fit its leaf",
       "union_id": "...", "first_entry": 1, "last_entry": 812, "last_hash": "...",
       "transfers_count": 0, "entries_with_transfers_count": 0, "receipts_count": 0, "acts": []}
    """
    from guildhall.verify.command import verify as verify_files

    raise typer.Exit(verify_files(files, as_json=as_json))


@app.command(epilog="Example: guildhall doctor --data data/home")
def doctor(
    data: DataFolder = None,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
) -> None:
    """Say what is set, off and unsafe, and how to mend each; also beside a running Guildhall.

    It ends with exit 0 when nothing is unsafe or broken, exit 1 when something is. With --json it prints:

    \b
      {"well": false,
       "findings": [{"level": "unsafe", "name": "folder.backup", "says": "...", "mend": "..."}]}
    """
    from chassis.clock import SystemClock
    from guildhall.doctor.command import examine, report
    from guildhall.reading_settings import read_guildhall_settings

    findings = list(examine(read_guildhall_settings(folder=data), SystemClock()))
    raise typer.Exit(report(findings, as_json=as_json))


@app.command(epilog="Example: guildhall backup /mnt/elsewhere/guildhall-1.backup --data data/home")
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write it: not in the data folder.")],
    data: DataFolder = None,
) -> None:
    """Write one moment of a data folder into one file, also while it is served. The file holds its keys."""
    from guildhall.backup.command import backup_folder
    from guildhall.reading_settings import read_guildhall_settings

    backup_folder(read_guildhall_settings(folder=data), file)


@app.command(epilog="Example: guildhall restore /mnt/elsewhere/guildhall-1.backup --data data/restored")
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `guildhall backup` wrote.")],
    data: Annotated[Path | None, typer.Option("--data", metavar="DIR", help="A new or empty folder.")] = None,
    port: Annotated[
        int | None, typer.Option(min=1, max=65_535, help="Where people reach the cluster.")
    ] = None,
    into_cluster: Annotated[
        bool,
        typer.Option("--into-cluster", help="Into the folder of a guildhall cluster: PostgreSQL, Kafka."),
    ] = False,
) -> None:
    """Verify a backup, write it into a new folder, audit it. The exit code is that of the audit.

    With --into-cluster, `guildhall cluster` goes on where `guildhall up` was when it was backed up.
    """
    from guildhall.reading_settings import read_guildhall_settings

    settings = read_guildhall_settings(folder=data, port=port)
    if into_cluster:
        from guildhall.backup.command import restore_cluster
        from guildhall.cluster.processes import ClusterPlan

        restore_cluster(file, ClusterPlan(data or CLUSTER_FOLDER, settings.port, {}))
        return
    if data is None:
        raise StartRefused("name a new or empty folder with --data DIR")
    from guildhall.backup.command import restore_folder

    raise typer.Exit(restore_folder(file, settings))


@app.command(epilog="Example: guildhall upgrade --data data/home")
def upgrade(
    data: DataFolder = None,
    backup_file: Annotated[
        Path | None, typer.Option("--backup", metavar="FILE", help="Unset, it is written beside the folder.")
    ] = None,
    without_backup: Annotated[
        bool, typer.Option("--without-backup", help="You have one, as for a DATABASE_URL of your own.")
    ] = False,
) -> None:
    """Bring the folder of an earlier release to this one: backup, migration, audit. Stop it first.

    The exit code is that of the audit; 1 also where it could not be upgraded.
    """
    from chassis.clock import SystemClock
    from guildhall.reading_settings import read_guildhall_settings
    from guildhall.upgrade import upgrade as upgrade_folder

    settings = read_guildhall_settings(folder=data)
    raise typer.Exit(upgrade_folder(settings, SystemClock(), backup_file, backs_up=not without_backup))


@app.command(epilog="Example: guildhall client --as me.key GET /v1/me")
def client(
    arguments: Annotated[
        list[str] | None, typer.Argument(metavar="METHOD PATH [BODY]", help="BODY is JSON, @FILE or -.")
    ] = None,
    key: Annotated[Path | None, typer.Option("--as", metavar="KEYFILE", help="Who sends it.")] = None,
    new: Annotated[Path | None, typer.Option("--new", metavar="KEYFILE", help="Make a key file.")] = None,
    url: Annotated[
        str | None, typer.Option(help="The deployment; unset, this machine's at its port.")
    ] = None,
    idempotency_key: Annotated[str | None, typer.Option(help="The same key, the same effect.")] = None,
    if_match: Annotated[str | None, typer.Option(help="The ETag of what is changed.")] = None,
    show: Annotated[
        str | None, typer.Option(metavar="FIELD", help="Print this alone: id, items.0.id.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option(help="Put this file into the list at PATH (.../photos, .../files).")
    ] = None,
    by_wallet: Annotated[
        bool, typer.Option("--by-wallet", help="The wallet of KEYFILE signs, not its device key (EIP-712).")
    ] = False,
) -> None:
    """Send one request, signed with the keys of a file, and print its answer."""
    from guildhall.client.terminal import create_key, send_request
    from guildhall.reading_settings import read_guildhall_settings

    given = arguments or []
    if new is not None:
        raise typer.Exit(create_key(new))
    if key is None or not 2 <= len(given) <= 3:
        raise StartRefused("client needs --as KEYFILE METHOD PATH [BODY], or --new KEYFILE")
    body = given[2] if len(given) == 3 else None
    code = send_request(
        key,
        given[0],
        given[1],
        body,
        base_url=url or f"http://localhost:{read_guildhall_settings().port}",
        idempotency_key=idempotency_key,
        if_match=if_match,
        show=show,
        file=file,
        by_wallet=by_wallet,
    )
    raise typer.Exit(code)


def main() -> None:
    """A refusal is one line on stderr and exit 1."""
    try:
        app()
    except StartRefused as refusal:
        sys.stderr.write(f"guildhall: {refusal.line}\n")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
