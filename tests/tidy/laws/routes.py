"""Routes: one transaction each, every refusal declared, and acts that bind signed."""

import ast
import re
from collections.abc import Iterator

from tests.tidy.source_tree import SourceFile, Violation, calls, dotted

_SEGMENT = re.compile(r"^[a-z0-9.-]*$")
_METHODS = {"get", "head", "post", "put", "patch", "delete"}


# Public keys are served from memory: no transaction, and nothing to refuse.
FROM_MEMORY = ("services/identity/api/keys.py",)


def _is_api(file: SourceFile) -> bool:
    return file.is_under("services") and "api" in file.parts


def routes_are_transactions(file: SourceFile) -> Iterator[Violation]:
    """Every router of a service has the chassis' route class, but one that needs no database at all."""
    if not _is_api(file) or file.path in FROM_MEMORY:
        return
    for call, name in calls(file):
        if name.rsplit(".", 1)[-1] == "APIRouter":
            given = {word.arg: ast.unparse(word.value) for word in call.keywords}
            if given.get("route_class", "").rsplit(".", 1)[-1] != "TransactionRoute":
                yield Violation(file.path, call.lineno, "a router without the route class TransactionRoute")


def routes_of(
    file: SourceFile,
) -> Iterator[tuple[str, str, ast.FunctionDef | ast.AsyncFunctionDef, ast.Call]]:
    """Method, path, function and decorator of every route in a file."""
    for node in file.nodes:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        for decorator in node.decorator_list:
            if not (isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Attribute)):
                continue
            method, owner = decorator.func.attr, dotted(decorator.func.value)
            if method in _METHODS and owner.endswith("router") and decorator.args:
                yield method, _text(decorator.args[0]), node, decorator


def _is_internal(file: SourceFile) -> bool:
    """Routes that the gateway does not know: what services ask of one another."""
    return any(
        word.arg == "prefix" and _text(word.value).startswith("/internal")
        for call, name in calls(file)
        if name.rsplit(".", 1)[-1] == "APIRouter"
        for word in call.keywords
    )


def _text(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ast.unparse(node)


def routes_declare_their_problems(file: SourceFile) -> Iterator[Violation]:
    """What a public endpoint can refuse is in its OpenAPI."""
    if not _is_api(file) or file.path in FROM_MEMORY or _is_internal(file):
        return
    for method, path, function, decorator in routes_of(file):
        given = {word.arg: ast.unparse(word.value) for word in decorator.keywords}
        if "problem" not in given.get("responses", "").lower():
            yield Violation(file.path, function.lineno, f"{method} {path} declares no problems")


def routes_tell_what_they_do(file: SourceFile) -> Iterator[Violation]:
    """Every endpoint has its sentence in the document."""
    if not _is_api(file):
        return
    for method, path, function, _ in routes_of(file):
        if not ast.get_docstring(function):
            yield Violation(file.path, function.lineno, f"{method} {path} has no docstring")


# A path says what a thing is; the method says what is done with it.
_VERBS = {
    "accept", "cancel", "create", "delete", "deliver", "fetch", "get", "join", "leave", "list", "pay", "post",
    "refund", "remove", "update", "withdraw", "confirm", "import", "pledge",
}  # fmt: skip


def paths_have_no_verbs(file: SourceFile) -> Iterator[Violation]:
    """`POST .../bids/{bid}/acceptance`, not `/accept`."""
    if not _is_api(file):
        return
    for method, path, function, _ in routes_of(file):
        for part in path.split("/"):
            if part in _VERBS or (not part.startswith("{") and not _SEGMENT.match(part)):
                yield Violation(file.path, function.lineno, f"{method} {path}: {part} is no noun of a path")


# The ledger's askers are a service, or a member with the act that they signed.
_SIGNED = re.compile(r"\b(?:Fresh)?Act(?:ToKeep)?\b|\bServiceCaller\b|\bOwnService\b|\bTransferAsker\b")

# A bearer token alone edits what binds nobody. All else that writes is signed by the member's device, or by a
# service under its own key.
UNSIGNED = {
    ("services/market/api/offers.py", "/offers"): "an offer binds nobody: the acceptance of a bid does",
    ("services/market/api/offers.py", "/offers/{offer}"): "an offer binds nobody",
    **dict.fromkeys(
        (
            ("services/market/api/offer_photos.py", "/offers/{offer}/photos/{digest}"),
            ("services/market/api/agreement_files.py", "/agreements/{agreement}/files/{digest}"),
        ),
        "a file binds nobody: the delivery that names it does",
    ),
    ("services/funding/api/projects.py", ""): "a project binds nobody: a pledge does",
    ("services/identity/api/auth.py", "/nonces"): "asked before sign-in",
    (
        "services/identity/api/sign_in_messages.py",
        "/sign-in-messages",
    ): "asked before sign-in; it writes nothing",
    ("services/identity/api/auth.py", "/sessions"): "the wallet signs the message",
    ("services/identity/api/passkey_sessions.py", "/passkeys"): "makes the passkey that certifies the device",
    ("services/identity/api/passkey_sessions.py", "/passkey-sessions"): "the passkey signs the challenge",
    ("services/identity/recovery/api/asking.py", ""): "the key that is to be the member's signs",
    ("services/identity/recovery/api/asking.py", "/{recovery}/cancellations"): "a key of the member's signs",
    ("services/identity/api/auth.py", "/refreshes"): "carries the refresh token",
    ("services/identity/api/auth.py", "/sessions/current"): "ends what the token itself opened",
    ("services/identity/api/stream_tickets.py", "/tickets"): "opens what the token itself opens",
    ("services/identity/api/members.py", "/me"): "a profile binds nobody",
    ("services/identity/api/avatars.py", "/me/avatar/{digest}"): "a picture binds nobody",
    ("services/identity/api/avatars.py", "/me/avatar"): "a picture binds nobody",
    ("services/identity/notices/api/notices.py", "/notices/read-mark"): "what was read binds nobody",
    ("services/identity/notices/api/choices.py", "/notice-choice"): "when one is told binds nobody",
    (
        "services/identity/notices/api/channels.py",
        "/email-unsubscriptions/{token}",
    ): "carries what was sent to the address that it ends",
}


def acts_that_bind_are_signed(file: SourceFile) -> Iterator[Violation]:
    """Every route that writes takes a signed act or a service's token, or is listed as binding nobody."""
    if not _is_api(file):
        return
    for method, path, function, _ in routes_of(file):
        if method in {"get", "head"} or (file.path, path) in UNSIGNED:
            continue
        taken = " ".join(ast.unparse(given.annotation) for given in function.args.args if given.annotation)
        if not _SIGNED.search(taken):
            yield Violation(file.path, function.lineno, f"{method} {path} writes without a signed act")
