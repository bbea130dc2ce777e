"""The secret of a webhook, as Standard Webhooks spells it: `whsec_` and base64."""

import base64

SECRET_BYTES = 32
PREFIX = "whsec_"


def secret_text(secret: bytes) -> str:
    return PREFIX + base64.b64encode(secret).decode()
