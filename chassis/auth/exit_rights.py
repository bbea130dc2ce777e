"""What a session of a locked account still does, besides reading: one table, in force in every service.

It takes out, ends, withdraws, answers and appeals; it agrees to nothing new but the rules under which a
membership goes on, and pays nobody but whom an agreement names already. What protects the account itself
stays, too, and a guardian's vote, on which another member's way back depends.
"""

_LISTED = """
    DELETE /v1/auth/sessions/current
    POST /v1/events/tickets
    PUT /v1/operator-acts/{act}/appeal

    POST /v1/me/exports
    POST /v1/me/deletion
    DELETE /v1/me/deletion
    DELETE /v1/me/avatar
    DELETE /v1/me/encryption-key
    DELETE /v1/me/email-address
    DELETE /v1/me/push-subscription
    PUT /v1/me/notice-choice
    PUT /v1/me/notices/read-mark

    DELETE /v1/me/devices
    DELETE /v1/me/devices/{device}
    DELETE /v1/me/sessions/{session}
    DELETE /v1/me/passkeys/{passkey}
    DELETE /v1/me/passkeys/{passkey}/removal
    DELETE /v1/me/wallets/{wallet}
    DELETE /v1/me/wallets/{wallet}/removal
    DELETE /v1/me/guardians/change
    DELETE /v1/me/recoveries/{recovery}
    PUT /v1/me/recoveries/{recovery}/vote
    DELETE /v1/me/wards/{member}

    DELETE /v1/unions/{union}/memberships/me
    PUT /v1/unions/{union}/memberships/me/acceptance
    DELETE /v1/unions/{union}/applications/mine
    PUT /v1/unions/{union}/applications/mine/appeal
    PUT /v1/unions/{union}/expulsions/{expulsion}/statement
    PUT /v1/unions/{union}/expulsions/{expulsion}/appeal
    PUT /v1/unions/{union}/succession/heir
    POST /v1/unions/{union}/succession/handover
    DELETE /v1/unions/{union}/succession/heir
    DELETE /v1/unions/{union}/succession/claim
    DELETE /v1/unions/{union}/vouches/{member}
    POST /v1/unions/{union}/businesses/{business}/share-transfers
    DELETE /v1/unions/{union}/businesses/{business}/owners/me
    DELETE /v1/unions/{union}/backlinks/{leader}
    DELETE /v1/unions/{union}/voice

    DELETE /v1/unions/{union}/offers/{offer}
    DELETE /v1/unions/{union}/offers/{offer}/photos/{digest}
    DELETE /v1/unions/{union}/bids/{bid}
    POST /v1/unions/{union}/agreements/{agreement}/acceptance
    POST /v1/unions/{union}/agreements/{agreement}/cancellation
    POST /v1/unions/{union}/agreements/{agreement}/deliveries
    PUT /v1/unions/{union}/agreements/{agreement}/files/{digest}
    DELETE /v1/unions/{union}/agreements/{agreement}/files/{digest}
    DELETE /v1/unions/{union}/pledges/{pledge}

    POST /v1/unions/{union}/withdrawals
    PUT /v1/unions/{union}/deposits/{deposit}/claim
    POST /v1/unions/{union}/transfer-cancellations
    DELETE /v1/unions/{union}/mandates/{mandate}
    DELETE /v1/unions/{union}/schedules/{schedule}
"""
EXIT_RIGHTS = frozenset(line.strip() for line in _LISTED.splitlines() if line.strip())
"""By the operation's method and path."""
