"""Identity: handles that look alike, and keys that nobody signed."""

from tests.guildhall.audit.violations.violation import planted_in

PROFILES = (
    planted_in(
        "identity",
        "identity.handles",
        "a handle that looks like another's",
        "member_id={worker}",
        "INSERT INTO handles SELECT 'mo0n-dance', '{founder}', max(taken_at) + interval '1 s' FROM handles; "
        "INSERT INTO handles SELECT 'rnoondance', '{worker}', max(taken_at) + interval '1 s' FROM handles",
        "looks like a handle of",
    ),
    planted_in(
        "identity",
        "identity.handles",
        "a handle that its member never took",
        "member_id={worker}",
        "UPDATE members SET handle = 'somebody-else' WHERE id = '{worker}'",
        "was never taken",
    ),
    planted_in(
        "identity",
        "identity.handles",
        "a look that nobody holds",
        "member_id={worker}",
        "DELETE FROM handle_looks WHERE member_id = '{worker}'",
        "nobody holds its look",
    ),
    planted_in(
        "identity",
        "identity.encryption-keys",
        "a key that its member did not sign",
        "member_id={worker} version=1",
        "INSERT INTO encryption_keys SELECT '{worker}', 1, '\\x0102', device_key_id, nonce, stored_at "
        "FROM signed_acts WHERE member_id = '{worker}' LIMIT 1",
        "did not sign",
    ),
)
