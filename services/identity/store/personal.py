"""What identity keeps of persons: what goes with a member who is erased, and why the rest stays.

What they wrote, gave or were called goes. What others wrote about them is the others', and what a union says
of itself is the union's; both know them by their id alone.
"""

from chassis.erasure import CHASSIS_STAYS, Erasure, FileErasure, PersonalData

_OF_MEMBER = "member_id = $1"
_OWN_ACTS = "device_key_id IN (SELECT d.id FROM device_keys d WHERE d.member_id = $1)"
# Keys were written into the act log by kind.
_KEYS = "ARRAY['wallet', 'contract_wallet', 'passkey', 'encryption_key', 'guardians']"
_LOGGED = (
    "coalesce(on_behalf_of, actor) = 'member:' || $1::uuid::text "
    f"AND (subject LIKE 'wallets/%' OR changed ?| {_KEYS})"
)

PERSONAL = PersonalData(
    erased=(
        # Append-only: see chassis.erasure.
        Erasure("recovery_votes", "recovery_id IN (SELECT r.id FROM recoveries r WHERE r.member_id = $1)"),
        Erasure("signed_acts", f"{_OWN_ACTS} AND target_uri LIKE '%/v1/me/wallets/%'"),
        Erasure("signed_acts", _OWN_ACTS, {"body": "''::bytea"}),
        Erasure(
            "act_log",
            _LOGGED,
            {
                "subject": "CASE WHEN subject LIKE 'wallets/%' THEN 'wallets' ELSE subject END",
                "changed": f"changed - {_KEYS}",
            },
        ),
        Erasure(
            "device_certificates",
            "device_key_id IN (SELECT d.id FROM device_keys d WHERE d.member_id = $1)",
        ),
        Erasure("encryption_keys", _OF_MEMBER),
        Erasure("handles", _OF_MEMBER),
        Erasure("handle_looks", _OF_MEMBER),
        Erasure("operator_appeals", _OF_MEMBER, {"words": "''"}),
        # What the service changes itself.
        Erasure("recoveries", _OF_MEMBER),
        Erasure("guardians", _OF_MEMBER),
        Erasure("guardian_sets", _OF_MEMBER),
        Erasure("recovery_codes", _OF_MEMBER),
        Erasure("member_skills", _OF_MEMBER),
        Erasure(
            "attempt_windows",
            "subject = $1::uuid::text "
            "OR subject IN (SELECT k.identifier FROM member_keys k WHERE k.member_id = $1)",
        ),
        Erasure("passkeys", _OF_MEMBER),
        Erasure("member_keys", _OF_MEMBER),
        Erasure("stream_tickets", _OF_MEMBER),
        Erasure("refresh_tokens", "session_id IN (SELECT s.id FROM sessions s WHERE s.member_id = $1)"),
        Erasure("device_keys", _OF_MEMBER, {"name": "''"}),
        Erasure("notices", _OF_MEMBER),
        Erasure("notice_choices", _OF_MEMBER),
        Erasure("notice_addresses", _OF_MEMBER),
        Erasure("applications", "applicant_id = $1", {"answers": "NULL", "ground": "NULL", "appeal": "NULL"}),
        Erasure("admission_proofs", _OF_MEMBER),
        Erasure("expulsions", _OF_MEMBER, {"statement": "NULL", "appeal": "NULL"}),
        Erasure("invitees", _OF_MEMBER, {"name": "NULL", "email": "NULL", "row_key": "NULL"}),
        # Of unions that have ended: those of the others are whoever's who holds the founder's office.
        Erasure(
            "webhooks",
            "created_by = $1 AND union_id IN (SELECT u.id FROM unions u WHERE u.state <> 'active')",
        ),
        FileErasure("files", "owner_id = $1"),
        Erasure(
            "members",
            "id = $1",
            {
                "handle": "handle",
                "name": "''",
                "bio": "''",
                "links": "'{}'",
                "avatar": "NULL",
                "privacy": "'{}'::jsonb",
            },
            # Made of the id: see domain/handle.py.
            held={"handle": "handle ~ '^m-[a-z2-7]{12}$'"},
        ),
    ),
    stays={
        **CHASSIS_STAYS,
        "device_keys": "by which their acts are checked",
        "sessions": "times, dropped as others' are",
        "file_contents": "swept once nothing refers to them",
        "nonces": "of nobody, for five minutes",
        "address_windows": "counts by address, for minutes",
        "revocations": "ids of what has ended, for two weeks",
        "account_deletions": "that it was asked for and done: times",
        "erased_looks": "a keyed hash, so that nobody is taken for them, for a time",
        "unions": "a union's own",
        "charters": "a union's own",
        "charter_acceptances": "ids, and the hash of the charter",
        "invitations": "a hash of a code, and ids",
        "memberships": "ids, states and times",
        "applications": "ids, states and the hash of the charter",
        "admission_questions": "a union's own",
        "invitation_lists": "a union's own: ids, counts and its language",
        "invitation_list_refusals": "grounds, of nobody",
        "invitees": "ids and times; of whom they invited it ends with the list",
        "growth_targets": "a union's own: counts and who set them, by id",
        "email_stops": "a keyed hash of an address that wants no invitations",
        "offices": "a union's own",
        "office_versions": "a union's own",
        "office_holdings": "who held what when: ids",
        "office_grants": "ids and limits",
        "businesses": "a business' own",
        "business_share_changes": "whose shares went to whom: ids and counts",
        "business_posts": "who managed and was hired when: ids and limits",
        "business_resolutions": "what owners resolved: ids",
        "business_grants": "ids and limits",
        "successions": "who held the founder's office when: ids",
        "suspensions": "what an officer wrote",
        "operator_changes": "who was an operator when: ids, and what was said on the machine",
        "operator_acts": "what an operator wrote, and the hash of a picture",
        "operator_act_unions": "ids",
        "operator_rulings": "what operators wrote",
        "operator_appeals": "ids and times",
        "expulsions": "what officers wrote",
        "webhooks": "a union's own",
        "webhook_deliveries": "events: ids, amounts and states; they go with their webhook",
        "members": "the id",
    },
)
