"""`guildhall demo`: serves the folder, has the story told by another process, audits, says what it took."""

import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from guildhall.devnet.launcher import running_devnet_url
from guildhall.embedded.chain import DEVNET_FOLDER
from guildhall.embedded.child import ChildGuildhall
from guildhall.embedded.memory import PeakMemory
from guildhall.guard import Guard
from guildhall.settings import GuildhallSettings

DEMO_FOLDER = Path("data/demo")
CLUSTER_DEMO_FOLDER = Path("data/cluster-demo")
STORY_SETTINGS = {"IDENTITY_RECOVERY_DELAY_SECONDS": "2"}
"""A week's delay is no story."""


def tell_story(folder: Path, settings: GuildhallSettings, size: Sequence[str] = (), *, by: str = "up") -> int:
    """The exit code: 0 only if the story came to its end and the audit is clean. Raises StartRefused.

    `size`: options of the client that tell the story smaller than it ships. `by`: the command that serves.
    """
    began = time.monotonic()
    real_data = ["--data", str(settings.data)] if settings.data is not None else []
    child = ChildGuildhall(folder, settings.port, command=by, settings=STORY_SETTINGS)
    with child as guildhall, PeakMemory(guildhall.process_id) as memory:
        story = [sys.executable, "-m", "guildhall.demo", guildhall.url, "--folder", str(folder / "story")]
        chain_url = running_devnet_url(folder / DEVNET_FOLDER)
        chain = ["--chain", chain_url] if chain_url is not None else []
        told = _told_by([*story, *real_data, *chain, *size])
        took_seconds = time.monotonic() - began
        audit = [sys.executable, "-m", "guildhall.command", "audit", "--data", str(folder)]
        audited = subprocess.run(audit, check=False).returncode if told == 0 else 1
        if told == audited == 0:
            _open_to_visitors(guildhall, took_seconds)
    peak = f"{memory.mebibytes:.0f} MiB" if memory.mebibytes is not None else "not told by this system"
    print(f"\nStory: {took_seconds:.1f} s with the start of the server; peak memory of the server {peak}.")
    print(f"Serve this folder: guildhall {by} --data {folder} --port {settings.port}")
    return told or audited


def _open_to_visitors(guildhall: ChildGuildhall, took_seconds: float) -> None:
    """Say how to look around as the founder; at a terminal, the house stays open until Ctrl-C."""
    link = [sys.executable, "-m", "guildhall.demo.link", guildhall.url]
    print("\nLook around as the founder, on this machine and once:", flush=True)
    subprocess.run(link, check=False)
    if not sys.stdout.isatty():
        return
    print(f"Told in {took_seconds:.1f} s. The house stays open; Ctrl-C closes it.", flush=True)
    with suppress(KeyboardInterrupt):
        signal.pause()


def _told_by(command: list[str]) -> int:
    """The client ends with us, so that no two ever tell one story."""
    client = subprocess.Popen(command)
    guard = Guard(client.pid, signal.SIGTERM)
    try:
        return client.wait()
    finally:
        if client.poll() is None:  # Ctrl-C
            client.terminate()
            client.wait()
        guard.release()
