"""What the page knows of a session ends with it, and an invitation's code opens a hidden union: in node."""

import base64
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from gateway.pages.web_files import WEB_FOLDER

pytestmark = pytest.mark.slow

STUBS = """
const done = (result) => {
  const made = { result };
  queueMicrotask(() => made.onsuccess?.());
  return made;
};
const kept = new Map();
const store = {
  get: (name) => ({ result: kept.get(name) }),
  put: (value, name) => (kept.set(name, value), {}),
  delete: (name) => (kept.delete(name), {}),
};
const transaction = () => {
  const made = { objectStore: () => store };
  queueMicrotask(() => made.oncomplete?.());
  return made;
};
globalThis.indexedDB = { open: () => done({ transaction, close: () => {} }) };
globalThis.navigator = { languages: ["en"], locks: { request: (_, work) => work() } };
const asked = JSON.parse(process.argv[2]);
const requests = [];
globalThis.fetch = async (url, { method }) => {
  const path = new URL(url).pathname + new URL(url).search;
  requests.push(`${method} ${path}`);
  const [status, body] = asked.answers[path].shift();
  const headers = { "content-type": "application/json" };
  return new Response(status === 204 ? null : JSON.stringify(body), { status, headers });
};
"""
SESSION = f"""{STUBS}
const {{ Session, SignedOut }} = await import("{(WEB_FOLDER / "api" / "session.js").as_uri()}");
const session = new Session("http://localhost:8080");
const shown = [];
const look = () => shown.push([session.member?.handle ?? null, session.exitsOnly, session.id]);
session.addEventListener("change", look);
await session.useSigned({{ keyId: "k" }}, "message", "signature");
if (asked.ends === "renewal") await session.renewed(await session.accessToken()).catch((error) => {{
  if (!(error instanceof SignedOut)) throw error;
}});
else await session.signOut();
look();
console.log(JSON.stringify({{ shown, kept: [...kept.keys()] }}));
"""
UNIONS = f"""{STUBS}
globalThis.location = {{ hash: asked.hash }};
const {{ Client }} = await import("{(WEB_FOLDER / "api" / "client.js").as_uri()}");
const {{ Unions }} = await import("{(WEB_FOLDER / "app" / "unions.js").as_uri()}");
const unions = new Unions(new Client("http://localhost:8080", {{ accessToken: async () => null }}));
const found = await unions.of("veiled").then(({{ name }}) => name, (error) => error.slug);
console.log(JSON.stringify({{ found, requests }}));
"""
UNION, CODE = "/v1/unions/veiled", "c" * 22
HIDDEN = [403, {"type": "/problems/union-hidden"}]


def told(node_program: str, folder: Path, script: str, **asked: Any) -> dict[str, Any]:
    program = folder / "told.mjs"
    program.write_text(script)
    ended = subprocess.run(
        [node_program, str(program), json.dumps(asked)],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


def opened(**claims: Any) -> list[Any]:
    said = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return [
        201,
        {
            "access_token": f"e30.{said}.c2ln",
            "session_id": "one",
            "expires_in_seconds": 900,
            "exits_only": claims.get("exits_only", False),
            "member": {"id": "m", "handle": "ada"},
        },
    ]


@pytest.mark.parametrize("ends", ["sign-out", "renewal"])
def test_who_is_signed_out_is_locked_by_nobody(node_program: str, tmp_path: Path, ends: str) -> None:
    answers = {
        "/v1/auth/sessions": [opened(exits_only=True)],
        "/v1/auth/refreshes": [[401, {"type": "/problems/session-ended"}]],
        "/v1/auth/sessions/current": [[204, None]],
    }
    after = told(node_program, tmp_path, SESSION, ends=ends, answers=answers)
    nobody = [None, False, None]
    assert after == {"shown": [["ada", True, "one"], nobody, nobody], "kept": []}


@pytest.mark.parametrize(
    ("hash_sent", "answers", "found", "asked"),
    [
        ("", {UNION: [[200, {"name": "Veiled"}]]}, "Veiled", [UNION]),
        (f"#invitation={CODE}", {UNION: [[200, {"name": "Veiled"}]]}, "Veiled", [UNION]),
        ("", {UNION: [HIDDEN]}, "union-hidden", [UNION]),
        (
            f"#invitation={CODE}",
            {UNION: [HIDDEN], f"{UNION}?invitation={CODE}": [[200, {"name": "Veiled"}]]},
            "Veiled",
            [UNION, f"{UNION}?invitation={CODE}"],
        ),
        (
            f"#invitation={CODE}",
            {UNION: [HIDDEN], f"{UNION}?invitation={CODE}": [HIDDEN]},
            "union-hidden",
            [UNION, f"{UNION}?invitation={CODE}"],
        ),
    ],
)
def test_a_hidden_union_is_asked_for_with_the_invitation_and_no_other_is(
    node_program: str, tmp_path: Path, hash_sent: str, answers: dict[str, Any], found: str, asked: list[str]
) -> None:
    after = told(node_program, tmp_path, UNIONS, hash=hash_sent, answers=answers)
    assert after == {"found": found, "requests": [f"GET {path}" for path in asked]}
