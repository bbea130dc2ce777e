"""The page's own files: named by their content, kept for ever, small, free of what runs foreign text."""

import gzip
import re

import brotli
import pytest

from gateway.pages.web_files import SERVICE_WORKER, WEB_FOLDER, WebFiles
from tests.support.deployment import WholeDeployment

BYTES_MAX = 200_000
CATALOGUE = re.compile(r"texts/[a-z]{2}\.js")
FORBIDDEN = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|\bsrcdoc\b|javascript:"
    r"|setAttribute\(\s*[\"']style|https?://(?!www\.w3\.org/2000/svg|\(\?:localhost)"
)


@pytest.fixture(scope="module")
def web() -> WebFiles:
    return WebFiles()


@pytest.mark.parametrize("language", ["de", "en"])
def test_all_files_that_a_visitor_is_sent_are_small(web: WebFiles, language: str) -> None:
    others = {name for name in web.files if CATALOGUE.fullmatch(name)} - {f"texts/{language}.js"}
    assert len(others) == 1
    assert sum(len(file.brotli) for name, file in web.files.items() if name not in others) < BYTES_MAX


def test_nothing_in_it_makes_markup_or_code_of_text_or_names_another_origin(web: WebFiles) -> None:
    for name, file in web.files.items():
        if name.endswith((".js", ".css", ".webmanifest")):
            found = FORBIDDEN.search(file.content.decode())
            assert found is None, (name, found and found.group())


async def test_a_file_is_kept_for_ever_under_the_name_of_its_version(
    deployment: WholeDeployment, web: WebFiles
) -> None:
    page = (await deployment.http.get("/")).text
    assert f'src="{web.root}/app/app.js"' in page
    file = await deployment.http.get(f"{web.root}/app/app.js")
    assert file.status_code == 200 and file.headers["content-type"].startswith("text/javascript")
    assert "immutable" in file.headers["cache-control"]
    assert file.text == (WEB_FOLDER / "app" / "app.js").read_text()


async def test_an_older_version_gets_the_present_file_and_keeps_it_not(deployment: WholeDeployment) -> None:
    file = await deployment.http.get("/web/0123456789abcdef/app/app.js")
    assert file.status_code == 200 and file.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("name", ["nothing.js", "../pages/app.py", "..%2f..%2fpages%2fapp.py", "", "app"])
async def test_what_is_no_file_of_the_page_is_not_there(
    deployment: WholeDeployment, web: WebFiles, name: str
) -> None:
    assert (await deployment.http.get(f"{web.root}/{name}")).status_code == 404


async def test_the_offline_shell_lists_what_it_keeps(deployment: WholeDeployment, web: WebFiles) -> None:
    worker = await deployment.http.get(f"/{SERVICE_WORKER}", params={"files": web.root})
    assert worker.status_code == 200 and worker.headers["cache-control"] == "no-cache"
    listed = (await deployment.http.get(f"{web.root}/files.json")).json()
    assert f"{web.root}/style/guildhall.css" in listed and f"{web.root}/texts/de.js" in listed
    assert not any(SERVICE_WORKER in name for name in listed)


def test_the_version_follows_the_content(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("web")
    (folder / "service_worker.js").write_text("1")
    (folder / "app.js").write_text("a")
    first = WebFiles(folder)
    (folder / "app.js").write_text("b")
    assert WebFiles(folder).version != first.version


@pytest.mark.parametrize(
    ("accepted", "sent"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0.1, gzip;q=1.0", "br"),
        ("gzip, deflate", "gzip"),
        ("GZIP", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br; q=0.000,gzip; q=0", None),
        ("", None),
        ("identity", None),
        ("*", None),
        ("br;q=abc", None),
        ("abr, xgzip, gzip-9", None),
    ],
)
async def test_a_file_is_sent_as_its_reader_takes_it(
    deployment: WholeDeployment, web: WebFiles, accepted: str, sent: str | None
) -> None:
    headers = {"accept-encoding": accepted}
    async with deployment.http.stream("GET", f"{web.root}/app/app.js", headers=headers) as file:
        assert file.headers.get("content-encoding") == sent and file.headers["vary"] == "Accept-Encoding"
        content = b"".join([part async for part in file.aiter_raw()])
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[sent]
    assert unpack(content) == (WEB_FOLDER / "app" / "app.js").read_bytes()


@pytest.mark.parametrize(
    "path",
    ["/found", "/me", "/notices", "/recover", "/sign-in", "/unions/bakers/work", "/unions/bakers/fund/1"],
)
async def test_the_pages_own_addresses_are_a_shell(deployment: WholeDeployment, path: str) -> None:
    shell = await deployment.http.get(path)
    assert shell.status_code == 200 and "<noscript>" in shell.text and 'id="ways"' in shell.text


async def test_a_browser_is_shown_a_page_where_nothing_is(deployment: WholeDeployment) -> None:
    shown = await deployment.http.get("/nowhere", headers={"accept": "text/html"})
    assert shown.status_code == 404 and "There is nothing here" in shown.text
    told = await deployment.http.get("/nowhere")
    assert told.status_code == 404 and told.json()["type"] == "/problems/not-found"


async def test_an_address_of_the_house_is_drawn_as_a_code(deployment: WholeDeployment) -> None:
    drawn = await deployment.http.get(
        "/qr.svg", params={"text": "http://localhost:8080/unions/a#invitation=b"}
    )
    assert drawn.status_code == 200 and drawn.headers["content-type"] == "image/svg+xml"
    assert drawn.text.startswith("<svg") and "<script" not in drawn.text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https://elsewhere.example/",
        "http://localhost:8080.evil.example/",
        "http://localhost:8080/" + "x" * 1_100,
    ],
)
async def test_no_code_is_drawn_for_another_address(deployment: WholeDeployment, text: str) -> None:
    refused = await deployment.http.get("/qr.svg", params={"text": text})
    assert (refused.status_code, refused.json()["type"]) == (400, "/problems/address-not-ours")
