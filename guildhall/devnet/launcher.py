"""Starts, keeps and stops the devnet of one data folder."""

import asyncio
import gzip
import os
import signal
import socket
import subprocess
import time
from pathlib import Path

import structlog

from guildhall.devnet.node_calls import NodeCalls, NodeSilent
from guildhall.guard import Guard
from guildhall.refusals import StartRefused

CHAIN_ID = 31_337
FINAL_AFTER_BLOCKS = 2
"""With epochs of one slot, anvil calls the block before the last but one finalized."""
KEEP_SECONDS = 0.15
STATE_FILE = "state.json"
PORT_FILE = "port"
_LOOPBACK = "127.0.0.1"
_START_SECONDS = 30
_STOP_SECONDS = 10
_FUNDED_WEI = 10**20
_LOW_WEI = 10**19
logger = structlog.get_logger(__name__)


class Devnet:
    """The node of `folder`, which it alone uses: `state.json`, `port`, `node.log`.

    The keeper is its only miner. A block is called final once the state that holds it is on the disk, so that
    what is final outlives any kill; younger blocks may vanish with the node.
    """

    def __init__(self, folder: Path, program: Path, port: int = 0) -> None:
        self.folder = folder.absolute()
        self.state_file = self.folder / STATE_FILE
        self.port = port
        self._program = program
        self._process: subprocess.Popen[bytes] | None = None
        self._guard: Guard | None = None
        self._calls: NodeCalls | None = None
        self._idle_at = -1

    @property
    def url(self) -> str:
        return f"http://{_LOOPBACK}:{self.port}"

    @property
    def process_id(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def calls(self) -> NodeCalls:
        if self._calls is None or self._calls.url != self.url:
            self._calls = NodeCalls(self.url)
        return self._calls

    def start(self) -> None:
        """Blocks until the node answers with the state that was kept. Raises StartRefused."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StartRefused(f"cannot write to {self.folder}: {error.strerror}") from None
        self.port = self.port or _free_port()
        _refuse_taken(self.port)
        self._launch()
        (self.folder / PORT_FILE).write_text(f"{self.port}\n")
        self._idle_at = -1
        self._finalise_what_was_kept()

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def restart(self) -> None:
        """After the node alone died: the same port, so that its address stays true."""
        if self._process is not None:
            self._process.wait(_STOP_SECONDS)  # a dying one holds the port for a moment
        self._release_guard()
        self.start()

    def stop(self) -> None:
        """Keep what there is, then end."""
        if self.is_running():
            try:
                self._keep(self.calls.call("anvil_dumpState"))
            except NodeSilent as silent:
                logger.warning("the devnet's last blocks were not kept", reason=str(silent))
        if self._process is not None:
            for number in (signal.SIGTERM, signal.SIGKILL):
                self._process.send_signal(number)
                try:
                    self._process.wait(_STOP_SECONDS)
                    break
                except subprocess.TimeoutExpired:
                    continue
        self._process = None
        (self.folder / PORT_FILE).unlink(missing_ok=True)
        self._release_guard()

    def fund(self, address: str) -> None:
        """Ether for whoever pays fees, from the node's own unlocked account. Raises NodeSilent."""
        if self.calls.number("eth_getBalance", address, "latest") < _LOW_WEI:
            purse = self.calls.call("eth_accounts")[0]
            self.calls.call("eth_sendTransaction", {"from": purse, "to": address, "value": hex(_FUNDED_WEI)})

    def keep(self) -> None:
        """One look: what waits is mined, what was mined is written down, what was written is made final.

        Raises NodeSilent.
        """
        calls = self.calls
        if int(calls.call("txpool_status")["pending"], 16):
            calls.call("evm_mine")
        newest = calls.number("eth_blockNumber")
        if newest == self._idle_at or not self._has_transactions_above(newest):
            self._idle_at = newest
            return
        self._keep(calls.call("anvil_dumpState"))
        calls.call("anvil_mine", hex(FINAL_AFTER_BLOCKS))

    def _has_transactions_above(self, newest: int) -> bool:
        """Whether a block that is not final yet holds anything: an idle chain does not grow."""
        for number in range(max(0, newest - FINAL_AFTER_BLOCKS + 1), newest + 1):
            block = self.calls.call("eth_getBlockByNumber", hex(number), False)
            if block is not None and block["transactions"]:
                return True
        return False

    def _finalise_what_was_kept(self) -> None:
        """The node can read no state from before its start: the finalized block has to be of this run."""
        try:
            self.calls.call("anvil_mine", hex(FINAL_AFTER_BLOCKS))
        except NodeSilent as silent:
            raise StartRefused(f"the devnet does not answer: {silent}") from None

    def _keep(self, dumped: str) -> None:
        """The state file is whole or it is the one before."""
        state = gzip.decompress(bytes.fromhex(dumped.removeprefix("0x")))
        writing = self.state_file.with_suffix(".writing")
        with writing.open("wb") as out:
            out.write(state)
            out.flush()
            os.fsync(out.fileno())
        writing.rename(self.state_file)

    def _launch(self) -> None:
        command = [self._program, "--host", _LOOPBACK, "--port", str(self.port), "--chain-id", str(CHAIN_ID)]
        command += ["--slots-in-an-epoch", "1", "--hardfork", "cancun", "--no-mining", "--no-cors", "--quiet"]
        if self.state_file.exists():
            command += ["--load-state", self.state_file]
        with (self.folder / "node.log").open("ab") as log:
            self._process = subprocess.Popen[bytes](
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        self._guard = Guard(self._process.pid, signal.SIGTERM)
        deadline = time.monotonic() + _START_SECONDS
        while True:
            try:
                found = self.calls.number("eth_chainId")
            except NodeSilent:
                if self.is_running() and time.monotonic() < deadline:
                    time.sleep(0.02)
                    continue
                self._release_guard()
                raise StartRefused(
                    f"the devnet did not start: see {self.folder / 'node.log'}, or turn it off with "
                    "GUILDHALL_DEVNET=off"
                ) from None
            if found != CHAIN_ID or not self.is_running():
                raise StartRefused(_taken(self.port))
            return

    def _release_guard(self) -> None:
        if self._guard is not None:
            self._guard.release()
            self._guard = None


async def keep_devnet(devnet: Devnet) -> None:
    """Runs until cancelled: keeps its blocks, and brings the node back when it alone has died."""
    while True:
        await asyncio.sleep(KEEP_SECONDS)
        try:
            if not devnet.is_running():
                logger.warning("the devnet has died and is started again")
                await asyncio.to_thread(devnet.restart)
            await asyncio.to_thread(devnet.keep)
        except (NodeSilent, StartRefused, OSError) as error:
            logger.warning("the devnet is not kept", reason=str(error))
            await asyncio.sleep(1)


def running_devnet_url(folder: Path) -> str | None:
    """The address of the devnet that serves this folder now; None where none answers."""
    try:
        url = f"http://{_LOOPBACK}:{int((folder / PORT_FILE).read_text())}"
        return url if NodeCalls(url).number("eth_chainId") == CHAIN_ID else None
    except (OSError, ValueError, NodeSilent):
        return None


def _refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_LOOPBACK, port))
        except OSError:
            raise StartRefused(_taken(port)) from None


def _taken(port: int) -> str:
    return f"port {port}, where the devnet listens, is taken: set GUILDHALL_DEVNET_PORT"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_LOOPBACK, 0))
        return int(probe.getsockname()[1])
