"""The headers of Standard Webhooks: id, time in seconds, and a signature by each secret that is in force."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from standardwebhooks.webhooks import Webhook as Signer

USER_AGENT = "Guildhall-Webhooks/1"


def signed_headers(
    secrets: Sequence[bytes], message_id: str, body: bytes, now: datetime
) -> Mapping[str, str]:
    """Signature `v1`: base64 of HMAC-SHA256 over `id.timestamp.body` (standardwebhooks.com)."""
    moment = now.astimezone(UTC)
    signatures = [Signer(secret).sign(message_id, moment, body.decode()) for secret in secrets]
    return {
        "content-type": "application/json",
        "user-agent": USER_AGENT,
        "webhook-id": message_id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
