"""The one table: each fact that identity states, and its status and title for the caller."""

from collections.abc import Mapping

from chassis.errors import DomainError
from chassis.passkeys import PasskeyMalformed, PasskeySignatureWrong, PasskeyWrong
from chassis.problems import PRECONDITION_FAILED, PRECONDITION_REQUIRED, ProblemType
from chassis.siwe import (
    SiweFieldWrong,
    SiweMalformed,
    SiweTimeWrong,
    WalletSignatureMalformed,
    WalletSignatureWrong,
)
from services.identity.admission.api.problems import ADMISSION_PROBLEMS
from services.identity.api.contract_wallet_problems import CONTRACT_WALLET_PROBLEMS
from services.identity.api.picture_problems import PICTURE_PROBLEMS
from services.identity.businesses.api.problems import BUSINESS_PROBLEMS
from services.identity.deletion.api.problems import DELETION_PROBLEMS
from services.identity.domain import errors, profile_errors
from services.identity.exclusion.api.problems import EXCLUSION_PROBLEMS
from services.identity.notices.api.problems import NOTICE_PROBLEMS
from services.identity.offices.api.problems import OFFICE_PROBLEMS
from services.identity.operators.api.problems import OPERATOR_PROBLEMS
from services.identity.recovery.api.problems import RECOVERY_PROBLEMS
from services.identity.succession.api.problems import SUCCESSION_PROBLEMS
from services.identity.webhooks.api.problems import WEBHOOK_PROBLEMS

