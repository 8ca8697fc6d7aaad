"""Clients of the managers' door that go on whatever happens to the service, and remember what they were told."""

import threading
import time
from dataclasses import dataclass, field
from typing import Any

import httpx


@dataclass
class Acknowledged:
    """What the service said yes to, as its clients remember it."""

    submitted: dict[str, str] = field(default_factory=dict)
    """Reference to the enquirer's address."""
    states: dict[str, tuple[int, str]] = field(default_factory=dict)
    """Reference to the newest version and state that an answer named."""
    unanswered: int = 0
    refused_at: list[float] = field(default_factory=list)
    """When the service said that it cannot at present (503), on this process's monotonic clock."""


class Writer(threading.Thread):
    """A client that submits and takes on enquiries until told to stop, and trusts only what was answered.

    A request that was not answered is sent again with its Idempotency-Key, as a careful client does.
    """

    def __init__(self, number: int, url: str, key: str, told: Acknowledged, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.number, self.url, self.told, self.stop_asked = number, url, told, stop
        self.headers = {"Authorization": f"Bearer {key}"}
        self.count = 0

    def run(self) -> None:
        with httpx.Client(base_url=self.url, headers=self.headers, timeout=10) as client:
            while not self.stop_asked.is_set():
                self.count += 1
                self.one(client)

    def one(self, client: httpx.Client) -> None:
        """Submit one enquiry and take it on."""
        email = f"officer-{self.number}-{self.count}@council.example"
        body = {"question": f"Question {self.number}-{self.count}?", "enquirer": {"name": "An officer", "email": email}}
        made = self.insist(client, "/api/v1/enquiries", body, {"Idempotency-Key": f"submit-{email}"})
        if made is None:
            return
        assert made.status_code == 201, made.text
        enquiry = made.json()
        self.told.submitted[enquiry["reference"]] = email
        self.told.states[enquiry["reference"]] = (enquiry["version"], enquiry["state"])
        headers = {"Idempotency-Key": f"accept-{email}", "If-Match": f'"{enquiry["version"]}"'}
        taken = self.insist(client, f"/api/v1/enquiries/{enquiry['reference']}/events", {"event": "accept"}, headers)
        if taken is not None:
            assert taken.status_code == 200, taken.text
            self.told.states[enquiry["reference"]] = (taken.json()["version"], taken.json()["state"])

    def insist(
        self, client: httpx.Client, path: str, body: dict[str, Any], headers: dict[str, str]
    ) -> httpx.Response | None:
        """Post until it is answered; None when told to stop first."""
        while not self.stop_asked.is_set():
            try:
                answer = client.post(path, json=body, headers=headers)
            except httpx.TransportError:
                self.told.unanswered += 1
                time.sleep(0.15)
                continue
            if answer.status_code != 503:
                return answer
            self.told.refused_at.append(time.monotonic())
        return None
