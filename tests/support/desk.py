"""A manager at the JSON doors: what a research manager's own client would do, a line a step."""

from typing import Any

from fastapi.testclient import TestClient
from httpx2 import Response

BASE = "/api/v1"
QUESTION = "Do warmer homes mean fewer visits to A&E?"


def add_researcher(client: TestClient, name: str, **facts: Any) -> str:
    """Put somebody who has written of warm homes into the directory at a university's own door; return their id."""
    body = {
        "name": name,
        "email": f"{name.lower().replace(' ', '.')}@university.example",
        "publications": [{"title": "Warm homes and A&E visits", "year": 2025}],
        "capacity_days": 20,
        **facts,
    }
    answer = client.post(f"{BASE}/researchers", json=body)
    assert answer.status_code == 201, answer.text
    found: str = answer.json()["id"]
    return found


class Desk:
    """One manager's client, with If-Match filled in from what was read last."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    def get(self, path: str, **params: Any) -> Response:
        """Read what stands at a path under the base."""
        return self.client.get(f"{BASE}{path}", params=params)

    def read(self, path: str, **params: Any) -> Any:
        """Return the JSON at a path, which must be there."""
        answer = self.get(path, **params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def items(self, path: str, **params: Any) -> list[dict[str, Any]]:
        """Return every item of a list, walked by its cursors."""
        found: list[dict[str, Any]] = []
        cursor: str | None = None
        while True:
            page = self.read(path, **params, **({"cursor": cursor} if cursor else {}))
            found += page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return found

    def post(self, path: str, body: Any, **headers: str) -> Response:
        """Post JSON; underscores in header names are hyphens."""
        return self.client.post(f"{BASE}{path}", json=body, headers=_headers(headers))

    def record(self, question: str = QUESTION, **facts: Any) -> dict[str, Any]:
        """Record a question for somebody and return the enquiry."""
        enquirer = {"name": "Ann Asker", "email": "ann@council.example"}
        answer = self.post("/enquiries", {"question": question, "enquirer": enquirer, **facts})
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    def event(self, reference: str, event: str, *, tag: str | None = None, **members: Any) -> Response:
        """Put an event, against the version there is unless a tag is given."""
        tag = tag or f'"{self.read(f"/enquiries/{reference}")["version"]}"'
        return self.post(f"/enquiries/{reference}/events", {"event": event, **members}, if_match=tag)

    def did(self, reference: str, event: str, **members: Any) -> dict[str, Any]:
        """Put an event that must be possible and return the enquiry."""
        answer = self.event(reference, event, **members)
        assert answer.status_code == 200, answer.text
        enquiry: dict[str, Any] = answer.json()
        return enquiry

    def change(self, reference: str, *, tag: str | None = None, **facts: Any) -> Response:
        """Change facts, against the version there is unless a tag is given."""
        tag = tag or f'"{self.read(f"/enquiries/{reference}")["version"]}"'
        return self.client.patch(f"{BASE}/enquiries/{reference}", json=facts, headers={"If-Match": tag})

    def say(self, reference: str, body: str, **words: Any) -> dict[str, Any]:
        """Add something to the conversation (a message from the enquirer, unless told otherwise)."""
        sent = {"kind": "message", "visibility": "enquirer", "direction": "in", "body": body, **words}
        answer = self.post(f"/enquiries/{reference}/conversation", sent)
        assert answer.status_code == 201, answer.text
        entry: dict[str, Any] = answer.json()
        return entry

    def write_brief(self, reference: str, *, tag: str | None = None, **sections: str) -> Response:
        """Save the brief, against the save there is unless a tag is given."""
        tag = tag or self.get(f"/enquiries/{reference}/brief").headers["etag"]
        path = f"{BASE}/enquiries/{reference}/brief"
        return self.client.put(path, json={"sections": sections}, headers={"If-Match": tag})


def _headers(named: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in named.items()}
