"""Key files are their owner's alone; a request from the terminal is signed, and its refusal exits 1."""

import asyncio
import json
import stat
import threading
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
import uvicorn

from guildhall.client.key_file import KeyFile, KeyFileUnusable
from guildhall.client.terminal import create_key, send_request, value_at
from tests.guildhall.client.house import House, later


def test_a_key_file_is_made_once_and_read_back(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "ada.json"
    made = KeyFile.create(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    read = KeyFile.load(path)
    assert (read.wallet, read.device.key_id) == (made.wallet, made.device.key_id)
    with pytest.raises(KeyFileUnusable, match="not written over"):
        KeyFile.create(path)


def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ada.json"
    KeyFile.create(path)
    path.chmod(0o640)
    with pytest.raises(KeyFileUnusable, match="chmod 600"):
        KeyFile.load(path)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{}",
        "[]",
        '{"kind": "guildhall client key"}',
        '{"kind": "guildhall client key", "wallet": "0x12", "device": ""}',
        '{"kind": "other", "wallet": "", "device": ""}',
    ],
)
def test_what_is_no_key_file_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "ada.json"
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(KeyFileUnusable, match=r"ada\.json"):
        KeyFile.load(path)


def test_a_missing_key_file_is_told_how_to_make(tmp_path: Path) -> None:
    with pytest.raises(KeyFileUnusable, match="guildhall client --new"):
        KeyFile.load(tmp_path / "ada.json")


@pytest.fixture
def house_url() -> Iterator[tuple[House, str]]:
    """The small deployment on a real socket, its clock on the machine's time."""
    from datetime import UTC, datetime

    house = House()
    later(house, int((datetime.now(UTC) - house.clock.now()).total_seconds()))
    server = uvicorn.Server(uvicorn.Config(house.app, port=0, log_level="error", lifespan="off"))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()))
    thread.start()
    while not server.started:
        assert thread.is_alive()
    port = server.servers[0].sockets[0].getsockname()[1]
    yield house, f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


def test_a_request_from_the_terminal_is_signed_and_printed(
    house_url: tuple[House, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    house, url = house_url
    key = tmp_path / "ada.json"
    assert create_key(key) == 0
    assert "wallet 0x" in capsys.readouterr().out
    assert send_request(key, "put", "/v1/x", '{"a": 1}', base_url=url) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out) == {"rest": "x", "signed": True, "key": None, "body": '{"a":1}'}
    assert printed.err == ""
    assert house.seen[-1] == "DELETE /v1/auth/sessions/current"
    body = tmp_path / "body.json"
    body.write_text('{"b": 2}')
    assert send_request(key, "POST", "/v1/x", f"@{body}", base_url=url, idempotency_key="k") == 0
    assert json.loads(capsys.readouterr().out)["key"] == "k"
    assert send_request(key, "GET", "/v1/me", base_url=url) == 0
    assert json.loads(capsys.readouterr().out)["signed"] is False


def test_a_file_is_put_under_its_digest_and_not_signed(
    house_url: tuple[House, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    house, url = house_url
    key, file = tmp_path / "ada.json", tmp_path / "Hall & yard.txt"
    create_key(key)
    file.write_text("Two by three.")
    digest = sha256(b"Two by three.").hexdigest()
    capsys.readouterr()
    assert send_request(key, "put", "/v1/files", base_url=url, file=file) == 0
    told = json.loads(capsys.readouterr().out)
    assert told == {"rest": f"files/{digest}", "signed": False}
    assert house.bodies[-1] == (b"application/octet-stream", b"Two by three.")
    for method, body in (("POST", None), ("PUT", "{}")):
        assert send_request(key, method, "/v1/files", body, base_url=url, file=file) == 1
        assert "sent by PUT" in capsys.readouterr().err
    assert send_request(key, "PUT", "/v1/files", base_url=url, file=tmp_path / "absent.jpg") == 1
    assert "absent.jpg" in capsys.readouterr().err
    assert house.seen.count(f"PUT /v1/files/{digest}") == 1


def test_one_field_of_the_answer_is_shown_as_a_shell_can_carry_it(
    house_url: tuple[House, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, url = house_url
    key = tmp_path / "ada.json"
    create_key(key)
    capsys.readouterr()
    assert send_request(key, "GET", "/v1/x", base_url=url, show="rest") == 0
    assert capsys.readouterr().out == "x\n"
    assert send_request(key, "GET", "/v1/x", base_url=url, show="signed") == 0
    assert capsys.readouterr().out == "false\n"
    for absent in ("id", "rest.0", "0"):
        assert send_request(key, "GET", "/v1/x", base_url=url, show=absent) == 1
        printed = capsys.readouterr()
        assert printed.out == "" and f"has no {absent}: " in printed.err


def test_a_dotted_path_counts_lists_from_0() -> None:
    listed = {"items": [{"id": "a"}, {"id": "b"}]}
    assert value_at(listed, "items.1.id") == "b"
    with pytest.raises(LookupError):
        value_at(listed, "items.2.id")


def test_what_goes_wrong_is_one_line_and_exit_1(
    house_url: tuple[House, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    house, url = house_url
    key = tmp_path / "ada.json"

    def refusal(*arguments: str, **more: str) -> str:
        assert send_request(key, *arguments, **{"base_url": url, **more}) == 1
        line = capsys.readouterr().err
        assert line.startswith("guildhall client: ") and line.count("\n") == 1
        return line

    assert "--new" in refusal("GET", "/v1/me")
    create_key(key)
    assert create_key(key) == 1
    capsys.readouterr()
    assert "none of" in refusal("FETCH", "/v1/me")
    assert "begin with /" in refusal("GET", "v1/me")
    assert "no JSON" in refusal("POST", "/v1/x", "{")
    assert "absent.json" in refusal("POST", "/v1/x", "@absent.json")
    assert "is it running" in refusal("GET", "/v1/me", base_url="http://127.0.0.1:1")
    house.away_count = 1
    assert "503 unavailable" in refusal("GET", "/v1/me")
