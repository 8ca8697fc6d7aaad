"""The command line as a person uses it: real processes, their words and their exit statuses."""

import csv
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

import httpx
import psycopg
import pytest
import uvicorn
from sqlalchemy import text
from sqlmodel import select

from service.commands.serve import listening
from service.records import directory, feed, migration, people
from service.records.database import Database, Unit
from service.records.tables import Attachment, CalendarDay, Enquiry, ReminderSetting, Researcher
from service.workflows.diagram import as_data, as_mermaid
from tests.support.clock import MONDAY
from tests.support.doors import house
from tests.support.engines import EngineName, Engines
from tests.support.serving import ROOT, Service, free_port, start
from tests.support.warm import Forked

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def running(folder: Path, *arguments: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    """Run one command to its end, whatever its status."""
    coverage = {name: value for name, value in os.environ.items() if name.startswith("COV")}
    return subprocess.run(
        [sys.executable, "-m", "service", *arguments],
        cwd=folder,
        env={**_surroundings(folder, settings), **coverage},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def running_warm(folder: Path, *arguments: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    """Run it in a process forked from one that has imported the service."""
    output, errors = folder / "output", folder / "errors"
    for file in (output, errors):
        file.write_bytes(b"")
    status = Forked(
        arguments, environment=_surroundings(folder, settings), folder=folder, output=output, errors=errors
    ).wait(120)
    return subprocess.CompletedProcess(arguments, status, output.read_text("utf-8"), errors.read_text("utf-8"))


def _surroundings(folder: Path, settings: Mapping[str, str]) -> dict[str, str]:
    ours = {"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"], "HOME": str(folder)}
    return {**ours, "SECRET_KEY": "a secret for tests, long enough to sign with", **settings}


@pytest.fixture
def either(engine: EngineName) -> Run:
    """Run a command on either engine; only on one of them in a process of its own from the first line."""
    return running if engine == "sqlite" else running_warm


@pytest.fixture
def run(either: Run, engine_url: str, tmp_path: Path) -> Run:
    """Run a command on a migrated database, on both engines."""
    return lambda *arguments, **settings: either(tmp_path, *arguments, DATABASE_URL=engine_url, **settings)


def test_a_database_that_was_never_made_is_refused_and_the_command_named(tmp_path: Path) -> None:
    arguments = ("keys", "create", "--role", "operator", "--name", "x")
    refused = running(tmp_path, *arguments, DATABASE_URL=f"sqlite:///{tmp_path}/nowhere/service.db")

    assert refused.returncode == 2
    assert "python -m service migrate" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_an_empty_database_is_refused_then_migrated_then_served(either: Run, empty_url: str, tmp_path: Path) -> None:
    stale = either(tmp_path, "serve", DATABASE_URL=empty_url)
    assert (stale.returncode, stale.stdout) == (2, "")
    assert "python -m service migrate" in stale.stderr

    settings = {"DATABASE_URL": empty_url, "STAFF_EMAILS": "Mo.Manager@s.example", "LEAD_EMAILS": "sal@s.example"}
    for _ in range(2):  # safe to repeat
        migrated = either(tmp_path, "migrate", **settings)
        assert (migrated.returncode, migrated.stderr) == (0, "")

    database = Database(empty_url)
    database.read(_assert_furnished)
    database.dispose()
    assert either(tmp_path, "work", "--once", **settings).returncode == 0
    for asked in (("work", "--once"), ("serve",)):
        without = either(tmp_path, *asked, **settings, MATCHING_MODEL=str(tmp_path), MATCHING_MODEL_SHA256="0" * 64)
        assert (without.returncode, without.stdout) == (2, "")
        assert "does not hold model.json, model.onnx and tokenizer.json" in without.stderr
    held = either(tmp_path, "check", **settings)
    assert (held.returncode, held.stdout) == (0, "Everything holds.\n")


def _assert_furnished(unit: Unit) -> None:
    mo, sal = people.by_email(unit, "mo.manager@s.example"), people.by_email(unit, "sal@s.example")
    assert mo is not None
    assert sal is not None
    assert (mo.name, mo.staff_role, sal.staff_role) == ("Mo Manager", "manager", "service_lead")
    assert len(feed.epoch(unit)) > 0
    assert len(unit.exec(select(CalendarDay)).all()) > 100
    assert len(unit.exec(select(ReminderSetting)).all()) > 10


def test_a_key_is_one_line_of_json_that_opens_its_door(run: Run, engine_url: str) -> None:
    made = run(
        "keys", "create", "--role", "university", "--organisation", "Durham University", "--name", "their system"
    )

    assert (made.returncode, made.stderr, made.stdout.count("\n")) == (0, "", 1)
    key = json.loads(made.stdout)
    assert set(key) == {"id", "key"}
    with house(engine_url) as service:
        assert service.visitor(key["key"]).get("/api/v1/researchers").status_code == 200
        university = service.database.read(lambda unit: directory.organisation_called(unit, "durham university"))
        assert university is not None
        assert (university.kind, university.partner) == ("university", True)


def test_a_managers_key_makes_the_person_a_manager(run: Run, engine_url: str) -> None:
    create = ("keys", "create", "--role", "manager", "--name", "for the story")

    nobody = run(*create)
    assert (nobody.returncode, nobody.stdout) == (1, "")
    assert "whose key it is" in nobody.stderr
    nonsense = run(*create, "--email", "nobody")
    assert nonsense.returncode == 2
    assert nonsense.stderr.startswith("--email: ")
    made = run(*create, "--email", "Jo.Bloggs@service.example")

    with house(engine_url) as service:
        client = service.visitor(json.loads(made.stdout)["key"])
        [jo] = client.get("/api/v1/people", params={"staff": True}).json()["items"]
        assert (jo["name"], jo["staff_role"]) == ("Jo Bloggs", "manager")


def test_an_import_of_organisations_is_rehearsed_then_done(run: Run, engine_url: str, tmp_path: Path) -> None:
    file = tmp_path / "organisations.csv"
    with file.open("w", encoding="utf-8-sig", newline="") as opened:
        rows = csv.writer(opened)
        rows.writerow(["Name", "kind", "nation", "area", "code", "partner", "succeeded_by"])
        rows.writerow(["Westmorland and Furness Council", "council", "", "north_west", "E06000064", "", ""])
        rows.writerow(["Eden District Council", "council", "", "north_west", "E07000030", "no", "E06000064"])
        rows.writerow([])
        rows.writerow(["Durham University", "university", "", "north_east", "", "yes", ""])

    def names() -> list[tuple[str, bool, bool]]:
        with house(engine_url) as service:
            found = service.database.read(lambda unit: directory.organisations(unit, limit=50))
            return [(body.name, body.partner, body.succeeded_by_id is not None) for body in found]

    unknown = run("import", "organisations", str(file))
    assert unknown.returncode == 1
    assert "2.succeeded_by: There is no organisation called E06000064." in unknown.stderr
    assert names() == []
    file.write_text(file.read_text("utf-8-sig").replace("no,E06000064", "no,Westmorland and Furness Council"), "utf-8")
    rehearsed = run("import", "organisations", str(file), "--dry-run")
    assert (rehearsed.returncode, rehearsed.stderr) == (0, "")
    assert rehearsed.stdout.startswith("3 rows: 3 created, 0 updated, 0 unchanged, 0 refused.")
    assert names() == []
    assert run("import", "organisations", str(file)).returncode == 0
    assert names() == [
        ("Durham University", True, False),
        ("Eden District Council", False, True),
        ("Westmorland and Furness Council", False, False),
    ]
    again = run("import", "organisations", str(file))
    assert again.stdout == "3 rows: 0 created, 0 updated, 3 unchanged, 0 refused.\n"


def test_an_import_of_researchers_comes_in_whole_or_not_at_all(run: Run, engine_url: str, tmp_path: Path) -> None:
    run("keys", "create", "--role", "university", "--organisation", "Durham University", "--name", "x")
    lin = {"name": "Lin", "email": "lin@durham.example", "capacity_days": 3, "organisation": "Durham University"}
    file = tmp_path / "researchers.json"

    def known() -> list[str]:
        with house(engine_url) as service:
            return list(service.database.read(lambda unit: unit.exec(select(Researcher.name)).all()))

    file.write_text(json.dumps({"researchers": [lin, lin | {"email": "sam"}]}), "utf-8")
    refused = run("import", "researchers", str(file))
    assert refused.returncode == 1
    assert "2.email" in refused.stderr
    assert known() == []
    rehearsed = run("import", "researchers", str(file), "--dry-run")
    assert (rehearsed.returncode, known()) == (1, [])
    assert "row 2: email:" in rehearsed.stderr
    file.write_text(json.dumps([lin]), "utf-8")
    assert run("import", "researchers", str(file)).returncode == 0
    assert known() == ["Lin"]

    sheet = tmp_path / "researchers.csv"
    heading = "organisation;name;email;capacity_days\r\nDurham University;Lin;lin@durham.example;3\r\n"
    sheet.write_text(heading + "Durham University;Sam Müller;sam;4\r\n", "cp1252")
    refused = run("import", "researchers", str(sheet))
    assert (refused.returncode, known()) == (1, ["Lin"])
    assert "line 3: 2.email:" in refused.stderr
    sheet.write_text(heading + "Durham University;Sam Müller;sam@durham.example;4\r\n", "cp1252")
    taken = run("import", "researchers", str(sheet))
    assert taken.stdout == "2 rows: 1 created, 0 updated, 1 unchanged, 0 refused.\n"
    assert known() == ["Lin", "Sam Müller"]


def test_an_earlier_services_log_comes_in_through_a_map_of_its_words(run: Run, tmp_path: Path) -> None:
    words, log = tmp_path / "words.json", tmp_path / "log.csv"
    words.write_text(
        json.dumps({"Logged": "triage", "Filed": None, "Done": {"state": "closed", "outcome": "answered"}})
    )
    heading = "reference,state,entered_at\n"
    log.write_text(heading + "A,Done,03/06/2025\nA,Logged,2025-06-02\nA,Filed,2025-06-04\nB,Thinking,2025-06-04\n")
    arguments = ("import", "history", str(log), "--map", str(words))

    refused = run(*arguments)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.startswith("line 5: state: “Thinking” is none of ours. There is: draft, triage,")
    assert "1 of 3 rows cannot be taken, so none was." in refused.stderr
    log.write_text(log.read_text("utf-8").replace("Thinking", "Logged"), "utf-8")
    assert run(*arguments).stdout.splitlines() == [
        "3 rows: 3 created, 0 updated, 0 unchanged, 0 refused.",
        "Left out, as drafts or because the map says so: 1 rows.",
        "Cases: 1 closed, 1 open.",
    ]
    assert run(*arguments).stdout.startswith("3 rows: 0 created, 0 updated, 3 unchanged, 0 refused.")
    assert run("import", "organisations", str(log), "--replace").returncode == 2


def test_a_file_that_cannot_be_read_is_told_in_a_sentence(sqlite_url: str, tmp_path: Path) -> None:
    (tmp_path / "book.xlsx").write_bytes(b"PK\x03\x04")
    for arguments in (
        ("organisations", "absent.csv"),
        ("researchers", "researchers.csv"),
        ("researchers", "absent.json"),
        ("researchers", "book.xlsx"),
        ("history", "absent.csv"),
        ("history", "book.xlsx", "--map", "absent.json"),
    ):
        refused = running(tmp_path, "import", *arguments, DATABASE_URL=sqlite_url)
        assert refused.returncode == 2
        assert len(refused.stderr.splitlines()) == 1


def test_settings_that_cannot_be_used_are_told_one_a_line(tmp_path: Path) -> None:
    refused = running(tmp_path, "check", TICK_SECONDS="0", ENVIRONMENT="testing", PORT="many")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert len(refused.stderr.splitlines()) == 3
    for words in ("TICK_SECONDS", "ENVIRONMENT", "PORT"):
        assert words in refused.stderr
    clock = running(tmp_path, "migrate", CLOCK="file:absent.txt", DATABASE_URL=f"sqlite:///{tmp_path}/a.db")
    assert clock.returncode == 2
    assert "cannot read the clock file absent.txt" in clock.stderr
    assert running(tmp_path, "serve", "--workers", "0").returncode == 2
    unsafe = {"ENVIRONMENT": "production", "SECRET_KEY": "x" * 40, "BASE_URL": "http://ask.example.org"}
    assert "BASE_URL begins with https://" in running(tmp_path, "check", **unsafe).stderr


def test_an_env_file_is_read_in_development_only(engines: Engines, tmp_path: Path) -> None:
    url = engines["sqlite"].migrated()
    (tmp_path / ".env").write_text(f"DATABASE_URL={url}\n", "utf-8")
    assert running(tmp_path, "check").returncode == 0
    strict = {"ENVIRONMENT": "production", "BASE_URL": "https://ask.example.org", "SECRET_KEY": "x" * 40}
    assert "var/service.db" in running(tmp_path, "check", **strict).stderr
    engines["sqlite"].drop(url)


def test_check_prints_a_line_for_each_thing_that_cannot_be(run: Run, engine_url: str) -> None:
    with house(engine_url) as service:
        manager = service.client("manager")
        body = {"question": "Does it work?", "enquirer": {"name": "Pat", "email": "pat@council.example"}}
        reference = manager.post("/api/v1/enquiries", json=body).json()["reference"]

        def plant(unit: Unit) -> None:
            enquiry = unit.exec(select(Enquiry).where(Enquiry.reference == reference)).one()
            enquiry.state = "closed"
            unit.add(enquiry)

        service.database.transact(plant)

    broken = run("check")

    assert broken.returncode == 1
    assert reference in broken.stdout
    assert broken.stdout.endswith(" broken.\n")


def test_the_machines_are_told_without_a_database(tmp_path: Path) -> None:
    drawn = running(tmp_path, "workflow", "--format", "mermaid")
    assert drawn.stdout == as_mermaid()
    told = running(tmp_path, "workflow", "--format", "json")
    assert json.loads(told.stdout) == json.loads(json.dumps(as_data()))


# -------------------------------------------------------------------------------------------------------------- serving


def schedulers_of(process: int) -> list[int]:
    """Return the schedulers that belong to a server, alive."""
    listing = subprocess.run(["ps", "-eo", "pid=,stat=,args="], capture_output=True, text=True, check=True).stdout
    lines = [line.split(None, 2) for line in listing.splitlines()]
    wanted = f"service work --parent {process}"
    return [int(pid) for pid, state, arguments in lines if arguments.endswith(wanted) and not state.startswith("Z")]


def until(found: Callable[[], object], patience: float = 60) -> None:
    """Return once `found` is true; fail when it does not come true."""
    deadline = time.monotonic() + patience
    while not found():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.05)


def is_answering(url: str) -> bool:
    try:
        return httpx.get(f"{url}/healthz", timeout=2).is_success
    except httpx.TransportError:
        return False


@pytest.fixture
def environment(sqlite_url: str) -> Mapping[str, str]:
    return {
        "DATABASE_URL": sqlite_url,
        "SECRET_KEY": "a secret for tests, long enough to sign with",
        "TICK_SECONDS": "1",
    }


@pytest.fixture
def served(environment: Mapping[str, str], tmp_path: Path) -> Iterator[Service]:
    service = start(environment, folder=tmp_path, afresh=True)
    yield service
    service.kill()


def test_who_listens_is_ready_because_the_scheduler_ticked_first(served: Service) -> None:
    ready = httpx.get(f"{served.url}/readyz")

    assert ready.status_code == 200
    assert ready.json()["checks"]["heartbeat"]["ok"] is True
    assert len(schedulers_of(served.process.pid)) == 1


def test_no_scheduler_outlives_a_server_that_was_killed(served: Service) -> None:
    server = served.process.pid
    assert schedulers_of(server)

    served.process.send_signal(signal.SIGKILL)  # the server alone, not its group
    served.process.wait()

    until(lambda: not schedulers_of(server), 20)


def test_a_scheduler_that_dies_is_started_again(served: Service) -> None:
    [first] = schedulers_of(served.process.pid)

    os.kill(first, signal.SIGKILL)

    until(lambda: schedulers_of(served.process.pid) not in ([], [first]))
    assert is_answering(served.url)
    assert "is started again" in served.output()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_server_that_is_asked_to_stop_takes_its_scheduler_along(served: Service, number: signal.Signals) -> None:
    server = served.process.pid

    served.process.send_signal(number)

    assert served.process.wait(40) == 0
    assert schedulers_of(server) == []
    assert "Traceback" not in served.output()


def test_a_port_that_is_taken_is_told_and_nothing_is_left_running(
    environment: Mapping[str, str], tmp_path: Path
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        refused = running(tmp_path, "serve", "--port", str(taken.getsockname()[1]), **environment)
    assert refused.returncode not in {0, None}
    assert "in use" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_several_processes_answer_on_one_port_and_end_with_the_one_that_started_them(
    environment: Mapping[str, str], tmp_path: Path
) -> None:
    service = start(environment, folder=tmp_path, arguments=("--workers", "2"), afresh=True)
    try:
        assert httpx.get(f"{service.url}/readyz").status_code == 200
        server = service.process.pid
        service.process.send_signal(signal.SIGKILL)
        service.process.wait()
        until(lambda: not is_answering(service.url))
        until(lambda: not schedulers_of(server))
    finally:
        service.kill()


def test_an_external_scheduler_is_somebody_elses_to_start(environment: Mapping[str, str], tmp_path: Path) -> None:
    service = start({**environment, "SCHEDULER": "external"}, folder=tmp_path, afresh=True)
    try:
        assert schedulers_of(service.process.pid) == []
        assert httpx.get(f"{service.url}/readyz").status_code == 503
        assert running(tmp_path, "work", "--once", **environment).returncode == 0
        assert httpx.get(f"{service.url}/readyz").status_code == 200
    finally:
        service.stop()


def test_the_port_comes_from_the_environment_and_from_the_command_line_first(
    environment: Mapping[str, str], tmp_path: Path
) -> None:
    port = free_port()
    service = start({**environment, "SCHEDULER": "off", "PORT": "1"}, folder=tmp_path, port=port, afresh=True)
    try:
        assert is_answering(f"http://127.0.0.1:{port}")
    finally:
        service.stop()


def test_business_time_of_a_file_is_what_the_server_goes_by(environment: Mapping[str, str], tmp_path: Path) -> None:
    clock = tmp_path / "now.txt"
    clock.write_text(MONDAY.isoformat(), "utf-8")
    moved = {**environment, "CLOCK": f"file:{clock}", "SCHEDULER": "off"}
    key = json.loads(
        running(
            tmp_path, "keys", "create", "--role", "manager", "--email", "mo@s.example", "--name", "x", **moved
        ).stdout
    )
    service = start(moved, folder=tmp_path, afresh=True)
    try:
        headers = {"Authorization": f"Bearer {key['key']}"}
        shown = httpx.get(f"{service.url}/api/v1/api-keys/{key['id']}", headers=headers).json()
        assert shown["created_at"] == "2026-11-23T09:30:00Z"
    finally:
        service.stop()


@pytest.fixture
def elsewhere(engine: EngineName, engines: Engines) -> Iterator[str]:
    """The address of an empty database on the other engine."""
    other: EngineName = "postgresql" if engine == "sqlite" else "sqlite"
    url = engines[other].empty()
    yield url
    engines[other].drop(url)


def _with_files(url: str, files: int) -> None:
    """Ask something, with files that take a while to come back."""
    with house(url) as service:
        body = {"question": "Is it kept?", "enquirer": {"name": "Pat", "email": "pat@council.example"}}
        assert service.client("manager").post("/api/v1/enquiries", json=body).status_code == 201

        def attach(unit: Unit) -> None:
            asked = unit.exec(select(Enquiry.id)).one()
            content = os.urandom(6_000_000)
            for number in range(files):
                unit.add(
                    Attachment(
                        enquiry_id=asked,
                        filename=f"{number}.pdf",
                        media_type="application/pdf",
                        size=len(content),
                        sha256="",
                        visibility="manager",
                        content=content,
                        uploaded_at=service.clock.now(),
                    )
                )

        service.database.transact(attach)


def _is_loading(url: str) -> bool:
    """Tell whether rows are on their way into this database."""
    if url.startswith("sqlite:///"):
        written = Path(url.removeprefix("sqlite:///") + "-wal")
        return written.exists() and written.stat().st_size > 4_000_000
    with psycopg.connect(url) as connection:
        found = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'INSERT INTO attachment%'"
        ).fetchone()
    return found is not None and found[0] > 0


def test_a_backup_comes_back_elsewhere_and_a_restore_killed_half_way_leaves_nothing(
    engine_url: str, elsewhere: str, tmp_path: Path
) -> None:
    run = partial(running_warm, tmp_path, DATABASE_URL=engine_url)
    _with_files(engine_url, 2)
    file = str(tmp_path / "kept.eea")

    taken = run("backup", file)
    assert (taken.returncode, taken.stderr) == (0, "")
    assert "1 enquiries, schema" in taken.stdout
    whole = run("backup", file, "--verify")
    assert whole.stdout.splitlines()[1] == taken.stdout.splitlines()[1]

    settings = _surroundings(tmp_path, {"DATABASE_URL": elsewhere})
    killed = Forked(("restore", file), environment=settings, folder=tmp_path, output=tmp_path / "killed")
    while not _is_loading(elsewhere):
        assert killed.poll() is None, "it ended before it could be killed"
        time.sleep(0.002)
    killed.send_signal(signal.SIGKILL)
    assert killed.wait(30) == -signal.SIGKILL
    half = running_warm(tmp_path, "check", DATABASE_URL=elsewhere)
    assert (half.returncode, "schema is at nothing" in half.stderr) == (2, True)

    restored = running_warm(tmp_path, "restore", file, DATABASE_URL=elsewhere)
    assert (restored.returncode, restored.stderr) == (0, "")
    assert "messages that were still to be sent are set aside" in restored.stdout
    assert running_warm(tmp_path, "check", DATABASE_URL=elsewhere).stdout == "Everything holds.\n"
    refused = running_warm(tmp_path, "restore", file, DATABASE_URL=elsewhere)
    assert (refused.returncode, "in use" in refused.stdout) == (1, True)

    Path(file).write_bytes(Path(file).read_bytes()[:-9])
    damaged = run("backup", file, "--verify")
    assert (damaged.returncode, "damaged" in damaged.stdout) == (1, True)
    missing = run("backup", str(tmp_path / "nowhere" / "x.eea"))
    assert (missing.returncode, "No such file" in missing.stderr) == (2, True)


def test_older_code_runs_with_a_schema_that_took_nothing_away_from_it(engine_url: str, tmp_path: Path) -> None:
    run = partial(running_warm, tmp_path, DATABASE_URL=engine_url)

    def come_to(revision: str, floor: str) -> None:
        database = Database(engine_url)
        with migration.altering(database) as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :it"), {"it": revision})
            connection.execute(text("UPDATE service_state SET value = :it WHERE key = 'schema_floor'"), {"it": floor})
        database.dispose()

    first = migration.revisions()[0]
    come_to("9999", migration.revisions()[-1])
    migrated = run("migrate")
    assert (migrated.returncode, migrated.stdout) == (
        0,
        "The schema is at 9999, newer than this version, which runs with it.\n",
    )
    assert run("check").returncode == 0
    unsure = run("backup", "x.eea")
    assert (unsure.returncode, "newer than this version" in unsure.stderr) == (2, True)

    come_to("9999", "9998")
    for command in (("serve",), ("work", "--once"), ("migrate",)):
        refused = run(*command)
        assert (refused.returncode, refused.stdout) == (2, "")
        assert "Run the newer version" in refused.stderr

    come_to(first, first)
    behind = run("work", "--once")
    assert (behind.returncode, "python -m service migrate" in behind.stderr) == (2, True)


def test_an_answer_does_not_wait_until_its_head_was_acknowledged() -> None:
    config = uvicorn.Config("service.main:app_from_environment", host="127.0.0.1", port=0, log_config=None)
    with listening(config) as listener:
        listener.listen()
        with socket.create_connection(listener.getsockname()), listener.accept()[0] as accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_reader_who_has_had_enough_is_no_fault(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "service", "workflow", "--format", "json"]
    try:
        done = subprocess.run(
            command, cwd=tmp_path, env=_surroundings(tmp_path, {}), stdout=writing, stderr=subprocess.PIPE, check=False
        )
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (1, b"")
