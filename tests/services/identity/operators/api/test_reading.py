"""What operators did is read by everybody: what, when, why and by whom, and not about whom."""

from tests.services.identity.exclusion.court import told, well
from tests.services.identity.operators.watch import Watch


async def test_everybody_reads_what_and_why_and_only_they_read_about_whom(watch: Watch) -> None:
    operator, other, member = await watch.operator(), await watch.operator(), await watch.house.member()
    stranger = await watch.house.member()
    act = well(await watch.lock(operator, member))
    await member.sign_in()
    well(await watch.appeal(member, act, "I was away."))
    [public] = well(await watch.house.get("/v1/operator-acts", limit=1))["items"]
    assert (public["id"], public["operator"]["id"]) == (act["id"], str(operator.id))
    for view in (
        public,
        well(await watch.house.get(f"/v1/operator-acts/{act['id']}")),
        well(await stranger.ask("GET", f"/v1/operator-acts/{act['id']}")),
    ):
        assert (view["member_id"], view["about_me"], view["appeal"]["text"]) == (None, False, None)
        assert str(member.id) not in str(view)
    for reader, about_me in ((other, False), (member, True)):
        told_more = well(await reader.ask("GET", f"/v1/operator-acts/{act['id']}"))
        assert (told_more["member_id"], told_more["about_me"]) == (str(member.id), about_me)
        assert told_more["appeal"]["text"] == "I was away."
    assert told(await watch.house.get(f"/v1/operator-acts/{member.id}")) == (404, "operator-act-not-found")


async def test_the_unions_in_which_the_member_was_read_it_too(watch: Watch) -> None:
    operator, founder, member = await watch.operator(), await watch.house.member(), await watch.house.member()
    outsider = await watch.house.member()
    union = await founder.found("Guild of Windows")
    shy = await founder.found("Guild of Blinds Down", parameters={"visibility_members": "nobody"})
    elsewhere = await founder.found("Guild of Elsewhere")
    for each in (union, shy):
        assert (await member.join(each)).status_code == 201
    lock = well(await watch.lock(operator, member))
    hiding = well(await watch.hide(operator, union))
    acts = well(await founder.ask("GET", f"/v1/unions/{union['id']}/operator-acts"))["items"]
    assert [(each["id"], each["member_id"], each["union_id"]) for each in acts] == [
        (hiding["id"], None, union["id"]),
        (lock["id"], str(member.id), None),
    ]
    [hushed] = well(await founder.ask("GET", f"/v1/unions/{shy['id']}/operator-acts"))["items"]
    assert (hushed["id"], hushed["member_id"]) == (lock["id"], None)
    assert well(await founder.ask("GET", f"/v1/unions/{elsewhere['id']}/operator-acts"))["items"] == []
    path = f"/v1/unions/{union['id']}/operator-acts"
    assert told(await outsider.ask("GET", path)) == (403, "not-a-member")
    assert (await watch.house.get(path)).status_code == 401
    assert told(await outsider.ask("GET", "/v1/unions/no-such-guild/operator-acts")) == (
        404,
        "union-not-found",
    )
    await member.sign_in()
    well(await member.act("DELETE", f"/v1/unions/{union['id']}/memberships/me"))
    assert told(await member.ask("GET", path)) == (403, "not-a-member")
    [own] = well(await member.ask("GET", "/v1/me/operator-acts"))["items"]
    assert (own["id"], own["about_me"]) == (lock["id"], True)
    assert well(await outsider.ask("GET", "/v1/me/operator-acts"))["items"] == []


async def test_which_union_is_hidden_only_they_read(watch: Watch) -> None:
    operator, other, founder = await watch.operator(), await watch.operator(), await watch.house.member()
    member = await watch.house.member()
    union = await founder.found("Guild of Unnamed Things")
    assert (await member.join(union)).status_code == 201
    act = well(await watch.hide(operator, union))
    [public] = well(await watch.house.get("/v1/operator-acts", limit=1))["items"]
    for view in (
        public,
        well(await watch.house.get(f"/v1/operator-acts/{act['id']}")),
        well(await (await watch.house.member()).ask("GET", f"/v1/operator-acts/{act['id']}")),
    ):
        assert (view["id"], view["union_id"], view["about_me"]) == (act["id"], None, False)
        assert union["id"] not in str(view) and union["slug"] not in str(view)
    for reader in (other, founder):
        told_more = well(await reader.ask("GET", f"/v1/operator-acts/{act['id']}"))
        assert told_more["union_id"] == union["id"]
    [own] = well(await founder.ask("GET", "/v1/me/operator-acts"))["items"]
    [theirs] = well(await member.ask("GET", f"/v1/unions/{union['id']}/operator-acts"))["items"]
    assert own["union_id"] == theirs["union_id"] == union["id"]


async def test_the_list_goes_on_page_by_page(watch: Watch) -> None:
    operator = await watch.operator()
    made = [well(await watch.lock(operator, await watch.house.member()))["id"] for _ in range(3)]
    first = well(await watch.house.get("/v1/operator-acts", limit=2))
    second = well(await watch.house.get("/v1/operator-acts", limit=2, cursor=first["next_cursor"]))
    assert [each["id"] for each in [*first["items"], *second["items"]]][:3] == made[::-1]
    assert (await watch.house.get("/v1/operator-acts", cursor="x")).status_code == 400


async def test_everybody_reads_who_the_operators_are(watch: Watch) -> None:
    operator, former = await watch.operator(), await watch.operator()
    await watch.remove(former)
    [shown] = well(await watch.house.get("/v1/operators"))["items"]
    assert shown.keys() == {"id", "handle", "since"}
    assert (shown["id"], shown["handle"]) == (str(operator.id), operator.session["member"]["handle"])
    assert sorted(await watch.notices(former)) == ["operator.named", "operator.removed"]
