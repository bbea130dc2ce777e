"""The house: something personal of a member who was erased."""

from tests.guildhall.audit.violations.violation import Violation, planted_in

PROMISE = "house.erasure"


def _left(database: str, what: str, statement: str, wrong: str) -> Violation:
    return planted_in(database, PROMISE, what, "member_id={gone}", statement, wrong)


ERASURE = (
    _left(
        "identity",
        "a name that came back",
        "UPDATE members SET name = 'Zebedee' WHERE id = '{gone}'",
        "something is left in members",
    ),
    _left(
        "identity",
        "a key that signs in",
        "INSERT INTO member_keys (kind, identifier, member_id, added_at) "
        "SELECT 'wallet', '0x00', '{gone}', created_at FROM members WHERE id = '{gone}'",
        "something is left in member_keys",
    ),
    _left(
        "identity",
        "what an act said",
        "UPDATE signed_acts SET body = 'Zebedee' WHERE member_id = '{gone}'",
        "something is left in signed_acts",
    ),
    _left(
        "identity",
        "a wallet in the act log",
        "INSERT INTO act_log (at, actor, act_right, subject, changed) "
        "SELECT created_at, 'member:{gone}', 'own_keys', 'wallets/0x00', '{{}}' FROM members LIMIT 1",
        "something is left in act_log",
    ),
    _left(
        "identity",
        "a membership that goes on",
        "UPDATE memberships SET state = 'active' WHERE member_id = '{gone}'",
        "in a union, and erased",
    ),
    _left(
        "market",
        "the words of an offer",
        "UPDATE offers SET title = 'Zebedee' WHERE owner_id = '{gone}'",
        "something is left in offers",
    ),
    _left(
        "market",
        "the message of a bid",
        "UPDATE bids SET message = 'Zebedee' WHERE bidder_id = '{gone}'",
        "something is left in bids",
    ),
    _left(
        "ledger",
        "a memo",
        "UPDATE transfer_memos SET memo = 'Zebedee' WHERE memo IS NULL",
        "something is left in transfer_memos",
    ),
    _left(
        "ledger",
        "the wallet that certified a device",
        "UPDATE device_keys SET wallet_address = '0x00' WHERE member_id = '{gone}'",
        "something is left in device_keys",
    ),
    _left(
        "funding",
        "the words of a project",
        "UPDATE projects SET title = 'Zebedee' WHERE owner_id = '{gone}'",
        "something is left in projects",
    ),
    _left(
        "graph",
        "a service that has not heard of it",
        "DELETE FROM erased_members WHERE member_id = '{gone}'",
        "has not heard",
    ),
)
