"""Writes the wallets of tests beside their sources: `python -m tests.chain.wallets.compiler`."""

from pathlib import Path

from chain.compiler import write_artifacts

FOLDER = Path(__file__).parent
WALLETS = ("HostileWallet", "OwnedWallet", "WalletFactory")

if __name__ == "__main__":
    write_artifacts(WALLETS, FOLDER, FOLDER)
