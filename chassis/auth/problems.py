"""How refused tokens and refused acts are told: one table from each fact to its problem."""

from collections.abc import Mapping

from chassis.problems import UNAUTHENTICATED, UNAVAILABLE, Problem, ProblemType
from chassis.signatures import (
    ActDigestWrong,
    ActForAnotherTarget,
    ActFromTheFuture,
    ActKeyUnknown,
    ActMalformed,
    ActRefused,
    ActReplayed,
    ActSignatureWrong,
    ActTooOld,
    ActUnsigned,
    ActWalletUnknown,
)

SERVICES_ONLY = ProblemType(
    "services-only", 403, "Only a service of this deployment may do this", "A member's token is not enough."
)

EXITS_ONLY = ProblemType(
    "exits-only",
    403,
    "Your account is locked",
    "You can read, leave, take out what is yours, finish what you agreed, export, end your account and "
    "appeal. Why, until when and how to appeal: GET /v1/me/operator-acts.",
)

INSUFFICIENT_AUTHENTICATION = ProblemType(
    "insufficient-user-authentication",
    401,
    "Prove your key once more",
    "For this, sign in on this device by one of your keys not longer than {max_age_seconds} seconds before.",
)

ACT_PROBLEMS: Mapping[type[ActRefused], ProblemType] = {
    ActUnsigned: ProblemType(
        "act-unsigned",
        401,
        "This act has to be signed",
        "Sign the request with your device key (RFC 9421: label act, tag guildhall-act).",
    ),
    ActMalformed: ProblemType("act-malformed", 400, "The signature cannot be read", "{what}"),
    ActDigestWrong: ProblemType(
        "act-digest-wrong",
        400,
        "The signed digest is not that of the body",
        "The Content-Digest of the body received is {digest_of_body}.",
    ),
    ActKeyUnknown: ProblemType(
        "act-key-unknown",
        401,
        "The act is signed by another device key than the session's",
        "Sign with the device key that this session certified.",
    ),
    ActWalletUnknown: ProblemType(
        "act-wallet-unknown",
        401,
        "No wallet may sign in this session",
        "A wallet signs acts (alg eip712) in sessions that it opened itself; sign with your device key.",
    ),
    ActSignatureWrong: ProblemType(
        "act-signature-wrong",
        401,
        "The signature does not fit the request",
        "Method, body digest, Idempotency-Key and the target {target_uri} are signed as they are sent.",
    ),
    ActForAnotherTarget: ProblemType(
        "act-for-another-target",
        401,
        "The act is signed for another address",
        "It was signed for {signed_target_uri}; the public address is {target_uri}.",
    ),
    ActTooOld: ProblemType(
        "act-too-old",
        401,
        "The signature is too old",
        "A signature is taken for {age_seconds_max} seconds; the server's time is {server_time}.",
    ),
    ActFromTheFuture: ProblemType(
        "act-from-the-future",
        401,
        "The signature is from the future",
        "At most {ahead_seconds_max} seconds ahead are taken; the server's time is {server_time}.",
    ),
    ActReplayed: ProblemType(
        "act-replayed",
        409,
        "This act is already done",
        "The device key has signed with the nonce {nonce} before; sign again with a new one.",
    ),
}


def act_problem(refusal: ActRefused) -> Problem:
    """The problem of a refused act."""
    return Problem(ACT_PROBLEMS[type(refusal)], refusal.parameters())


def unauthenticated(reason: str, *, is_token_bad: bool) -> Problem:
    """401 with the challenge of RFC 6750."""
    challenge = 'Bearer realm="guildhall"'
    if is_token_bad:
        challenge += f', error="invalid_token", error_description="{reason}"'
    return Problem(UNAUTHENTICATED, {"reason": reason}, {"WWW-Authenticate": challenge})


def insufficient_authentication(max_age_seconds: int) -> Problem:
    """401 with the challenge of RFC 9470: the token is good, the proof behind it too old."""
    challenge = (
        f'Bearer realm="guildhall", error="insufficient_user_authentication", max_age="{max_age_seconds}"'
    )
    return Problem(
        INSUFFICIENT_AUTHENTICATION, {"max_age_seconds": max_age_seconds}, {"WWW-Authenticate": challenge}
    )


def identity_unavailable() -> Problem:
    """503: the token may be good, but what identity knows of it cannot be asked just now."""
    return Problem(UNAVAILABLE, headers={"Retry-After": "1"})
