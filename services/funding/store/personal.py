"""What funding keeps of persons. A project that others pledged for is theirs too: its words stay."""

from chassis.erasure import CHASSIS_STAYS, Erasure, PersonalData

_IN_THEIR_UNIONS = "union_id IN (SELECT m.union_id FROM memberships m WHERE m.member_id = $1)"

PERSONAL = PersonalData(
    erased=(
        Erasure(
            "projects",
            f"{_IN_THEIR_UNIONS} AND owner_id = $1 AND NOT EXISTS (SELECT FROM pledges p "
            "WHERE (p.union_id, p.project_id) = (projects.union_id, projects.project_id))",
            {"title": "''", "description": "''"},
        ),
    ),
    stays={
        **CHASSIS_STAYS,
        "unions": "a union's own",
        "memberships": "ids, states and times",
        "projects": "amounts and states; the words of those that others pledged for",
        "pledges": "ids, amounts and states",
    },
)
