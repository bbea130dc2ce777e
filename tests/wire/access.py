"""The one table of who may do what: each operation of the document, and what whoever asks has to be.

What a right lets one do is in docs/decisions/0057-offices.md; a service asks for it in its dependencies.
"""

from dataclasses import dataclass

from chassis.rights.grants import Right


@dataclass(frozen=True, slots=True)
class Access:
    """`who`, in a word; one of `rights`, where it takes one: the founder holds them all."""

    who: str
    rights: frozenset[Right] = frozenset()


ANYONE = Access("anyone")
SIGNED_IN = Access("signed in")
MEMBER = Access("active member of the union")
OWN = Access("member, of what is their own; some of it also after leaving")
FOUNDER = Access("founder")
HEIR = Access("heir of the founder's office; what ends it also its holder")
BUSINESS = Access("owner of the business, its manager, or a hire of what they were given; not the founder")
OPERATOR = Access("operator of the house, whom the machine names")
OFFICE = Access("founder, who holds an office above, or of their own holding the holder")


def holding(*rights: Right) -> Access:
    return Access("founder or officer", frozenset(rights))


_LISTED: dict[Access, str] = {
    ANYONE: """
        GET /.well-known/jwks.json
        POST /v1/auth/nonces
        POST /v1/auth/passkey-sessions
        POST /v1/auth/passkeys
        POST /v1/auth/recoveries
        GET /v1/auth/recoveries/{recovery}
        POST /v1/auth/recoveries/{recovery}/cancellations
        POST /v1/auth/refreshes
        POST /v1/auth/sessions
        POST /v1/auth/sign-in-messages
        GET /v1/charter-presets
        POST /v1/email-unsubscriptions/{token}
        GET /v1/events
        GET /v1/export-keys
        GET /v1/members/{member}/avatar/{digest}/content
        GET /v1/operator-acts
        GET /v1/operator-acts/{act}
        GET /v1/operators
        GET /v1/skills
        GET /v1/unions
        GET /v1/unions/{union}
        GET /v1/unions/{union}/admission-questions
        GET /v1/unions/{union}/agreements/{agreement}/files/{digest}/content
        GET /v1/unions/{union}/bridge
        GET /v1/unions/{union}/businesses
        GET /v1/unions/{union}/businesses/{business}
        GET /v1/unions/{union}/businesses/{business}/owners
        GET /v1/unions/{union}/businesses/{business}/posts
        GET /v1/unions/{union}/charter
        GET /v1/unions/{union}/charter/acceptances
        GET /v1/unions/{union}/charter/diff
        GET /v1/unions/{union}/charter/versions
        GET /v1/unions/{union}/funding/summary
        GET /v1/unions/{union}/growth-targets
        GET /v1/unions/{union}/invitations/{code}
        GET /v1/unions/{union}/journal
        GET /v1/unions/{union}/journal.jsonl
        GET /v1/unions/{union}/journal/keys
        GET /v1/unions/{union}/leaders
        GET /v1/unions/{union}/leaders/{member}
        GET /v1/unions/{union}/leaders/{member}/explanation
        GET /v1/unions/{union}/leaders/{member}/tree
        GET /v1/unions/{union}/leaders/{member}/tree.svg
        GET /v1/unions/{union}/market/summary
        GET /v1/unions/{union}/memberships
        GET /v1/unions/{union}/offers/{offer}/photos/{digest}/content
        GET /v1/unions/{union}/offices
        GET /v1/unions/{union}/offices/register
        GET /v1/unions/{union}/offices/{office}
        GET /v1/unions/{union}/succession
        GET /v1/unions/{union}/succession/history
        GET /v1/unions/{union}/supply
        GET /v1/unions/{union}/supply/changes
        GET /v1/unions/{union}/supply/vesting
        GET /v1/unions/{union}/totals
        GET /v1/unions/{union}/tree.svg
    """,
    SIGNED_IN: """
        DELETE /v1/auth/sessions/current
        POST /v1/events/tickets
        GET /v1/home
        GET /v1/me
        PATCH /v1/me
        DELETE /v1/me/avatar
        PUT /v1/me/avatar/{digest}
        DELETE /v1/me/deletion
        GET /v1/me/deletion
        POST /v1/me/deletion
        DELETE /v1/me/devices
        GET /v1/me/devices
        DELETE /v1/me/devices/{device}
        PATCH /v1/me/devices/{device}
        GET /v1/me/devices/{device}/acts
        GET /v1/me/devices/{device}/acts/{act}
        GET /v1/me/devices/{device}/certificates
        DELETE /v1/me/email-address
        PUT /v1/me/email-address
        POST /v1/me/email-address/confirmations
        DELETE /v1/me/encryption-key
        PUT /v1/me/encryption-key
        POST /v1/me/exports
        DELETE /v1/me/guardians
        GET /v1/me/guardians
        PUT /v1/me/guardians
        DELETE /v1/me/guardians/change
        GET /v1/me/memberships
        GET /v1/me/notice-channels
        GET /v1/me/notice-choice
        PUT /v1/me/notice-choice
        GET /v1/me/notices
        PUT /v1/me/notices/read-mark
        GET /v1/me/operator-acts
        GET /v1/me/passkeys
        POST /v1/me/passkeys
        DELETE /v1/me/passkeys/{passkey}
        PATCH /v1/me/passkeys/{passkey}
        DELETE /v1/me/passkeys/{passkey}/removal
        DELETE /v1/me/push-subscription
        PUT /v1/me/push-subscription
        GET /v1/me/recoveries
        DELETE /v1/me/recoveries/{recovery}
        PUT /v1/me/recoveries/{recovery}/vote
        GET /v1/me/recovery-codes
        POST /v1/me/recovery-codes
        GET /v1/me/sessions
        DELETE /v1/me/sessions/{session}
        GET /v1/me/wallets
        POST /v1/me/wallets
        DELETE /v1/me/wallets/{wallet}
        PATCH /v1/me/wallets/{wallet}
        DELETE /v1/me/wallets/{wallet}/removal
        GET /v1/me/wards
        DELETE /v1/me/wards/{member}
        GET /v1/members
        GET /v1/members/{member}
        GET /v1/members/{member}/encryption-key
        PUT /v1/operator-acts/{act}/appeal
        POST /v1/unions
        GET /v1/unions/{union}/admission-proofs/mine
        PUT /v1/unions/{union}/admission-proofs/mine/balance
        PUT /v1/unions/{union}/admission-proofs/mine/credential
        POST /v1/unions/{union}/applications
        GET /v1/unions/{union}/expulsions
        GET /v1/unions/{union}/home
        POST /v1/unions/{union}/memberships
        GET /v1/unions/{union}/suspensions
        GET /v1/unions/{union}/vouches
    """,
    MEMBER: """
        GET /v1/unions/{union}/backlink-proposals
        POST /v1/unions/{union}/backlink-proposals/confirmation
        GET /v1/unions/{union}/backlinks
        PUT /v1/unions/{union}/backlinks/{leader}
        POST /v1/unions/{union}/bids/{bid}/acceptance
        POST /v1/unions/{union}/businesses
        GET /v1/unions/{union}/business-accounts
        POST /v1/unions/{union}/invitations
        PUT /v1/unions/{union}/mandates/{mandate}
        GET /v1/unions/{union}/offers
        POST /v1/unions/{union}/offers
        GET /v1/unions/{union}/offers/{offer}
        GET /v1/unions/{union}/offers/{offer}/bids
        POST /v1/unions/{union}/offers/{offer}/bids
        GET /v1/unions/{union}/offers/{offer}/photos
        GET /v1/unions/{union}/operator-acts
        PUT /v1/unions/{union}/offers/{offer}/photos/{digest}
        GET /v1/unions/{union}/pledges/{pledge}
        GET /v1/unions/{union}/projects
        POST /v1/unions/{union}/projects
        GET /v1/unions/{union}/projects/{project}
        GET /v1/unions/{union}/projects/{project}/pledges
        POST /v1/unions/{union}/projects/{project}/pledges
        PUT /v1/unions/{union}/schedules/{schedule}
        PUT /v1/unions/{union}/voice
        GET /v1/unions/{union}/vouches/{member}
        PUT /v1/unions/{union}/vouches/{member}
    """,
    OWN: """
        GET /v1/unions/{union}/accounts
        GET /v1/unions/{union}/accounts/{account}
        GET /v1/unions/{union}/accounts/{account}/balance
        GET /v1/unions/{union}/accounts/{account}/freeze
        GET /v1/unions/{union}/accounts/{account}/statement
        GET /v1/unions/{union}/accounts/{account}/statement.beancount
        GET /v1/unions/{union}/accounts/{account}/statement.csv
        GET /v1/unions/{union}/accounts/{account}/statement/{sequence}/explanation
        GET /v1/unions/{union}/accounts/{account}/statement/{sequence}/receipt
        GET /v1/unions/{union}/agreements
        GET /v1/unions/{union}/agreements/{agreement}
        POST /v1/unions/{union}/agreements/{agreement}/acceptance
        POST /v1/unions/{union}/agreements/{agreement}/cancellation
        POST /v1/unions/{union}/agreements/{agreement}/deliveries
        GET /v1/unions/{union}/agreements/{agreement}/files
        DELETE /v1/unions/{union}/agreements/{agreement}/files/{digest}
        PUT /v1/unions/{union}/agreements/{agreement}/files/{digest}
        PUT /v1/unions/{union}/allotments/{allotment}
        DELETE /v1/unions/{union}/applications/mine
        GET /v1/unions/{union}/applications/mine
        PUT /v1/unions/{union}/applications/mine/appeal
        DELETE /v1/unions/{union}/backlinks/{leader}
        DELETE /v1/unions/{union}/bids/{bid}
        GET /v1/unions/{union}/deposits
        GET /v1/unions/{union}/deposits/{deposit}
        PUT /v1/unions/{union}/deposits/{deposit}/claim
        GET /v1/unions/{union}/expulsions/{expulsion}
        PUT /v1/unions/{union}/expulsions/{expulsion}/appeal
        PUT /v1/unions/{union}/expulsions/{expulsion}/statement
        GET /v1/unions/{union}/holds
        GET /v1/unions/{union}/mandates
        DELETE /v1/unions/{union}/mandates/{mandate}
        DELETE /v1/unions/{union}/memberships/me
        GET /v1/unions/{union}/memberships/me
        GET /v1/unions/{union}/memberships/me/acceptance
        PUT /v1/unions/{union}/memberships/me/acceptance
        DELETE /v1/unions/{union}/offers/{offer}
        DELETE /v1/unions/{union}/offers/{offer}/photos/{digest}
        DELETE /v1/unions/{union}/pledges/{pledge}
        GET /v1/unions/{union}/schedules
        DELETE /v1/unions/{union}/schedules/{schedule}
        GET /v1/unions/{union}/schedules/{schedule}
        POST /v1/unions/{union}/transfer-cancellations
        POST /v1/unions/{union}/transfers
        DELETE /v1/unions/{union}/voice
        GET /v1/unions/{union}/voice
        DELETE /v1/unions/{union}/vouches/{member}
        GET /v1/unions/{union}/withdrawals
        POST /v1/unions/{union}/withdrawals
        GET /v1/unions/{union}/withdrawals/{withdrawal}
    """,
    FOUNDER: """
        POST /v1/unions/{union}/backlink-imports
        GET /v1/unions/{union}/backlink-imports/{import_id}
        PUT /v1/unions/{union}/bridge
        PUT /v1/unions/{union}/succession/heir
        POST /v1/unions/{union}/succession/handover
        GET /v1/unions/{union}/webhooks
        POST /v1/unions/{union}/webhooks
        DELETE /v1/unions/{union}/webhooks/{webhook}
        GET /v1/unions/{union}/webhooks/{webhook}
        PATCH /v1/unions/{union}/webhooks/{webhook}
        GET /v1/unions/{union}/webhooks/{webhook}/deliveries
        POST /v1/unions/{union}/webhooks/{webhook}/deliveries/{delivery}/retries
        POST /v1/unions/{union}/webhooks/{webhook}/secret-rotations
        POST /v1/unions/{union}/webhooks/{webhook}/test-deliveries
    """,
    holding(Right.ADMIT): """
        PUT /v1/unions/{union}/admission-questions
        GET /v1/unions/{union}/applications
        PUT /v1/unions/{union}/applications/{application}/admission
        PUT /v1/unions/{union}/applications/{application}/refusal
        POST /v1/unions/{union}/growth-targets
        DELETE /v1/unions/{union}/growth-targets/{target}
        GET /v1/unions/{union}/invitation-lists
        POST /v1/unions/{union}/invitation-lists
        DELETE /v1/unions/{union}/invitation-lists/{invitation_list}
        GET /v1/unions/{union}/invitation-lists/{invitation_list}
        GET /v1/unions/{union}/invitation-lists/{invitation_list}/people
        GET /v1/unions/{union}/invitation-lists/{invitation_list}/refusals
        PUT /v1/unions/{union}/invitation-lists/{invitation_list}/rows/{line}
        GET /v1/unions/{union}/joinings
    """,
    holding(Right.AMEND): """
        PATCH /v1/unions/{union}/charter
    """,
    holding(Right.AUDIT): """
        GET /v1/unions/{union}/journal/rows.jsonl
        GET /v1/unions/{union}/runs/{run}
        GET /v1/unions/{union}/runs/{run}/refused-lines
    """,
    holding(Right.MODERATE): """
        DELETE /v1/unions/{union}/accounts/{account}/freeze
        PUT /v1/unions/{union}/accounts/{account}/freeze
        POST /v1/unions/{union}/expulsions
        PUT /v1/unions/{union}/expulsions/{expulsion}/appeal/decision
        PUT /v1/unions/{union}/expulsions/{expulsion}/decision
        POST /v1/unions/{union}/suspensions
        DELETE /v1/unions/{union}/suspensions/{suspension}
    """,
    holding(Right.SPEND): """
        PUT /v1/unions/{union}/treasury-payments/{payment}
    """,
    holding(Right.SPEND, Right.AUDIT): """
        GET /v1/unions/{union}/treasury-payments
    """,
    HEIR: """
        DELETE /v1/unions/{union}/succession/claim
        PUT /v1/unions/{union}/succession/claim
        PUT /v1/unions/{union}/succession/consent
        DELETE /v1/unions/{union}/succession/heir
    """,
    BUSINESS: """
        POST /v1/unions/{union}/businesses/{business}/hires
        DELETE /v1/unions/{union}/businesses/{business}/owners/me
        DELETE /v1/unions/{union}/businesses/{business}/posts/{post}
        GET /v1/unions/{union}/business-payments
        PUT /v1/unions/{union}/business-payments/{payment}
        GET /v1/unions/{union}/businesses/{business}/resolutions
        POST /v1/unions/{union}/businesses/{business}/resolutions
        GET /v1/unions/{union}/businesses/{business}/resolutions/{resolution}
        PUT /v1/unions/{union}/businesses/{business}/resolutions/{resolution}/approval
        GET /v1/unions/{union}/businesses/{business}/share-transfers
        POST /v1/unions/{union}/businesses/{business}/share-transfers
    """,
    OPERATOR: """
        POST /v1/operator-acts/member-locks
        POST /v1/operator-acts/picture-removals
        POST /v1/operator-acts/union-hidings
        PUT /v1/operator-acts/{act}/appeal/decision
        PUT /v1/operator-acts/{act}/ending
    """,
    OFFICE: """
        POST /v1/unions/{union}/offices
        DELETE /v1/unions/{union}/offices/{office}
        PATCH /v1/unions/{union}/offices/{office}
        POST /v1/unions/{union}/offices/{office}/holders
        DELETE /v1/unions/{union}/offices/{office}/holders/{member}
    """,
}
ACCESS: dict[str, Access] = {
    label.strip(): access for access, labels in _LISTED.items() for label in labels.strip().splitlines()
}
"""By the operation's method and path."""
