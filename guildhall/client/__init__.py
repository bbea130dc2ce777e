"""A client of the public API: wallet, device key, and a session that signs acts. It imports no service."""

from guildhall.client.answer import Answer, Refused, Unreachable
from guildhall.client.connections import Connections
from guildhall.client.device_key import DeviceKey
from guildhall.client.key_file import KeyFile
from guildhall.client.session import Session
from guildhall.client.sign_in import sign_in
from guildhall.client.wallet import Wallet

__all__ = [
    "Answer",
    "Connections",
    "DeviceKey",
    "KeyFile",
    "Refused",
    "Session",
    "Unreachable",
    "Wallet",
    "sign_in",
]
