"""Personal links: the code, the row's key and the word that ends e-mail, all derived from one secret.

So a list that is sent once more gives the same links, and the rows alone give none.
"""

import base64
import hmac
from uuid import UUID

from services.identity.domain.invitation import CODE_BYTES, code_text

KEY_BYTES, MAC_BYTES = 32, 8
"""Of the word that ends e-mail: with 64 bits, nobody guesses one for a person whose key they know."""


def personal_code(key: bytes, invitation_id: UUID) -> str:
    """The code of a personal link: 128 bits of HMAC-SHA256 (RFC 2104)."""
    return code_text(_mac(key, b"code", invitation_id.bytes)[:CODE_BYTES])


def person_key(key: bytes, person: str) -> bytes:
    """What is kept of who somebody is: without the secret, no address can be tried against it."""
    return _mac(key, b"person", person.encode())


def stop_token(key: bytes, person: bytes) -> str:
    """What ends invitations by e-mail to whom this key (`person_key`) stands for; it works for ever."""
    mac = _mac(key, b"stop", person)[:MAC_BYTES]
    return base64.urlsafe_b64encode(person + mac).rstrip(b"=").decode("ascii")


def person_of_token(key: bytes, token: str) -> bytes | None:
    """The key of whom the word was made for; None for any other word."""
    try:
        content = base64.b64decode(
            token.encode("ascii") + b"=" * (-len(token) % 4), altchars=b"-_", validate=True
        )
    except (ValueError, UnicodeEncodeError):
        return None
    person = content[:KEY_BYTES]
    is_ours = len(content) == KEY_BYTES + MAC_BYTES and hmac.compare_digest(stop_token(key, person), token)
    return person if is_ours else None


def link_of(public_url: str, slug: str, code: str) -> str:
    """Behind #, as what stands there is sent to no server and written to no log."""
    return f"{public_url}/unions/{slug}#invitation={code}"


def _mac(key: bytes, purpose: bytes, content: bytes) -> bytes:
    return hmac.digest(key, purpose + b"\0" + content, "sha256")
