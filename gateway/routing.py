"""Which service a path belongs to: one table of prefixes."""

import re

IDENTITY, GRAPH, MARKET, LEDGER, FUNDING = "identity", "graph", "market", "ledger", "funding"

OF_A_UNION = {
    "memberships": IDENTITY,
    "invitations": IDENTITY,
    "invitation-lists": IDENTITY,
    "admission-questions": IDENTITY,
    "applications": IDENTITY,
    "vouches": IDENTITY,
    "joinings": IDENTITY,
    "admission-proofs": IDENTITY,
    "growth-targets": IDENTITY,
    "charter": IDENTITY,
    "offices": IDENTITY,
    "businesses": IDENTITY,
    "webhooks": IDENTITY,
    "suspensions": IDENTITY,
    "expulsions": IDENTITY,
    "succession": IDENTITY,
    "operator-acts": IDENTITY,
    "backlinks": GRAPH,
    "backlink-imports": GRAPH,
    "backlink-proposals": GRAPH,
    "voice": GRAPH,
    "leaders": GRAPH,
    "tree.svg": GRAPH,
    "offers": MARKET,
    "bids": MARKET,
    "agreements": MARKET,
    "market": MARKET,
    "accounts": LEDGER,
    "transfers": LEDGER,
    "allotments": LEDGER,
    "runs": LEDGER,
    "journal": LEDGER,
    "journal.jsonl": LEDGER,
    "totals": LEDGER,
    "supply": LEDGER,
    "transfer-cancellations": LEDGER,
    "bridge": LEDGER,
    "deposits": LEDGER,
    "withdrawals": LEDGER,
    "holds": LEDGER,
    "mandates": LEDGER,
    "schedules": LEDGER,
    "treasury-payments": LEDGER,
    "business-payments": LEDGER,
    "business-accounts": LEDGER,
    "projects": FUNDING,
    "pledges": FUNDING,
    "funding": FUNDING,
}
"""The third segment of /v1/unions/{union}/... and who owns it."""

OF_THE_HOUSE = {
    "auth": IDENTITY,
    "members": IDENTITY,
    "me": IDENTITY,
    "skills": IDENTITY,
    "unions": IDENTITY,
    "events": IDENTITY,
    "email-unsubscriptions": IDENTITY,
    "charter-presets": IDENTITY,
    "export-keys": IDENTITY,
    "operators": IDENTITY,
    "operator-acts": IDENTITY,
}
"""The second segment of /v1/... and who owns it."""

LIVE_EVENTS = "/v1/events"
"""The live stream is the gateway's own; its tickets, below it, are identity's."""

HOME = "/v1/home"
"""What a phone opens: the gateway's own, asked of the services; also below a union."""

WELL_KNOWN = "/.well-known/jwks.json"


def service_of(path: str) -> str | None:
    """The service that owns a path; None where no service does."""
    parts = path.split("/", 5)
    if len(parts) < 3 or parts[1] != "v1":
        return IDENTITY if path == WELL_KNOWN else None
    if parts[2] == "unions" and len(parts) > 4 and parts[4]:
        return OF_A_UNION.get(parts[4])
    return OF_THE_HOUSE.get(parts[2])


def home_of(path: str) -> str | None:
    """Whose home a path is: a union's slug or id, "" for the member's own; None for other paths."""
    if path == HOME:
        return ""
    parts = path.split("/")
    if len(parts) == 5 and parts[1:3] == ["v1", "unions"] and parts[3] and parts[4] == "home":
        return parts[3]
    return None


_DEVICE_ACTS = re.compile(
    r"/v1/me/devices/([A-Za-z0-9_-]{1,64})/acts(?:/([a-z]{1,32})\.([A-Za-z0-9_-]{16,64}))?"
)


def device_acts_of(path: str) -> tuple[str, tuple[str, str] | None] | None:
    """The device whose acts a path is, and the one act of it: its service and nonce. None for other paths."""
    found = _DEVICE_ACTS.fullmatch(path)
    if found is None:
        return None
    return found[1], None if found[2] is None else (found[2], found[3])
