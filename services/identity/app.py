"""Identity joined: the only place where its parts meet."""

from fastapi import FastAPI

from chassis.auth.derived_keys import derived_key
from chassis.auth.issuer import MEMBER_AUDIENCE, TokenIssuer
from chassis.auth.verifier import TokenLimits, TokenVerifier
from chassis.contract_wallets import ContractWallets
from chassis.ids import random_bytes
from chassis.revocations.follower import RevocationFollower
from chassis.revocations.view import RevocationView
from chassis.service import Chassis, ServiceParts, Surroundings, build_service
from services.identity.admission.api import (
    applications,
    growth_targets,
    invitation_lists,
    joinings,
    proofs,
    vouches,
)
from services.identity.admission.mailing import InvitationMailing
from services.identity.admission.token_node import TokenNode
from services.identity.api import (
    acceptances,
    auth,
    avatars,
    charter_presets,
    charter_versions,
    charters,
    device_certificates,
    devices,
    encryption_keys,
    exports,
    internal,
    internal_live,
    keys,
    members,
    memberships,
    own_passkeys,
    own_sessions,
    own_wallets,
    passkey_sessions,
    sign_in_messages,
    skills,
    stream_tickets,
    unions,
)
from services.identity.api.joined import Identity
from services.identity.api.problems import PROBLEMS
from services.identity.businesses.api import businesses, posts, resolutions
from services.identity.businesses.api import internal as business_states
from services.identity.consumers import identity_consumers
from services.identity.deletion.api import deletion
from services.identity.exclusion.api import expulsions, suspensions
from services.identity.notices.api import channels, choices, notices
from services.identity.notices.channels.push import PushChannel
from services.identity.notices.sending import NoticeSending
from services.identity.offices.api import holders, offices
from services.identity.operators.api import appeals, operator_acts, operators
from services.identity.recovery.api import asking, codes, guardians, recoveries
from services.identity.settings import IdentitySettings
from services.identity.signing_keys import SigningKeys
from services.identity.store.revocation_log import RevocationLog
from services.identity.store.tables import SCHEMA
from services.identity.succession.api import succession
from services.identity.timers import identity_timers
from services.identity.webhooks.api import deliveries, webhooks
from services.identity.webhooks.following import Following
from services.identity.webhooks.sending import Sending


def create_app(settings: IdentitySettings, surroundings: Surroundings) -> FastAPI:
    sending = Sending(settings)
    signing_keys = SigningKeys.load(settings, surroundings.clock)
    derived_from = signing_keys.first.secret
    links_key = derived_key(derived_from, "personal links")
    looks_key = derived_key(derived_from, "erased handles")
    push = PushChannel(settings, derived_from, loopback_allowed=settings.egress_loopback_allowed)
    telling = NoticeSending(settings, push)
    wallets = ContractWallets(settings)
    mailing = InvitationMailing(settings, links_key)
    parts = _parts(settings, sending, telling, mailing, wallets, signing_keys, looks_key)
    app = build_service(parts, settings, surroundings)
    chassis: Chassis = app.state.chassis
    # Identity knows its own keys: it asks nobody for them.
    chassis.verifier = _verifier(chassis, signing_keys, SCHEMA.service)
    log = RevocationLog(chassis.database, surroundings.clock, settings)
    chassis.revocations = RevocationFollower(
        RevocationView(surroundings.clock, with_memberships=False), log, settings, SCHEMA.service
    )
    app.state.webhooks = sending
    app.state.telling = telling
    app.state.mailing = mailing
    app.state.identity = Identity(
        settings=settings,
        issuer=TokenIssuer(
            signing_keys,
            settings.public_url,
            surroundings.clock,
            access_seconds=settings.access_token_seconds,
            internal_seconds=settings.internal_token_seconds,
        ),
        access_tokens=_verifier(chassis, signing_keys, MEMBER_AUDIENCE),
        random_bytes=random_bytes,
        revocations=log,
        push_key=push.public_key,
        contract_wallets=wallets,
        token_node=TokenNode(settings),
        codes_key=derived_key(derived_from, "recovery codes"),
        links_key=links_key,
        looks_key=looks_key,
    )
    return app


# Routes are tried in order: the exchange is asked for most.
_ROUTERS = [
    module.router
    for module in (
        internal,
        auth,
        passkey_sessions,
        sign_in_messages,
        keys,
        device_certificates,
        devices,
        members,
        avatars,
        encryption_keys,
        exports,
        deletion,
        skills,
        own_passkeys,
        own_sessions,
        own_wallets,
        guardians,
        recoveries,
        codes,
        asking,
        unions,
        charters,
        charter_presets,
        charter_versions,
        acceptances,
        memberships,
        suspensions,
        expulsions,
        succession,
        holders,
        offices,
        businesses,
        posts,
        resolutions,
        business_states,
        invitation_lists,
        applications,
        vouches,
        joinings,
        proofs,
        growth_targets,
        stream_tickets,
        internal_live,
        webhooks,
        deliveries,
        notices,
        choices,
        channels,
        operators,
        operator_acts,
        appeals,
    )
]


def _parts(
    settings: IdentitySettings,
    sending: Sending,
    telling: NoticeSending,
    mailing: InvitationMailing,
    wallets: ContractWallets,
    signing_keys: SigningKeys,
    looks_key: bytes,
) -> ServiceParts:
    following = Following(sending.wake)
    return ServiceParts(
        schema=SCHEMA,
        routers=_ROUTERS,
        problems=PROBLEMS,
        consumers=identity_consumers(settings),
        timers=identity_timers(settings, looks_key),
        background={
            "webhooks": sending.run,
            "events of webhooks": following.run,
            "notices": telling.run,
            "signing keys": signing_keys.follow,
            "invitations by e-mail": mailing.run,
        },
        warnings=lambda: [*sending.warnings(), *following.warnings(), *signing_keys.warnings()],
        off=[
            *(f"{off.what} ({off.brought_by})" for off in settings.channels_off),
            *([] if wallets.off is None else [f"sign-in by contract wallets ({wallets.off})"]),
        ],
    )


def _verifier(chassis: Chassis, signing_keys: SigningKeys, audience: str) -> TokenVerifier:
    return TokenVerifier(
        audience=audience,
        issuer=chassis.settings.public_url,
        member_keys=signing_keys,
        service_keys=chassis.keys.verifying,
        clock=chassis.clock,
        limits=TokenLimits.of(chassis.settings),
    )
