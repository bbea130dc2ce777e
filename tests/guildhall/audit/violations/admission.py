"""Identity: who came in without what the rule asked for, and lists of people that do not fit."""

from tests.guildhall.audit.violations.violation import planted_in

_RULE = """UPDATE charters SET document = jsonb_set(document, '{{{{parameters,admission}}}}', '"{rule}"')"""
_LIST = (
    "INSERT INTO invitation_lists SELECT '{{union}}', '{{union}}', '{{founder}}', true, 'list', 'en', false, "
    "9, {made}, {refused}, now(), now(), now(), NULL"
)
_INVITEE = (
    "INSERT INTO invitees (union_id, invitation_id, list_id, line, name, joined_at, member_id) "
    "SELECT '{{union}}', id, '{{union}}', 2, {name}, now(), {member} FROM invitations "
    "WHERE union_id = '{{union}}' LIMIT 1"
)

CREDENTIAL = "credential:Baker@did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH"
OTHER_CREDENTIAL = CREDENTIAL.replace("Baker", "Miller")
_PROOF = (
    "INSERT INTO admission_proofs (union_id, member_id, way, proven_at, valid_until) "
    "SELECT union_id, member_id, '{way}', joined_at - interval '{before}', joined_at - interval '{until}' "
    "FROM memberships WHERE (union_id, member_id) = ('{{union}}', '{{worker}}')"
)
_ADA = "'Ada'"


def _rule(rule: str) -> str:
    return _RULE.format(rule=rule)


ADMISSION = (
    planted_in(
        "identity",
        "identity.admission",
        "a member without the invitation that the rule asks for",
        "member_id={worker}",
        f"{_rule('invitation')}; UPDATE memberships SET invitation_id = NULL WHERE member_id = '{{worker}}'",
        "came in without what the rule asks for: invitation",
    ),
    planted_in(
        "identity",
        "identity.admission",
        "a member without an admitted application",
        "member_id={worker}",
        _rule("application and invitation"),
    ),
    planted_in(
        "identity",
        "identity.admission",
        "a member without vouches",
        "member_id={worker}",
        _rule("vouching:1 or union:nowhere"),
    ),
    planted_in(
        "identity",
        "identity.admission",
        "a member whose credential was over when they joined",
        "member_id={worker}",
        f"{_rule(CREDENTIAL)}; {_PROOF.format(way=CREDENTIAL, before='2 days', until='1 day')}",
        "came in without what the rule asks for: credential:Baker@",
    ),
    planted_in(
        "identity",
        "identity.admission",
        "a member who presented another credential",
        "member_id={worker}",
        f"{_rule(CREDENTIAL)}; {_PROOF.format(way=OTHER_CREDENTIAL, before='2 days', until='-1 day')}",
    ),
    planted_in(
        "identity",
        "identity.invitation-lists",
        "a list that counts links which are not there",
        "union_id={union}",
        _LIST.format(made=3, refused=1),
        "3 links and 1 refusals by the count, 0 and 0 by counting",
    ),
    planted_in(
        "identity",
        "identity.invitation-lists",
        "a personal link for many",
        "union_id={union}",
        f"{_LIST.format(made=1, refused=0)}; {_INVITEE.format(name='NULL', member='NULL')}",
        "of more than one",
    ),
    planted_in(
        "identity",
        "identity.invitation-lists",
        "a name that is kept after joining",
        "union_id={union}",
        f"{_LIST.format(made=1, refused=0)}; {_INVITEE.format(name=_ADA, member='NULL')}",
        "kept that should be gone",
    ),
)
