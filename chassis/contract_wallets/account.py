"""How a contract wallet is named: by its chain and its address, as CAIP-10 writes both."""

CONTRACT_WALLET = "contract_wallet"


def account_id(chain_id: int, address: str) -> str:
    """`eip155:<chain>:<address in lower case>`: at another chain the same address is another wallet."""
    return f"eip155:{chain_id}:{address.lower()}"
