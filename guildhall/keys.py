"""The private keys of a deployment: one a service, and the one that signs members' tokens."""

from pathlib import Path

from chassis.auth.key_ring import ring_file
from chassis.auth.keys import KeyFileWrong, create_signing_key
from chassis.auth.service_keys import provision_service_keys
from guildhall.postgres.roles import SERVICES
from guildhall.refusals import StartRefused

GATEWAY = "gateway"
MEMBER_TOKENS_KEY = "member-tokens.pem"


def keep_keys(folder: Path) -> Path:
    """Makes those that are missing; returns the file of all services' public ones. Raises StartRefused."""
    for half_made in folder.glob("*.pem"):  # by a start that was killed
        if half_made.stat().st_size == 0:
            half_made.unlink()
    try:
        if not (folder / MEMBER_TOKENS_KEY).exists():
            create_signing_key(folder / MEMBER_TOKENS_KEY)
        return provision_service_keys(folder, (*SERVICES, GATEWAY))
    except (KeyFileWrong, OSError) as error:
        raise StartRefused(str(error)) from None


def member_token_keys(folder: Path) -> dict[str, bytes]:
    """The files of the keys that sign members' tokens, by name: the first, and those that came after it."""
    first = folder / MEMBER_TOKENS_KEY
    later = ring_file(first)
    return {file.name: file.read_bytes() for file in (first, later) if file is first or file.exists()}
