"""What the graph keeps of persons: ids alone. Who is erased is out of every union, and counts no more."""

from chassis.erasure import CHASSIS_STAYS, PersonalData

PERSONAL = PersonalData(
    erased=(),
    stays={
        **CHASSIS_STAYS,
        "unions": "a union's own",
        "memberships": "ids, states and times",
        "graph_changes": "who backed whom: ids, of which every figure is explained",
        "backlinks": "ids",
        "voices": "ids",
        "backlink_imports": "ids of rows, and counts",
        "standing_chunks": "ids",
    },
)
