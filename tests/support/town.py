"""A whole installation as people meet it: one running service, a mail server, a clock in a file, and keys for machines.

Nothing here reaches behind the doors: it starts commands, speaks HTTP and reads mail.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from tests.support.keys import make_key
from tests.support.serving import command, serving
from tests.support.smtp import Mailbox, Received, mail_server


@dataclass
class Town:
    """One installation. `at` moves its clock and lets its scheduler do what is due."""

    url: str
    folder: Path
    environment: Mapping[str, str]
    mailbox: Mailbox
    clock: Path
    keys: dict[str, str] = field(default_factory=dict)
    read: set[int] = field(default_factory=set)
    answered: set[str] = field(default_factory=set)
    """The paths under /api/v1 that have answered a GET with something in it."""

    def at(self, instant: str) -> None:
        """Let it be `instant`, such as 2027-01-12T10:00:00Z, and let a scheduler run until nothing is due."""
        datetime.fromisoformat(instant)
        self.clock.write_text(instant + "\n", encoding="utf-8")
        self.tick()

    def tick(self) -> None:
        """Let a scheduler run until nothing is due: a process of its own, as a cron job would start."""
        command("work", "--once", environment=self.environment, folder=self.folder)

    def machine(self, name: str) -> "Machine":
        """Return a client that speaks JSON with the key called `name`."""
        return Machine(self, name)

    def mail(self, address: str, subject: str) -> Received:
        """Return the oldest unread mail to an address whose subject says `subject`, and mark it read.

        A scheduler runs only where the mail is not there yet.
        """
        for attempt in ("as it is", "after a tick"):
            for number, letter in enumerate(self.mailbox.received):
                is_theirs = address.lower() in {each.lower() for each in letter.recipients}
                if number not in self.read and is_theirs and subject.lower() in letter.subject.lower():
                    self.read.add(number)
                    return letter
            if attempt == "as it is":
                self.tick()
        raise AssertionError(f"no mail to {address} about {subject!r}; unread: {self.unread()}")

    def unread(self, address: str | None = None) -> list[str]:
        """Return the subjects of mail nobody has read yet, with whom it went to; only one address's where given."""
        return [
            f"{letter.recipients[0]}: {letter.subject}"
            for number, letter in enumerate(self.mailbox.received)
            if number not in self.read and (address is None or letter.recipients[0].lower() == address.lower())
        ]


@dataclass(frozen=True)
class Machine:
    """A client of the JSON doors."""

    town: Town
    name: str

    def get(self, path: str, want: int = 200, **params: Any) -> Any:
        """Read something; the answer's JSON."""
        answer = self._send("GET", path, params=params)
        if answer.status_code == 200 and not says_nothing(answer.text):
            self.town.answered.add(path)
        return self._read(answer, want)

    def post(
        self,
        path: str,
        body: Mapping[str, Any] | None = None,
        want: int = 201,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """Post something; the answer's JSON."""
        return self._read(self._send("POST", path, json=body, headers=headers), want)

    def put(self, path: str, body: Mapping[str, Any], want: int = 200, headers: Mapping[str, str] | None = None) -> Any:
        """Put something; the answer's JSON."""
        return self._read(self._send("PUT", path, json=body, headers=headers), want)

    def patch(
        self, path: str, body: Mapping[str, Any], want: int = 200, headers: Mapping[str, str] | None = None
    ) -> Any:
        """Change something; the answer's JSON."""
        return self._read(self._send("PATCH", path, json=body, headers=headers), want)

    def event(self, reference: str, event: str, want: int = 200, **members: Any) -> Any:
        """Put an event to an enquiry as it stands now; the answer's JSON."""
        etag = self._send("GET", f"/enquiries/{reference}").headers["etag"]
        return self.post(f"/enquiries/{reference}/events", {"event": event, **members}, want, {"If-Match": etag})

    def save_brief(self, reference: str, sections: Mapping[str, str]) -> Any:
        """Save the brief as it stands now."""
        etag = self._send("GET", f"/enquiries/{reference}/brief").headers["etag"]
        return self.put(f"/enquiries/{reference}/brief", {"sections": dict(sections)}, headers={"If-Match": etag})

    def raw(self, path: str, headers: Mapping[str, str] | None = None) -> httpx.Response:
        """Read something; the whole answer."""
        return self._send("GET", path, headers=headers)

    def _send(self, method: str, path: str, headers: Mapping[str, str] | None = None, **options: Any) -> httpx.Response:
        key = {"Authorization": f"Bearer {self.town.keys[self.name]}"}
        base = self.town.url + ("" if path.startswith("/api") else "/api/v1")
        return httpx.request(method, base + path, headers={**key, **(headers or {})}, timeout=30, **options)

    @staticmethod
    def _read(answer: httpx.Response, want: int) -> Any:
        assert answer.status_code == want, f"{answer.request.method} {answer.request.url}: {answer.text}"
        return answer.json() if "json" in answer.headers.get("content-type", "") else answer.text


def says_nothing(text: str) -> bool:
    """Tell whether an answer is empty: no text, no members, or a list without items."""
    return text in {"", "[]", "{}"} or '"items":[]' in text.replace(" ", "")


def link_in(letter: Received) -> str:
    """Return the first link in a mail's text."""
    found = re.search(r"https?://\S+", letter.text)
    assert found, letter.text
    return found.group()


@contextmanager
def town(folder: Path, database_url: str, begins: str, **settings: str) -> Iterator[Town]:
    """A running installation whose business time begins at `begins` and moves only when it is told to."""
    clock = folder / "clock"
    clock.write_text(begins + "\n", encoding="utf-8")
    with mail_server() as mailbox:
        environment = {
            "DATABASE_URL": database_url,
            "MAIL": mailbox.url,
            "CLOCK": f"file:{clock}",
            "SCHEDULER": "external",
            "SECRET_KEY": "a-secret-for-tests-a-secret-for-tests-a-secret",
            **settings,
        }
        command("migrate", environment=environment, folder=folder)
        with serving(environment, folder=folder) as service:
            environment["BASE_URL"] = service.url
            yield Town(service.url, folder, environment, mailbox, clock)


def hand_out(
    place: Town, name: str, role: str, *, email: str | None = None, organisation: str | None = None
) -> Machine:
    """Make a key, remember it as `name`, and return a client that uses it."""
    place.keys[name] = make_key(place.folder, place.environment, role=role, email=email, organisation=organisation)
    return place.machine(name)
