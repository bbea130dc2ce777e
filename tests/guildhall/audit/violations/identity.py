"""Identity: counts, charters, projections, invitations, devices."""

from tests.guildhall.audit.violations.violation import planted_in

IDENTITY = (
    planted_in(
        "identity",
        "identity.members",
        "a count off by one",
        "union_id={union}",
        "UPDATE member_counts SET active_members = active_members + 1 "
        "WHERE ctid = (SELECT min(ctid) FROM member_counts)",
        "8 members by the count, 7 by counting",
    ),
    planted_in(
        "identity",
        "identity.charters",
        "a charter altered",
        "version=1",
        """UPDATE charters SET document = jsonb_set(document, '{{purpose}}', '"Mine."')""",
    ),
    planted_in(
        "identity", "identity.charters", "a charter removed", "union_id={union}", "DELETE FROM charters"
    ),
    planted_in(
        "identity",
        "identity.charters",
        "a hash that members did not accept",
        "union_id={union}",
        "UPDATE unions SET charter_hash = 'other'",
    ),
    planted_in(
        "identity",
        "identity.charters",
        "a charter that does not exist",
        "member_id={worker}",
        "UPDATE memberships SET charter_version = 9 WHERE member_id = '{worker}'",
    ),
    planted_in(
        "market",
        "identity.projections",
        "one who is out is in",
        "member_id={leaver}",
        "UPDATE memberships SET state = 'active' WHERE member_id = '{leaver}'",
    ),
    planted_in(
        "ledger",
        "identity.projections",
        "a member whom a service does not know",
        "member_id={worker}",
        "DELETE FROM memberships WHERE member_id = '{worker}'",
        "behind",
    ),
    planted_in(
        "funding",
        "identity.projections",
        "a member whom identity does not know",
        "member_id={worker}",
        "SELECT 1",
        "in identity unknown",
        identity="DELETE FROM memberships WHERE member_id = '{worker}'",
    ),
    planted_in(
        "graph",
        "identity.projections",
        "a union with another charter",
        "union_id={union}",
        "UPDATE unions SET charter_hash = 'other'",
    ),
    planted_in(
        "identity",
        "identity.invitations",
        "an invitation overused",
        "union_id={union}",
        "UPDATE invitations SET uses_count = uses_max + 1",
    ),
    planted_in(
        "identity",
        "identity.invitations",
        "uses that are not counted",
        "union_id={union}",
        "UPDATE invitations SET uses_count = uses_count - 1",
        "used 4 times of 5, and by 5 members",
    ),
    planted_in(
        "identity",
        "identity.devices",
        "a certificate of another wallet",
        "device_key_id=",
        "UPDATE member_keys SET member_id = '{founder}' WHERE member_id = '{worker}'",
        "a wallet that is not the member's",
    ),
    planted_in(
        "identity",
        "identity.devices",
        "a certificate of another device",
        "device_key_id=",
        "UPDATE device_certificates c SET (message, signature, issuer) = (SELECT message, signature, issuer "
        "FROM device_certificates o JOIN device_keys d ON d.id = o.device_key_id "
        "WHERE d.member_id = '{founder}' LIMIT 1) "
        "WHERE device_key_id = (SELECT id FROM device_keys WHERE member_id = '{worker}')",
        "for another key",
    ),
    planted_in(
        "identity",
        "identity.devices",
        "a wallet's signature that does not fit",
        "device_key_id=",
        "UPDATE device_certificates c SET signature = (SELECT signature FROM device_certificates o "
        "WHERE o.issuer <> c.issuer LIMIT 1)",
        "does not verify",
    ),
    planted_in(
        "identity",
        "identity.devices",
        "a key's certificate called a contract's",
        "device_key_id=",
        "UPDATE device_certificates SET issuer_kind = 'contract_wallet' WHERE issuer_kind = 'wallet'",
        "a contract wallet that is not the member's",
    ),
    planted_in(
        "identity",
        "identity.devices",
        "a passkey's certificate for another time",
        "device_key_id=",
        "UPDATE device_certificates SET certified_at = certified_at + interval '1 second' "
        "WHERE issuer_kind = 'passkey'",
        "registered again, which nothing signs",
    ),
    planted_in(
        "identity",
        "identity.devices",
        "a passkey with another key",
        "device_key_id=",
        "UPDATE passkeys SET public_key = 'another'",
        "of another passkey under this one's name",
    ),
    planted_in(
        "identity",
        "identity.devices",
        "a certificate of another member's passkey",
        "device_key_id=",
        "UPDATE member_keys SET member_id = '{founder}' WHERE kind = 'passkey'",
        "a passkey that is not the member's",
    ),
    planted_in(
        "identity",
        "identity.devices",
        "a passkey's certificate altered",
        "device_key_id=",
        'UPDATE device_certificates SET message = replace(message, \'"nonce":"\', \'"nonce":"0\') '
        "WHERE issuer_kind = 'passkey'",
        "does not verify",
    ),
    planted_in(
        "identity",
        "identity.devices",
        "a device without a certificate",
        "device_key_id=",
        "DELETE FROM device_certificates WHERE device_key_id = "
        "(SELECT id FROM device_keys WHERE member_id = '{worker}')",
        "without a certificate",
    ),
)
