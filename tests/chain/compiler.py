"""Writes the contracts of tests beside their sources: `python -m tests.chain.compiler`."""

from pathlib import Path

from chain.compiler import write_artifacts

HERE = Path(__file__).parent
OF_TESTS = {
    HERE / "tokens": ("HostileToken", "Pieces"),
    HERE / "wallets": ("HostileWallet", "OwnedWallet", "WalletFactory"),
}
"""By their folder."""

if __name__ == "__main__":
    for folder, contracts in OF_TESTS.items():
        write_artifacts(contracts, folder, folder)
