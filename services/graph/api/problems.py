"""The one table from each fact of the domain to its status and title."""

from collections.abc import Mapping

from chassis.errors import DomainError
from chassis.problems import ProblemType
from services.graph.domain import errors

PROBLEMS: Mapping[type[DomainError], ProblemType] = {
    errors.BackingOneself: ProblemType(
        "backing-oneself", 409, "Nobody supports themself", "Name another member as the leader."
    ),
    errors.LeaderNotMember: ProblemType(
        "leader-not-member",
        409,
        "The leader is not an active member of this union",
        "Support goes to active members; {leader_id} is none.",
    ),
    errors.TooManyBacklinks: ProblemType(
        "too-many-backlinks",
        409,
        "You back as many leaders as are allowed",
        "At most {limit} backlinks are allowed, and it would be {wanted}: withdraw one first.",
    ),
    errors.VoiceWithoutBacklink: ProblemType(
        "voice-without-backlink",
        409,
        "Only a leader whom you back can speak for you",
        "Back {leader_id} first.",
    ),
    errors.NotFounder: ProblemType(
        "not-founder", 403, "Only the founder imports", "Who follows whom is imported by the founder."
    ),
    errors.TooManyRows: ProblemType(
        "too-many-rows",
        413,
        "The import has too many rows",
        "A request carries at most {limit} rows, this one has {rows}: send it in parts.",
    ),
    errors.ImportNotFound: ProblemType(
        "import-not-found", 404, "No such import", "You have made no import {import_id} in this union."
    ),
    errors.NotProposed: ProblemType(
        "not-proposed",
        409,
        "Not all of these leaders are proposed to you",
        "{count} of the leaders named are not among your proposals: read them again and sign what is there.",
    ),
    errors.LeaderNotFound: ProblemType(
        "leader-not-found", 404, "No such member", "{member_id} is no active member of this union."
    ),
    errors.NamesForMembersOnly: ProblemType(
        "names-for-members-only",
        403,
        "Members see names, outsiders see counts",
        "Sign in as an active member of this union to see {kind}.",
    ),
    errors.StandingNotPublished: ProblemType(
        "standing-not-published",
        404,
        "No standing is published for this member yet",
        "The next epoch follows within seconds; ask again.",
    ),
}
