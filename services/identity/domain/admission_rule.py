"""How a union admits, as its charter says it: `invitation or (application and vouching:3)`.

    rule = all *( "or" all ); all = one *( "and" one ); one = "(" rule ")" / way
    way  = "open" / "invitation" / "application" / "vouching:" number / "union:" slug
         / "credential:" type "@" did-key / "token:" chain-id ":" contract ":" minimum

`and` binds more than `or`; words are parted by spaces, and lower case but for types and keys.
"""

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from services.identity.domain.did_key import read_did_key

RULE_MAX_CHARACTERS = 400
WAYS_MAX = 12
DEPTH_MAX = 8
VOUCHES_MAX = 20
BALANCE_MAX = 2**256 - 1

_WORD = re.compile(r"\s*(?:([()])|([^\s()]+))")
_VOUCHING = re.compile(r"vouching:([0-9]{1,3})")
_UNION = re.compile(r"union:([a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?)")
_CREDENTIAL = re.compile(r"credential:([A-Za-z][A-Za-z0-9_-]{0,63})@(did:key:[A-Za-z0-9]{1,60})")
_TOKEN = re.compile(r"token:([1-9][0-9]{0,15}):(0x[0-9a-fA-F]{40}):([1-9][0-9]{0,77})")


class RuleMalformed(Exception):
    """`position`: of the character that was not expected, from 1."""

    def __init__(self, position: int, what: str) -> None:
        super().__init__(f"at character {position}: {what}")
        self.position = position
        self.what = what


@dataclass(frozen=True, slots=True)
class Way:
    """One way in. `name`: open, invitation, application, vouching, union, credential, token; `count` of
    vouches; `slug`; `credential_type` by `issuer`, a did:key; `minimum` of a `contract`'s token, in the
    smallest unit that it counts in, on `chain_id`; `contract` in lower case."""

    name: str
    count: int = 0
    slug: str = ""
    credential_type: str = ""
    issuer: str = ""
    chain_id: int = 0
    contract: str = ""
    minimum: int = 0

    @property
    def text(self) -> str:
        match self.name:
            case "vouching":
                return f"vouching:{self.count}"
            case "union":
                return f"union:{self.slug}"
            case "credential":
                return f"credential:{self.credential_type}@{self.issuer}"
            case "token":
                return f"token:{self.chain_id}:{self.contract}:{self.minimum}"
            case _:
                return self.name


@dataclass(frozen=True, slots=True)
class AllOf:
    parts: "tuple[Rule, ...]"


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: "tuple[Rule, ...]"


Rule = Way | AllOf | AnyOf


@dataclass(frozen=True, slots=True)
class Facts:
    """What is so for somebody: an invitation that is good, an application that was admitted, how many
    vouch, the unions (by slug) whose active member they are, and the ways that they have proven, as text: a
    credential that was presented, a balance that was looked at."""

    has_invitation: bool = False
    is_admitted: bool = False
    vouches_count: int = 0
    unions: AbstractSet[str] = frozenset()
    proven: AbstractSet[str] = frozenset()


def parse_rule(text: str) -> Rule:
    """Raises RuleMalformed."""
    if len(text) > RULE_MAX_CHARACTERS:
        raise RuleMalformed(RULE_MAX_CHARACTERS + 1, f"at most {RULE_MAX_CHARACTERS} characters")
    return _Parser(text).whole()


def admits(rule: Rule, facts: Facts) -> bool:
    if isinstance(rule, AllOf):
        return all(admits(part, facts) for part in rule.parts)
    if isinstance(rule, AnyOf):
        return any(admits(part, facts) for part in rule.parts)
    return {
        "open": True,
        "invitation": facts.has_invitation,
        "application": facts.is_admitted,
        "vouching": facts.vouches_count >= rule.count,
        "union": rule.slug in facts.unions,
        "credential": rule.text in facts.proven,
        "token": rule.text in facts.proven,
    }[rule.name]


def ways_of(rule: Rule) -> tuple[Way, ...]:
    """In the order of the text."""
    return (rule,) if isinstance(rule, Way) else tuple(way for part in rule.parts for way in ways_of(part))


def unmet(rule: Rule, facts: Facts) -> tuple[Way, ...]:
    """What is not so, of all ways that the rule names; each once."""
    return tuple(dict.fromkeys(way for way in ways_of(rule) if not admits(way, facts)))


class _Parser:
    """By descent; every word knows where it stands."""

    def __init__(self, text: str) -> None:
        self._words = [
            (match[1] or match[2], match.start(1 if match[1] else 2) + 1) for match in _WORD.finditer(text)
        ]
        self._end = len(text) + 1
        self._at = 0
        self._ways = 0

    def whole(self) -> Rule:
        rule = self._any(0)
        word, position = self._next()
        if word:
            raise RuleMalformed(position, f"{word!r} instead of and, or, or the end")
        return rule

    def _any(self, depth: int) -> Rule:
        parts = [self._all(depth)]
        while self._takes("or"):
            parts.append(self._all(depth))
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def _all(self, depth: int) -> Rule:
        parts = [self._one(depth)]
        while self._takes("and"):
            parts.append(self._one(depth))
        return parts[0] if len(parts) == 1 else AllOf(tuple(parts))

    def _one(self, depth: int) -> Rule:
        word, position = self._next()
        if word != "(":
            return self._way(word, position)
        if depth >= DEPTH_MAX:
            raise RuleMalformed(position, f"more than {DEPTH_MAX} brackets inside one another")
        rule = self._any(depth + 1)
        closing, where = self._next()
        if closing != ")":
            raise RuleMalformed(where, f"a bracket is open since character {position}")
        return rule

    def _way(self, word: str, position: int) -> Way:
        self._ways += 1
        if self._ways > WAYS_MAX:
            raise RuleMalformed(position, f"more than {WAYS_MAX} ways in")
        if word in ("open", "invitation", "application"):
            return Way(word)
        way = _way_with_value(word)
        if way is not None:
            return way
        found = repr(word) if word else "the end"
        raise RuleMalformed(
            position,
            f"{found} instead of open, invitation, application, vouching:1 to vouching:{VOUCHES_MAX}, "
            "union:slug, credential:Type@did:key:z..., token:chain:0x...:minimum or a bracket",
        )

    def _takes(self, word: str) -> bool:
        if self._at < len(self._words) and self._words[self._at][0] == word:
            self._at += 1
            return True
        return False

    def _next(self) -> tuple[str, int]:
        if self._at >= len(self._words):
            return "", self._end
        self._at += 1
        return self._words[self._at - 1]


def _way_with_value(word: str) -> Way | None:
    vouching, union = _VOUCHING.fullmatch(word), _UNION.fullmatch(word)
    if vouching is not None and 1 <= int(vouching[1]) <= VOUCHES_MAX:
        return Way("vouching", count=int(vouching[1]))
    if union is not None:
        return Way("union", slug=union[1])
    credential, token = _CREDENTIAL.fullmatch(word), _TOKEN.fullmatch(word)
    if credential is not None and read_did_key(credential[2]) is not None:
        return Way("credential", credential_type=credential[1], issuer=credential[2])
    if token is not None and int(token[3]) <= BALANCE_MAX:
        chain_id, contract, minimum = int(token[1]), token[2].lower(), int(token[3])
        return Way("token", chain_id=chain_id, contract=contract, minimum=minimum)
    return None
