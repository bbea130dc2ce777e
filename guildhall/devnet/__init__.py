"""The devnet: an Ethereum node of the data folder's own, for deployments that name none."""
