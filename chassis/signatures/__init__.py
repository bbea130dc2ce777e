"""Signed acts: the one profile of RFC 9421 and RFC 9530 by which a member's device binds its member."""

from chassis.signatures.acts import ActLimits, SignedAct, sign_act, verify_act
from chassis.signatures.errors import (
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
from chassis.signatures.forwarded import ForwardedAct
from chassis.signatures.profile import content_digest

__all__ = [
    "ActDigestWrong",
    "ActForAnotherTarget",
    "ActFromTheFuture",
    "ActKeyUnknown",
    "ActLimits",
    "ActMalformed",
    "ActRefused",
    "ActReplayed",
    "ActSignatureWrong",
    "ActTooOld",
    "ActUnsigned",
    "ActWalletUnknown",
    "ForwardedAct",
    "SignedAct",
    "content_digest",
    "sign_act",
    "verify_act",
]
