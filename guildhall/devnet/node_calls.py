"""JSON-RPC to a node, as far as starting, keeping and checking one needs it."""

from typing import Any

import httpx

TIMEOUT_SECONDS = 10


class NodeSilent(Exception):
    """The node gave no answer that JSON-RPC allows, or answered with an error."""


class NodeCalls:
    """One node by its URL; for any thread."""

    def __init__(self, url: str) -> None:
        self.url = url
        is_plain = url.startswith("http://")  # then the system's certificates need not be read
        self._client = httpx.Client(timeout=TIMEOUT_SECONDS, verify=not is_plain)

    def call(self, method: str, *parameters: Any) -> Any:
        """Ask once and wait. Raises NodeSilent."""
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": list(parameters)}
        try:
            answer = self._client.post(self.url, json=body)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise NodeSilent(str(error) or type(error).__name__) from error
        return _result(answer)

    def number(self, method: str, *parameters: Any) -> int:
        """A quantity, which nodes write in hex."""
        try:
            return int(self.call(method, *parameters), 16)
        except (TypeError, ValueError):
            raise NodeSilent(f"{method} was not answered with a number") from None


def _result(answer: httpx.Response) -> Any:
    try:
        told = answer.json()
        if "error" in told:
            raise NodeSilent(str(told["error"].get("message", "an error without a message")))
        return told["result"]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise NodeSilent(f"status {answer.status_code} and no JSON-RPC answer") from None
