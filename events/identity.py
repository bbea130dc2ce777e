"""What identity publishes: unions and who belongs to them."""

from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from events.declaration import (
    AssetSymbol,
    Audience,
    ContentHash,
    Count,
    Declaration,
    Event,
    Id,
    Minor,
    Moment,
    Slug,
    StateEvent,
    Word,
    fact,
    state,
)
from events.notices import NOTICE_KEY

ParameterName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
ParameterText = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_.-]{1,64}$")]

MAX_CHARGES_PER_GRANT = 32
MAX_GRANTS_PER_MEMBER = 256


class UnionState(StateEvent):
    """A union as everybody may see it. States: active, dissolved."""

    declaration: ClassVar[Declaration] = state("union", "identity", ("union_id",), Audience.PUBLIC)

    union_id: Id
    slug: Slug
    state: Word
    founder_id: Id
    head_id: Id | None = None
    """Who holds the founder's office, with all its rights, by now; None: the founder."""
    token_symbol: AssetSymbol
    token_scale: int = Field(ge=0, le=18)
    charter_version: int = Field(ge=1)
    charter_hash: ContentHash
    parameters: dict[ParameterName, int | ParameterText]
    """The charter's parameters. Names that end in `_minor` carry their digits as a string."""
    founded_at: Moment

    @field_validator("parameters", mode="before")
    @classmethod
    def _amounts_are_digits(cls, value: object) -> object:
        if not isinstance(value, dict):
            return value
        return {
            name: str(content) if str(name).endswith("_minor") and isinstance(content, int) else content
            for name, content in value.items()
        }

    def number(self, name: str, preset: int | None = None) -> int:
        """The parameter as an int (amounts too). KeyError when it is absent and there is no preset."""
        if preset is not None and name not in self.parameters:
            return preset
        return int(self.parameters[name])


class CharterAmended(Event):
    """A charter has a new version. A material one asks the members anew: until `grace_ends_at` they accept
    it, and `by_silence` says what follows otherwise (accepts, suspends, leaves)."""

    declaration: ClassVar[Declaration] = fact("charter.amended", "identity", ("union_id",), Audience.PUBLIC)

    union_id: Id
    charter_version: int = Field(ge=2)
    charter_hash: ContentHash
    allowed_by: Word
    material: bool
    grace_ends_at: Moment | None = None
    by_silence: Word | None = None
    adopted_at: Moment


class MembershipState(StateEvent):
    """A member in a union. States: applied, active, suspended, left, expelled. Roles: founder, member."""

    declaration: ClassVar[Declaration] = state(
        "membership", "identity", ("union_id", "member_id"), Audience.UNION
    )

    union_id: Id
    member_id: Id
    state: Word
    role: Word
    charter_version: Count
    by_founder_invitation: bool
    joined_at: Moment
    changed_at: Moment


class GrantCharge(BaseModel):
    """What a payment by the grant counts against: a holding, and the most that is paid by it in all."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    holding_id: Id
    limit_minor: Minor


class OfficeGrant(BaseModel):
    """A right that a holding gives until a time. Of `spend`, `charges` are what it counts against: the
    holding itself, then the one of who appointed its holder, and so on up to the founder."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    right: Word
    holding_id: Id
    until: Moment
    charges: Annotated[tuple[GrantCharge, ...], Field(max_length=MAX_CHARGES_PER_GRANT)] = ()


class OfficeGrantState(StateEvent):
    """The rights that a member holds by offices in a union: all that live, whatever gave them.

    Rights: admit, amend, audit, moderate, spend. The founder holds every right without it.
    """

    declaration: ClassVar[Declaration] = state(
        "office.grant", "identity", ("union_id", "member_id"), Audience.SERVICES
    )

    union_id: Id
    member_id: Id
    grants: Annotated[tuple[OfficeGrant, ...], Field(max_length=MAX_GRANTS_PER_MEMBER)]


class BusinessState(StateEvent):
    """A business of a union's members: it acts by those who hold a right in it. States: active; closed:
    then its managers pay out what is left, and nothing is paid to it."""

    declaration: ClassVar[Declaration] = state(
        "business", "identity", ("union_id", "business_id"), Audience.PUBLIC
    )

    union_id: Id
    business_id: Id
    state: Word
    founded_at: Moment


class BusinessGrantState(StateEvent):
    """The rights that a member holds in a business: all that live, whatever gave them.

    Rights: audit, spend. Nobody holds one by an office of the union, its founder neither. A grant of
    `spend` without charges has no limit.
    """

    declaration: ClassVar[Declaration] = state(
        "business.grant", "identity", ("union_id", "business_id", "member_id"), Audience.SERVICES
    )

    union_id: Id
    business_id: Id
    member_id: Id
    grants: Annotated[tuple[OfficeGrant, ...], Field(max_length=MAX_GRANTS_PER_MEMBER)]


class MemberErased(StateEvent):
    """A member is no more: whoever kept anything personal of them erases it. What books need stays under the
    id alone. Its version is 1, and it is kept: whoever reads from the beginning erases anew."""

    declaration: ClassVar[Declaration] = state("member.erased", "identity", ("member_id",), Audience.SERVICES)

    member_id: Id
    erased_at: Moment


class NoticeMade(Event):
    """A notice is in its member's list, or one that is there has grown."""

    declaration: ClassVar[Declaration] = fact(
        "notice.made", "identity", NOTICE_KEY, Audience.MEMBERS_NAMED, ("member_id",)
    )

    union_id: Id
    member_id: Id
    notice_id: Id
    kind: Word
    made_at: Moment


class MemberNoticed(Event):
    """A notice about a member's own account, of no union, is in their list."""

    declaration: ClassVar[Declaration] = fact(
        "member.noticed", "identity", ("member_id",), Audience.MEMBERS_NAMED, ("member_id",)
    )

    member_id: Id
    notice_id: Id
    kind: Word
    made_at: Moment
