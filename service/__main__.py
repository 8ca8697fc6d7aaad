"""The command line: `python -m service COMMAND`. Only the command that was asked for is imported."""

import os
import sys
from argparse import SUPPRESS, ArgumentParser, _SubParsersAction
from collections.abc import Sequence
from importlib import import_module

from service import __version__
from service.commands import Refused
from service.errors import Problem
from service.lasting import lasting
from service.settings import SettingsProblem, load

UNUSABLE = 2
"""The exit status for a command line or settings that cannot be used; a command that ran and failed answers 1."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    asked = _parser().parse_args(arguments)
    try:
        settings = load()
    except SettingsProblem as problem:
        print(problem, file=sys.stderr)
        return UNUSABLE
    try:
        with lasting():
            command = import_module(f"service.commands.{asked.module}")
        status: int = command.run(settings, asked)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever reads has had enough (`… | head`): that is no fault, and nothing more can be said.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Refused as refused:
        print(refused, file=sys.stderr)
        return UNUSABLE
    except Problem as problem:
        print(problem.detail, file=sys.stderr)
        for error in problem.errors:
            if error["message"] != problem.detail:
                line = f"line {error['line']}: " if "line" in error else ""
                print(f"  {line}{error['field']}: {error['message']}", file=sys.stderr)
        return 1
    return status


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="python -m service", description="Evidence Enquiry Service")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    serve = commands.add_parser("serve", help="serve the web, with one scheduler beside it")
    serve.set_defaults(module="serve")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=_port, help="PORT when left out")
    serve.add_argument("--workers", type=_positive, default=1, help="processes that answer requests (1)")

    work = commands.add_parser("work", help="run the scheduler alone")
    work.set_defaults(module="work")
    work.add_argument("--once", action="store_true", help="tick until nothing is due, then end")
    work.add_argument("--parent", type=int, help=SUPPRESS)

    commands.add_parser("migrate", help="bring the database's schema to head").set_defaults(module="migrate")
    commands.add_parser("demo", help="fill an empty database with an invented year").set_defaults(module="demo")
    _add_keys(commands.add_parser("keys", help="make API keys"))
    _add_accounts(commands.add_parser("accounts", help="let another work account stand for somebody of the team"))

    imports = commands.add_parser("import", help="bring in a file, all of it or nothing")
    imports.set_defaults(module="imports")
    imports.add_argument("what", choices=("organisations", "researchers", "history"))
    imports.add_argument("file", metavar="FILE", help="JSON where its name ends in .json, else CSV")
    imports.add_argument("--dry-run", action="store_true", help="say what would happen, and change nothing")
    imports.add_argument(
        "--map", dest="words", metavar="FILE", help="history: from another service's words to our states"
    )
    imports.add_argument(
        "--replace", action="store_true", help="history: the file is right where a case came in otherwise"
    )

    _add_governance(commands)
    report = commands.add_parser("report", help="write the yearly report (PDF) that everybody may read")
    report.set_defaults(module="report")
    report.add_argument("year", metavar="YEAR", help="2026, or 2026-27 for April 2026 to March 2027; it must be over")
    report.add_argument("--output", metavar="FILE", required=True, help="replaced where it is there")
    report.add_argument("--as-of", metavar="DATE", help="a later month's end than that of the year")

    backup = commands.add_parser("backup", help="write everything to one file, while the service runs")
    backup.set_defaults(module="backup")
    backup.add_argument("file", metavar="FILE", help="replaced, once the new one is whole")
    backup.add_argument("--verify", action="store_true", help="read FILE and say whether it is whole")

    restore = commands.add_parser("restore", help="fill an empty database from a backup, all of it or nothing")
    restore.set_defaults(module="restore")
    restore.add_argument("file", metavar="FILE")
    restore.add_argument(
        "--queued",
        choices=("aside", "send"),
        default="aside",
        help="what becomes of mail that was still to be sent (aside: people decide)",
    )

    commands.add_parser("check", help="look for what cannot be").set_defaults(module="check")
    _add_reminders(
        commands.add_parser("reminders", help="list the reminder rules, rehearse one, let it loose, stop it")
    )

    workflow = commands.add_parser("workflow", help="print the machines")
    workflow.set_defaults(module="workflow")
    workflow.add_argument("--format", choices=("mermaid", "json"), default="mermaid")
    return parser


def _add_governance(commands: "_SubParsersAction[ArgumentParser]") -> None:
    hold = commands.add_parser("legal-hold", help="keep everything of an enquiry, or end that")
    hold.set_defaults(module="legal_hold")
    hold.add_argument("reference", metavar="REF")
    hold.add_argument("switch", choices=("on", "off"))
    hold.add_argument("--reason", metavar="TEXT", help="why: required for on")
    _by(hold)

    erase = commands.add_parser("erase", help="erase a person's data, and say what has to stay").add_subparsers(
        title="what", required=True, metavar="WHAT"
    )
    subject = erase.add_parser("subject", help="whoever has this address")
    subject.set_defaults(module="erase")
    subject.add_argument("email", metavar="EMAIL")
    subject.add_argument("--dry-run", action="store_true", help="say the same, and change nothing")
    _by(subject)

    export = commands.add_parser("export", help="write down all of an enquiry, or all about a person").add_subparsers(
        title="what", required=True, metavar="WHAT"
    )
    for what, whom, sentence in (
        ("enquiry", "REF", "its dossier: conversation, notes, papers, files, events, letters"),
        ("subject", "EMAIL", "what is held about a person, and what to read before it leaves"),
    ):
        one = export.add_parser(what, help=sentence)
        one.set_defaults(module="export", what=what)
        one.add_argument("whom", metavar=whom)
        one.add_argument("folder", metavar="DIR", help="an empty folder, or one that is not there yet")
        _by(one)

    disclose = commands.add_parser(
        "disclose", help="find everything that words stand in, for a request for information"
    )
    disclose.set_defaults(module="disclose")
    disclose.add_argument("query", metavar="QUERY", help="every word has to stand there; in quotation marks, together")
    disclose.add_argument("folder", metavar="DIR", help="an empty folder, or one that is not there yet")
    _by(disclose)

    retention = commands.add_parser("retention", help="destroy what has been kept its time")
    retention.set_defaults(module="retention")
    retention.add_argument("--dry-run", action="store_true", help="say what would go, and what is held; change nothing")


def _by(parser: ArgumentParser) -> None:
    parser.add_argument("--by", metavar="EMAIL", help="who of the team asks for it: named in who changed what")


def _add_reminders(reminders: ArgumentParser) -> None:
    reminders.set_defaults(module="reminders")
    reminders.add_argument("rule", nargs="?", metavar="RULE", help="a rule's code; all are listed when left out")
    what = reminders.add_mutually_exclusive_group()
    what.add_argument("--dry-run", action="store_true", help="say whom it would write to, and write nothing")
    what.add_argument("--from", dest="since", metavar="INSTANT", help="write about what happens from then on")
    what.add_argument("--stop", action="store_true", help="write nothing until it is let loose again")


def _add_keys(keys: ArgumentParser) -> None:
    create = keys.add_subparsers(title="actions", required=True, metavar="ACTION").add_parser(
        "create", help="make a key and show it once, on one line of JSON"
    )
    create.set_defaults(module="keys")
    create.add_argument(
        "--role", required=True, choices=("manager", "service_lead", "university", "funder", "operator")
    )
    create.add_argument("--organisation", metavar="NAME", help="required for university; added when unknown")
    create.add_argument("--email", help="required for manager and service_lead; the person is added when unknown")
    create.add_argument("--name", required=True, metavar="TEXT", help="what the key is for")


def _add_accounts(accounts: ArgumentParser) -> None:
    forget = accounts.add_subparsers(title="actions", required=True, metavar="ACTION").add_parser(
        "forget", help="forget which account somebody signed in with, and end their sessions"
    )
    forget.set_defaults(module="accounts")
    forget.add_argument("--email", required=True, metavar="ADDRESS", help="their address here")


def _port(text: str) -> int:
    port = int(text)
    if not 0 < port < 65536:
        raise ValueError
    return port


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


if __name__ == "__main__":
    sys.exit(main())