PROBLEMS: Mapping[type[DomainError], ProblemType] = {
    **WEBHOOK_PROBLEMS,
    **NOTICE_PROBLEMS,
    **OFFICE_PROBLEMS,
    **OPERATOR_PROBLEMS,
    **DELETION_PROBLEMS,
    **RECOVERY_PROBLEMS,
    **EXCLUSION_PROBLEMS,
    **SUCCESSION_PROBLEMS,
    **PICTURE_PROBLEMS,
    **ADMISSION_PROBLEMS,
    **BUSINESS_PROBLEMS,
    errors.AddressLimitReached: ProblemType(
        "address-limit-reached",
        429,
        "Too many requests from this address",
        "At most {limit} in {window_seconds} seconds; try again in {retry_after_seconds} seconds.",
    ),
    errors.AttemptLimitReached: ProblemType(
        "attempt-limit-reached",
        429,
        "Too many attempts",
        "Of {kind}, at most {limit} in {window_seconds} seconds; try again in {retry_after_seconds} seconds.",
    ),
    errors.NonceNotUsable: ProblemType(
        "nonce-not-usable",
        401,
        "The nonce cannot be used",
        "It is unknown, used, expired or another browser's: ask for a new one and send its cookie back.",
    ),
    SiweMalformed: ProblemType(
        "sign-in-message-malformed", 400, "The message is not of EIP-4361", "Line {line}: {what}."
    ),
    SiweFieldWrong: ProblemType(
        "sign-in-message-wrong",
        401,
        "The message is not for here and now",
        "Its {field} is {found}; expected is {expected}.",
    ),
    SiweTimeWrong: ProblemType(
        "sign-in-message-untimely",
        401,
        "The message is not valid now",
        "Its {field} is {found}; the server's time is {server_time}.",
    ),
    WalletSignatureMalformed: ProblemType(
        "wallet-signature-malformed",
        400,
        "The signature cannot be read",
        "Of the wallet's signature: {what}.",
    ),
    WalletSignatureWrong: ProblemType(
        "wallet-signature-wrong",
        401,
        "The signature is another wallet's",
        "The message was not signed by the wallet {address} that it names. A contract is asked only where "
        "ETH_RPC_URL names a node.",
    ),
    **CONTRACT_WALLET_PROBLEMS,
    PasskeyMalformed: ProblemType(
        "passkey-malformed", 400, "The passkey's answer cannot be read", "It is not readable: {what}."
    ),
    PasskeyWrong: ProblemType(
        "passkey-wrong",
        401,
        "The passkey answered something else",
        "Its {field} is to be: {expected}.",
    ),
    PasskeySignatureWrong: ProblemType(
        "passkey-signature-wrong",
        401,
        "The signature is another passkey's",
        "The answer was not signed by the passkey that it names.",
    ),
    errors.PasskeysUnavailable: ProblemType(
        "passkeys-unavailable",
        409,
        "Passkeys cannot be used at this address",
        "Sign in with a wallet. Of passkeys: {reason}.",
    ),
    errors.PasskeyTaken: ProblemType(
        "passkey-taken", 409, "This passkey is registered already", "Sign in by it, or make another one."
    ),
    errors.PasskeyUnknown: ProblemType(
        "passkey-unknown",
        401,
        "Nobody signs in by this passkey",
        "It was never registered here, or was removed: use another one, or join as a new member.",
    ),
    errors.PasskeyCounterBackwards: ProblemType(
        "passkey-counter-backwards",
        401,
        "This passkey may have been copied",
        "It counted {seen} signatures where {counted} were seen before: remove it and make a new one.",
    ),
    errors.PasskeyNotFound: ProblemType(
        "passkey-not-found", 404, "Not found", "You have no passkey {passkey_id}."
    ),
    errors.PasskeysPerMemberReached: ProblemType(
        "passkeys-per-member-reached", 409, "Enough passkeys", "One member has at most {limit}: remove one."
    ),
    errors.LastKey: ProblemType(
        "last-key",
        409,
        "This is your last key",
        "Without it you could not sign in any more: add another passkey first.",
    ),
    errors.KeyRemoved: ProblemType(
        "key-removed",
        403,
        "This key was removed",
        "It was taken from its member and signs in no more: use another one.",
    ),
    errors.ExportUnderKey: ProblemType(
        "export-under-key",
        400,
        "Send no Idempotency-Key here",
        "Under a key the answer would be kept: ask for another one instead.",
    ),
    errors.ContractAskedUnderKey: ProblemType(
        "contract-asked-under-key",
        400,
        "Send no Idempotency-Key here",
        "The nonce in the message of a contract wallet has this done once.",
    ),
    errors.KeyTaken: ProblemType(
        "key-taken", 409, "This wallet is somebody's", "It is or was a key of some member."
    ),
    errors.WalletNotFound: ProblemType("wallet-not-found", 404, "Not found", "You have no wallet {address}."),
    errors.WalletsPerMemberReached: ProblemType(
        "wallets-per-member-reached", 409, "Enough wallets", "One member has at most {limit}: remove one."
    ),
    errors.SessionNotFound: ProblemType(
        "session-not-found", 404, "Not found", "You have no session {session_id}."
    ),
    errors.DeviceKeyTaken: ProblemType(
        "device-key-taken",
        409,
        "This device key belongs to another member",
        "Make a new device key: one key speaks for one member.",
    ),
    errors.DeviceKeyRevoked: ProblemType(
        "device-key-revoked", 403, "This device key was revoked", "Make a new device key and sign in with it."
    ),
    errors.DeviceKeyNotFound: ProblemType(
        "device-key-not-found", 404, "Not found", "No device key has the id {device_key_id}."
    ),
    errors.RefreshTokenMissing: ProblemType(
        "refresh-token-missing",
        401,
        "No refresh token",
        "A browser sends it in its cookie, every other client as `refresh_token` in the body.",
    ),
    errors.RefreshTokenRefused: ProblemType(
        "refresh-token-refused", 401, "Sign in again", "The refresh token is unknown or its session is over."
    ),
    errors.RefreshTokenReused: ProblemType(
        "refresh-token-reused",
        401,
        "The session was ended for safety",
        "A refresh token that was used before came again, so two hold it: sign in again.",
    ),
    errors.StreamTicketRefused: ProblemType(
        "stream-ticket-refused",
        401,
        "The ticket opens no stream",
        "It is unknown, used or expired, or its session is over: ask for a new one.",
    ),
    errors.OriginRefused: ProblemType(
        "origin-refused", 403, "This page may not ask for a session", "Only pages of {expected} may."
    ),
    errors.SessionEnded: ProblemType(
        "session-ended", 401, "The session is over", "Sign in again: the session has ended."
    ),
    errors.ExchangeRefused: ProblemType(
        "exchange-refused", 400, "The token cannot be exchanged", "{ground}."
    ),
    errors.ServiceOnly: ProblemType(
        "not-this-service", 403, "This service may not ask that", "Only {allowed} may."
    ),
    errors.MemberNotFound: ProblemType(
        "member-not-found", 404, "Not found", "Nobody is called {member} here."
    ),
    profile_errors.SkillUnknown: ProblemType(
        "skill-unknown", 400, "No such skill", "{skill} is not in the vocabulary that GET /v1/skills gives."
    ),
    profile_errors.TooManySkills: ProblemType("too-many-skills", 400, "Too many skills", "At most {limit}."),
    profile_errors.LinkRefused: ProblemType(
        "link-refused", 400, "This link cannot be shown", "{link}: {ground}."
    ),
    profile_errors.TooManyLinks: ProblemType("too-many-links", 400, "Too many links", "At most {limit}."),
    profile_errors.EncryptionKeyRefused: ProblemType(
        "encryption-key-refused",
        400,
        "No encryption key that keeps a secret",
        "Expected is an X25519 public key: {expected}.",
    ),
    profile_errors.EncryptionKeyNotFound: ProblemType(
        "encryption-key-not-found", 404, "No encryption key", "The member shows you none."
    ),
    errors.HandleRefused: ProblemType("handle-refused", 400, "This handle cannot be taken", "{ground}."),
    errors.HandleTaken: ProblemType(
        "handle-taken",
        409,
        "This handle is another member's",
        "{handle} is, was, or looks like another member's.",
    ),
    errors.VersionRequired: PRECONDITION_REQUIRED,
    errors.VersionStale: PRECONDITION_FAILED,
    errors.UnionNotFound: ProblemType(
        "union-not-found", 404, "Not found", "No union is called {union} here."
    ),
    errors.UnionDissolved: ProblemType(
        "union-dissolved", 409, "This union has ended", "The last member of {union} has left."
    ),
    errors.UnionNameRefused: ProblemType(
        "union-name-refused", 400, "A union needs a name", "The name has no letter and no digit."
    ),
    errors.SlugRefused: ProblemType("slug-refused", 400, "This slug cannot be taken", "{ground}."),
    errors.SlugTaken: ProblemType(
        "slug-taken", 409, "Another union has this slug", "Choose another one than {slug}, or leave it out."
    ),
    errors.UnionsPerFounderReached: ProblemType(
        "unions-per-founder-reached",
        409,
        "Enough unions for one founder",
        "One member founds at most {limit}.",
    ),
    errors.ParameterRefused: ProblemType(
        "parameter-refused", 400, "A parameter is outside its limits", "{parameter} is to be: {expected}."
    ),
    errors.ParameterFixed: ProblemType(
        "parameter-fixed",
        409,
        "This parameter is fixed",
        "{parameter} was fixed at founding, when the token was issued.",
    ),
    errors.CharterNeedsDecision: ProblemType(
        "charter-needs-decision",
        409,
        "The members decide about the charter now",
        "The founder amends alone below {free_below} members; there are {members}.",
    ),
    errors.CharterStale: ProblemType(
        "charter-stale",
        409,
        "Another charter is in force",
        "Read the charter again and accept version {charter_version} with hash {charter_hash}.",
    ),
    errors.CharterVersionNotFound: ProblemType(
        "charter-version-not-found", 404, "Not found", "The charter has no version {version}."
    ),
    errors.FounderOnly: ProblemType("founder-only", 403, "Not yours to do", "Only {who} may {act}."),
    errors.AlreadyMember: ProblemType(
        "already-member", 409, "You are a member", "You are in this union since {joined_at}."
    ),
    errors.NotAMember: ProblemType(
        "not-a-member", 403, "You are not a member of this union", "Join the union first; yours is: {state}."
    ),
    errors.MembershipNotFound: ProblemType(
        "membership-not-found", 404, "Not found", "This member has never been in this union."
    ),
    errors.MembershipBarred: ProblemType(
        "membership-barred", 403, "You cannot join again", "Your membership is {state}."
    ),
    errors.FounderCannotLeave: ProblemType(
        "founder-cannot-leave",
        409,
        "The founder is the last to leave",
        "{other_members} others are members still. Hand the office over to an heir first: the union ends "
        "with its founder.",
    ),
    errors.InvitationRequired: ProblemType(
        "invitation-required",
        403,
        "By invitation",
        "This union admits by invitation: ask a member for a link.",
    ),
    errors.InvitationNotFound: ProblemType(
        "invitation-not-found", 404, "Not found", "This union has no such invitation: check the link."
    ),
    errors.InvitationExpired: ProblemType(
        "invitation-expired",
        409,
        "The invitation has expired",
        "It was good until {expired_at}: ask for a new one.",
    ),
    errors.InvitationUsedUp: ProblemType(
        "invitation-used-up",
        409,
        "The invitation is used up",
        "{uses_max} have joined by it: ask for a new one.",
    ),
    errors.InvitationLimit: ProblemType(
        "invitation-limit", 409, "More than an invitation may be", "{bound} is at most {limit}."
    ),
}
