"""A device key's certificate that a contract wallet signed: its rules here, its signature by the node."""

from __future__ import annotations

import asyncio

from chassis.contract_wallets.account import account_id
from chassis.contract_wallets.asking import ContractWallets, Said
from chassis.contract_wallets.errors import ContractWalletNotFound, ContractWalletSignatureWrong
from chassis.contract_wallets.signature import is_data, read_contract_signature
from chassis.device_certificates import CertifiedDevice, DeviceCertificate
from chassis.siwe import SignInRefused, parse_siwe_message
from chassis.siwe.recovery import KEY_SIGNATURE_CHARACTERS, personal_message_hash


def is_for_contract(certificate: DeviceCertificate, wallets: ContractWallets) -> bool:
    """Whether a contract is to be asked: the signature is no key's, or a key's that is not the wallet's own.

    A key's signature needs no node. Where there is none to ask, what is as long as a key's is taken for one.
    No key's has the suffix of EIP-6492: its last byte is no v.
    """
    if len(certificate.signature) != KEY_SIGNATURE_CHARACTERS:
        return is_data(certificate.signature)
    if wallets.off is not None:
        return False
    try:
        certificate.check_key(parse_siwe_message(certificate.message).address)
    except SignInRefused:
        return True
    return False


async def verify_contract_signature(
    certificate: DeviceCertificate, device: CertifiedDevice, wallets: ContractWallets
) -> None:
    """The contract at the address that the message names says yes, now.

    Raises WalletSignatureMalformed, WalletSignatureWrong, ContractWalletNotFound,
    ContractWalletSignatureWrong, ContractWalletsUnavailable, NodeUnavailable.
    """
    signature = await asyncio.to_thread(read_contract_signature, certificate.signature)
    address = device.wallet_address
    said = await wallets.ask(address, personal_message_hash(certificate.message), signature)
    if said is Said.YES:
        return
    if said is Said.NOT_YES:
        raise ContractWalletSignatureWrong(address, wallets.chain_id)
    if signature.factory is None and len(certificate.signature) == KEY_SIGNATURE_CHARACTERS:
        certificate.check_key(address)
    raise ContractWalletNotFound(address, wallets.chain_id)


def account_of(device: CertifiedDevice, wallets: ContractWallets) -> str:
    """The contract wallet that certified the device, by chain and address."""
    return account_id(wallets.chain_id, device.wallet_address)
