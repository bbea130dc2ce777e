"""The chain of a deployment: its own devnet, a node by ETH_RPC_URL, or none."""

import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from guildhall.audit.chain_reading import NodeAddress
from guildhall.devnet.binaries import DevnetMissing, find_anvil
from guildhall.devnet.launcher import CHAIN_ID, STATE_FILE, Devnet, running_devnet_url
from guildhall.devnet.node_calls import NodeCalls, NodeSilent
from guildhall.devnet.operator_key import OPERATOR_KEY, operator_key
from guildhall.refusals import StartRefused
from guildhall.settings import GuildhallSettings

DEVNET_FOLDER = "devnet"
NAME_A_NODE = "ETH_RPC_URL=https://... and ETH_CHAIN_ID"


@dataclass(frozen=True, slots=True)
class Chain:
    """`url` is None where the chain is off, and `off` says why and how to turn it on."""

    url: str | None
    chain_id: int
    off: str = ""
    devnet: Devnet | None = None

    def described(self) -> str:
        if self.url is None:
            return "off"
        named = "its own devnet" if self.devnet is not None else "the node of ETH_RPC_URL"
        return f"{named} (chain {self.chain_id})"

    def settings_of_services(self, secrets: Path) -> dict[str, dict[str, Any]]:
        """What ledger and identity are given: nothing where the chain is off."""
        if self.url is None:
            return {}
        node = {"eth_rpc_url": self.url, "eth_chain_id": self.chain_id}
        return {"identity": node, "ledger": node | {"bridge_key_file": secrets / OPERATOR_KEY}}


@contextmanager
def started_chain(folder: Path, settings: GuildhallSettings) -> Generator[Chain]:
    """The chain for as long as this is entered, its operator's key made and, on a devnet, funded.

    Raises StartRefused for a node by URL that does not answer or is of another chain.
    """
    secrets = folder / "secrets"
    if settings.eth_rpc_url is not None:
        url = settings.eth_rpc_url.get_secret_value()
        check_node(url, settings.eth_chain_id)
        operator_key(secrets / OPERATOR_KEY)
        yield Chain(url, settings.eth_chain_id)
        return
    if settings.devnet == "off":
        yield Chain(None, 0, f"a chain ({NAME_A_NODE}, or GUILDHALL_DEVNET=on)")
        return
    try:
        program = find_anvil()
    except DevnetMissing as missing:
        yield Chain(None, 0, f"a chain ({NAME_A_NODE}; a devnet of its own {missing.reason})")
        return
    devnet = Devnet(folder / DEVNET_FOLDER, program, settings.devnet_port)
    try:
        devnet.start()
        devnet.fund(operator_key(secrets / OPERATOR_KEY))
        yield Chain(devnet.url, CHAIN_ID, devnet=devnet)
    except NodeSilent as silent:
        raise StartRefused(f"the devnet does not answer: {silent}") from None
    finally:
        devnet.stop()


@contextmanager
def opened_chain(settings: GuildhallSettings) -> Generator[NodeAddress | None]:
    """The chain of a data folder for whoever reads it, beside a running Guildhall or without one.

    Where its devnet does not run, a copy of what it kept does, for as long as this is entered.
    """
    if settings.eth_rpc_url is not None:
        yield NodeAddress(settings.eth_rpc_url.get_secret_value(), settings.eth_chain_id)
        return
    folder = settings.folder.absolute() / DEVNET_FOLDER
    if not (folder / STATE_FILE).exists():
        yield None
        return
    running = running_devnet_url(folder)
    if running is not None:
        yield NodeAddress(running, CHAIN_ID)
        return
    try:
        program = find_anvil()
    except DevnetMissing:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="guildhall-devnet-") as beside:
        shutil.copy(folder / STATE_FILE, beside)
        copy = Devnet(Path(beside), program)
        try:
            copy.start()
            yield NodeAddress(copy.url, CHAIN_ID)
        finally:
            copy.stop()


def check_node(url: str, chain_id: int) -> None:
    """Raises StartRefused where no node of this chain answers at the URL, which is never shown: it may
    carry a key."""
    try:
        found = NodeCalls(url).number("eth_chainId")
    except NodeSilent as silent:
        told = str(silent).replace(url, "it")
        raise StartRefused(f"ETH_RPC_URL: no Ethereum node answers there ({told})") from None
    if found != chain_id:
        raise StartRefused(
            f"ETH_RPC_URL is a node of chain {found}, ETH_CHAIN_ID says {chain_id}: set the one that is meant"
        )
