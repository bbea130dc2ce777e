"""The public pages: what an outsider may see, as text, readable without a script, and kept for a moment."""

import re
from html import unescape
from urllib.parse import quote

import pytest

from gateway.pages import app as pages_app
from tests.guildhall.audit.watched import GROUND, named_operator
from tests.support.deployment import WholeDeployment, client_of
from tests.support.personas import Persona

OWN_SCRIPT = re.compile(r'<script type="module" src="/web/[0-9a-f]{16}/app/app.js"></script>')
HOSTILE_NAME = '<script>alert(1)</script> & "Sons"'
DEPLOYMENT_SETTINGS = {"gateway": {"page_cache_seconds": 1}}


def without_own(html: str) -> str:
    """The page without the one script that it has."""
    return OWN_SCRIPT.sub("", html)


@pytest.fixture(scope="module")
async def founder(deployment: WholeDeployment) -> Persona:
    founder = await deployment.persona("founder")
    for name, slug in (("Bakers of Évora", "bakers"), (HOSTILE_NAME, "hostile")):
        founded = await founder.act(
            "POST", "/v1/unions", {"name": name, "purpose": "<b>We bake.</b>", "slug": slug}
        )
        assert founded.status_code == 201, founded.text
    return founder


async def test_the_directory_lists_unions_with_their_names_as_text(
    deployment: WholeDeployment, founder: Persona
) -> None:
    page = await deployment.http.get("/")
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert HOSTILE_NAME in unescape(page.text)
    assert "<script" not in without_own(page.text) and "<b>" not in page.text
    assert '<a href="/unions/bakers">' in page.text


async def test_the_directory_is_searched_by_name(deployment: WholeDeployment, founder: Persona) -> None:
    page = await deployment.http.get("/", params={"q": "Bakers"})
    assert "/unions/bakers" in page.text and "/unions/hostile" not in page.text
    nothing = await deployment.http.get("/", params={"q": "<script>zzz"})
    assert "No union" in nothing.text and "<script" not in without_own(nothing.text)


async def test_the_directory_has_pages(
    deployment: WholeDeployment, founder: Persona, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages_app, "PAGE_MAX", 1)
    first = await deployment.http.get("/")
    link = unescape(first.text.split('<a rel="next" href="')[1].split('"')[0])
    second = await deployment.http.get(link)
    shown = [("/unions/bakers" in page.text, "/unions/hostile" in page.text) for page in (first, second)]
    assert sorted(shown) == [(False, True), (True, False)]


@pytest.mark.parametrize("query", ["cursor=nonsense", "q=%00", "q=" + "x" * 500, "cursor=%ff"])
async def test_a_directory_that_cannot_be_asked_for_is_no_failure(
    deployment: WholeDeployment, query: str
) -> None:
    assert (await deployment.http.get(f"/?{query}")).status_code in {200, 400}


async def test_a_union_has_a_page_with_real_figures(deployment: WholeDeployment, founder: Persona) -> None:
    page = await deployment.eventually(
        lambda: deployment.http.get("/unions/bakers"), lambda answer: "Earned this month" in answer.text
    )
    assert page.status_code == 200
    assert "Bakers of Évora" in page.text and "&lt;b&gt;We bake." in page.text
    assert founder.session["member"]["handle"] in page.text
    assert "<dt>Members</dt><dd>1</dd>" in page.text
    assert "<dt>Open projects</dt><dd>0</dd>" in page.text or "<dt>Projects open</dt><dd>0</dd>" in page.text
    assert "max-age=1" in page.headers["cache-control"]


async def test_a_page_is_as_new_as_the_setting_says(deployment: WholeDeployment, founder: Persona) -> None:
    worker = await deployment.persona("worker")
    union = (await worker.get("/v1/unions/bakers")).json()
    terms = {name: union[name] for name in ("charter_version", "charter_hash")}
    joined = await worker.act("POST", "/v1/unions/bakers/memberships", terms)
    assert joined.status_code == 201, joined.text
    await deployment.eventually(
        lambda: deployment.http.get("/unions/bakers"),
        lambda answer: "<dt>Members</dt><dd>2</dd>" in answer.text,
    )


@pytest.mark.parametrize("name", ["nobody", "%00", "..%2f..", "%ff", "é", "x" * 300, quote("<script>")])
async def test_a_union_that_is_not_there_has_none(deployment: WholeDeployment, name: str) -> None:
    page = await deployment.http.get(f"/unions/{name}")
    assert page.status_code == 404
    assert "<script" not in without_own(page.text)


