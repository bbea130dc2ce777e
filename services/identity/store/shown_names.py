"""Names in lists, as SQL: each only where its member shows it to the reader."""

from services.identity.domain.privacy import DEFAULTS, Circle

_DEFAULT = DEFAULTS["name"].value


def shown_name(member: str, reader: str) -> str:
    """The name of the table `member`'s row, or '' where it is not for `reader` (an id; NULL for anybody).

    Whether two share a union is asked only where the member has said so.
    """
    return f"""
    CASE WHEN {member}.id = {reader} THEN {member}.name
         ELSE CASE coalesce({member}.privacy ->> 'name', '{_DEFAULT}')
              WHEN '{Circle.PUBLIC}' THEN {member}.name
              WHEN '{Circle.UNIONS}' THEN CASE WHEN {shares_union(f"{member}.id", reader)}
                                         THEN {member}.name ELSE '' END
              ELSE '' END END
    """


def shares_union(member: str, reader: str) -> str:
    """Whether both are active members of one union."""
    return f"""EXISTS (
        SELECT FROM memberships AS own JOIN memberships AS theirs USING (union_id)
        WHERE own.member_id = {reader} AND own.state = 'active'
          AND theirs.member_id = {member} AND theirs.state = 'active')"""
