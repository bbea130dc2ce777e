"""Check what a deployment gives out, without it: none of the services' code, the standard library alone but
for signatures, which need `cryptography`, and those of wallets `eth-account`."""