async def test_a_hidden_union_is_said_to_be_hidden(deployment: WholeDeployment, founder: Persona) -> None:
    made = await founder.act(
        "POST", "/v1/unions", {"name": "Veiled", "purpose": "We veil.", "slug": "veiled"}
    )
    assert made.status_code == 201, made.text
    warden = await named_operator(deployment, "warden")
    hiding = GROUND | {"union": "veiled"}
    assert (await warden.act("POST", "/v1/operator-acts/union-hidings", hiding)).status_code == 201
    page = await deployment.http.get("/unions/veiled")
    assert page.status_code == 403
    assert "This union is hidden" in page.text and "No such union" not in page.text
    assert "We veil." not in page.text and OWN_SCRIPT.search(page.text), "members and the invited go on"


async def test_a_union_is_not_said_to_be_missing_where_nobody_answers(
    deployment: WholeDeployment, founder: Persona, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def silent(*_: object) -> None:
        return None

    monkeypatch.setattr(pages_app.Pages, "_answer", silent)
    page = await deployment.http.get("/unions/not-looked-at-yet")
    assert page.status_code == 503 and "Back in a moment" in page.text


@pytest.mark.parametrize("path", ["/", "/docs", "/unions/nobody", "/problems/not-found"])
async def test_pages_run_only_the_houses_script_and_load_nothing_of_others(
    deployment: WholeDeployment, path: str
) -> None:
    page = await deployment.http.get(path)
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "script-src 'self';" in policy and "unsafe" not in policy
    assert "require-trusted-types-for 'script'" in policy
    assert "frame-ancestors 'none'" in policy and "form-action 'self'" in policy
    shown = without_own(page.text)
    assert "<script" not in shown and "http://" not in shown.replace("http://localhost:8080", "")


async def test_the_documentation_shows_every_operation(deployment: WholeDeployment) -> None:
    page = await deployment.http.get("/docs")
    document = (await deployment.http.get("/openapi.json")).json()
    assert page.status_code == 200
    for path, item in document["paths"].items():
        for method in item:
            assert f"{method.upper()} {path}" in page.text
    assert "Too many requests of this address or member." in page.text


async def test_a_problems_type_is_a_page(deployment: WholeDeployment) -> None:
    refused = await deployment.http.get("/v1/unions/bakers/nothing")
    page = await deployment.http.get(refused.json()["type"])
    assert page.status_code == 200 and refused.json()["title"] in page.text
    assert (await deployment.http.get("/problems/never-heard-of")).status_code == 404
    for slug in ("act-replayed", "too-many-requests", "wrong-host", "not-a-member", "refused-by-ledger"):
        assert (await deployment.http.get(f"/problems/{slug}")).status_code == 200


async def test_what_is_nothing_is_a_problem(deployment: WholeDeployment) -> None:
    for path in ("/nothing", "/v1", "/internal/unions/bakers"):
        answer = await deployment.http.get(path)
        assert answer.status_code == 404, path
        assert answer.headers["content-type"] == "application/problem+json"


async def test_a_page_takes_no_other_method(deployment: WholeDeployment) -> None:
    answer = await deployment.http.post("/")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"
    assert answer.json()["type"] == "/problems/method-not-allowed"
    assert (await deployment.http.head("/")).status_code == 200


async def test_a_resource_names_every_method_it_takes(deployment: WholeDeployment) -> None:
    answer = await deployment.http.delete("/v1/unions")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, POST"
    assert answer.headers["content-type"] == "application/problem+json"


async def test_readiness_is_that_of_every_service(deployment: WholeDeployment) -> None:
    answer = await deployment.http.get("/readyz")
    assert (answer.status_code, answer.json()["faults"]) == (200, [])
    assert (await deployment.http.get("/livez")).json()["alive"] is True


async def test_figures_are_told_on_this_machine_alone(deployment: WholeDeployment) -> None:
    told = await deployment.http.get("/metrics")
    assert told.status_code == 200
    assert "guildhall_requests_total" in told.text
    async with client_of(deployment.deployment, deployment.public_url, "203.0.113.7") as client:
        elsewhere = await client.get("/metrics")
    through_a_proxy = await deployment.http.get("/metrics", headers={"x-forwarded-for": "203.0.113.7"})
    for refused in (elsewhere, through_a_proxy):
        assert (refused.status_code, refused.json()["type"]) == (404, "/problems/not-found")


async def test_schemas_are_served_where_events_point_to(deployment: WholeDeployment) -> None:
    document = await deployment.http.get("/asyncapi.json")
    assert document.status_code == 200 and document.json()["asyncapi"] == "3.0.0"
    assert "max-age" in document.headers["cache-control"]
    for message in document.json()["components"]["messages"].values():
        pointed = message["payload"]["schema"]["$ref"].removeprefix(".")
        schema = await deployment.http.get(pointed)
        assert schema.status_code == 200 and schema.json()["$id"] == pointed
        assert schema.json()["title"] == message["name"]


@pytest.mark.parametrize("file", ["nothing.json", "union", "..%2Fasyncapi.json", "union.json%00"])
async def test_a_schema_that_is_none_is_not_found(deployment: WholeDeployment, file: str) -> None:
    assert (await deployment.http.get(f"/schemas/{file}")).status_code == 404
