"""Mail read as people hand it over: copied from Outlook, Gmail and Apple Mail, saved as a file, or built to do harm."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from service.sources.mail import ReadMail, Unreadable, read_file, read_pasted
from service.sources.mail.headings import read_instant, read_somebody
from service.sources.mail.markup import text_of_html

AT = datetime(2026, 11, 23, 10, 5, tzinfo=UTC)
ANN = "ann@council.example"

OUTLOOK = """From: Ann Asker <Ann@Council.example>
Sent: 23 November 2026 10:05
To: Mo Manager <mo@service.example>; Sam <sam@council.example>
Subject: RE: Warm homes

Hello Mo,

Yes, both wards.

From: Mo Manager <mo@service.example>
Sent: 22 November 2026 16:00
To: Ann Asker <ann@council.example>
Subject: Warm homes

Which wards?
"""
OUTLOOK_AMERICAN = OUTLOOK.replace("23 November 2026 10:05", "Monday, November 23, 2026 10:05 AM")
GMAIL_FORWARD = """Please file this.

---------- Forwarded message ---------
From: Ann Asker <ann@council.example>
Date: Mon, 23 Nov 2026 at 10:05
Subject: RE: Warm homes
To: Mo Manager <mo@service.example>


Hello Mo,

Yes, both wards.

On Sun, 22 Nov 2026 at 16:00, Mo Manager <mo@service.example> wrote:

> Which wards?
"""
GMAIL_OPENED = """Ann Asker <ann@council.example>
\t
Mon, 23 Nov 2026, 10:05 (2 hours ago)
\t
to me

Hello Mo,

Yes, both wards.
"""
APPLE = """Begin forwarded message:

From: Ann Asker <ann@council.example>
Subject: RE: Warm homes
Date: 23 November 2026 at 10:05:00 GMT
To: Mo Manager <mo@service.example>

Hello Mo,

Yes, both wards.

> On 22 Nov 2026, at 16:00, Mo Manager <mo@service.example> wrote:
>
> Which wards?
"""


@pytest.mark.parametrize(
    "text",
    [
        OUTLOOK,
        OUTLOOK_AMERICAN,
        GMAIL_FORWARD,
        GMAIL_OPENED,
        APPLE,
        OUTLOOK.replace("\n", "\r\n"),
        "\ufeff\n" + OUTLOOK,
    ],
    ids=["outlook", "american", "gmail forward", "gmail", "apple", "windows", "blank"],
)
def test_a_copied_mail_tells_who_when_and_what(text: str) -> None:
    read = read_pasted(text)

    assert read.sender is not None
    assert (read.sender.name, read.sender.address) == ("Ann Asker", ANN)
    assert read.sent_at == AT
    assert read.text == "Hello Mo,\n\nYes, both wards."
    assert ("Which wards?" in read.quoted) == (text is not GMAIL_OPENED)
    assert not read.is_automatic


def test_whom_it_went_to_and_what_it_is_about() -> None:
    read = read_pasted(OUTLOOK)

    assert [each.address for each in read.recipients] == ["mo@service.example", "sam@council.example"]
    assert read.subject == "RE: Warm homes"


def test_a_text_without_a_head_is_all_there_is() -> None:
    read = read_pasted("Yes, both wards.\n\nOn Sun, 22 Nov 2026 at 16:00, Mo <mo@service.example> wrote:\n> Which?")

    assert (read.sender, read.sent_at, read.text) == (None, None, "Yes, both wards.")
    assert "Which?" in read.quoted


@pytest.mark.parametrize(
    "text",
    [
        "On Sun, 22 Nov 2026 at 16:00, Mo <mo@service.example> wrote:\n> Which wards?\nBoth.\n> When?\nMarch.",
        "Hello,\n\nOn Sun, 22 Nov 2026 at 16:00, Mo <mo@service.example> wrote:\n> Which wards?\n\nBoth.",
    ],
)
def test_answers_between_and_below_what_is_quoted_are_kept_with_it(text: str) -> None:
    read = read_pasted(text)

    assert "Both." in read.text
    assert "Which wards?" in read.text


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Mon, 23 Nov 2026 10:05:00 +0000", AT),
        ("Mon, 23 Nov 2026 11:05:00 +0100", AT),
        ("23 November 2026 10:05", AT),
        ("23/11/2026 10:05", AT),
        ("2026-11-23T10:05:00Z", AT),
        ("Monday, November 23, 2026 at 10:05 AM", AT),
        ("1 July 2026 10:05", datetime(2026, 7, 1, 9, 5, tzinfo=UTC)),
        ("1 July 2026 10:05 GMT", datetime(2026, 7, 1, 10, 5, tzinfo=UTC)),
        ("1 July 2026, 12:05 am", datetime(2026, 6, 30, 23, 5, tzinfo=UTC)),
        ("31 February 2026 10:05", None),
        ("yesterday", None),
        ("23 November 0001 10:05", None),
        ("9" * 500, None),
        ("", None),
    ],
)
def test_instants_as_programs_write_them(written: str, expected: datetime | None) -> None:
    assert read_instant(written) == expected


@pytest.mark.parametrize(
    ("written", "name", "address"),
    [
        ("Ann Asker <ann@council.example>", "Ann Asker", ANN),
        ('"Asker, Ann" <ANN@council.example>', "Asker, Ann", ANN),
        ("Ann Asker [mailto:ann@council.example]", "Ann Asker", ANN),
        ("ann@council.example", "", ANN),
        ("Ann Asker", "Ann Asker", None),
    ],
)
def test_people_as_programs_write_them(written: str, name: str, address: str | None) -> None:
    found = read_somebody(written)

    assert found is not None
    assert (found.name, found.address) == (name, address)


# ------------------------------------------------------------------------------------------------------------ saved files
def saved(**heads: str) -> EmailMessage:
    message = EmailMessage()
    told = {
        "From": "Ann Asker <ann@council.example>", "To": "Mo <mo@service.example>", "Subject": "Re: Warm homes",
        "Date": "Mon, 23 Nov 2026 10:05:00 +0000", "Message-ID": "<1@council.example>",
    }  # fmt: skip
    for name, value in {**told, **{name.replace("_", "-"): value for name, value in heads.items()}}.items():
        message[name] = value
    message.set_content("Yes, both wards.\n\nOn Sun, 22 Nov 2026 at 16:00, Mo <mo@service.example> wrote:\n> Which?\n")
    return message


def test_a_saved_mail_with_its_files() -> None:
    message = saved(Subject="Zahlen für “Wärme”")
    message.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="Maß.pdf")
    message.add_attachment(
        b"GIF89a", maintype="image", subtype="gif", filename="logo.gif", disposition="inline", cid="<a>"
    )

    read = read_file(message.as_bytes())

    assert read.sender is not None
    assert (read.sender.address, read.sent_at, read.message_id) == (ANN, AT, "<1@council.example>")
    assert (read.subject, read.text) == ("Zahlen für “Wärme”", "Yes, both wards.")
    assert [(each.filename, each.content) for each in read.attached] == [("Maß.pdf", b"%PDF-1.4")]
    assert read.left_out == ("logo.gif",)
    assert read_pasted(saved().as_string()).message_id == "<1@council.example>"


def test_a_saved_mail_in_markup_alone() -> None:
    message = saved()
    message.set_content(
        "<html><head><style>p{}</style></head><body><p>Yes, <b>both</b> wards &amp; more.</p><script>x()</script>"
        "<div>On Sun, 22 Nov 2026 at 16:00, Mo &lt;mo@service.example&gt; wrote:</div>"
        "<blockquote><p>Which?</p></blockquote></body></html>",
        subtype="html",
    )

    assert read_file(message.as_bytes()).text == "Yes, both wards & more."


def test_a_mail_passed_on_inside_another_counts_as_itself() -> None:
    outer = saved(From="Mo <mo@service.example>", Subject="Fwd: Warm homes", Message_ID="<2@service.example>")
    outer.set_content(GMAIL_FORWARD)
    whole = EmailMessage()
    whole["From"], whole["Subject"], whole["Date"] = "mo@service.example", "Fw", "Tue, 24 Nov 2026 10:05:00 +0000"
    whole.add_attachment(saved())

    for read in (read_file(outer.as_bytes()), read_file(whole.as_bytes())):
        assert read.sender is not None
        assert (read.sender.address, read.sent_at, "both wards" in read.text) == (ANN, AT, True)


@pytest.mark.parametrize(
    "heads",
    [
        {"Auto_Submitted": "auto-replied"}, {"Precedence": "auto_reply"}, {"X_Autoreply": "yes"},
        {"Subject": "Automatic reply: Warm homes"}, {"Subject": "Out of office: back on Monday"},
    ],
)  # fmt: skip
def test_what_a_machine_answered_is_known(heads: dict[str, str]) -> None:
    assert read_file(saved(**heads).as_bytes()).is_automatic
    assert not read_file(saved(Auto_Submitted="no").as_bytes()).is_automatic


# ---------------------------------------------------------------------------------------------------------------- hostile
def bomb(depth: int) -> bytes:
    lines = [b"From: a@b.example", b"Date: Mon, 23 Nov 2026 10:05:00 +0000"]
    for level in range(depth):
        lines += [b'Content-Type: multipart/mixed; boundary="b%d"' % level, b"", b"--b%d" % level]
    return b"\n".join([*lines, b"Content-Type: text/plain", b"", b"x"])


HOSTILE: dict[str, bytes] = {
    "empty": b"",
    "not a mail": b"\x00\x01\x02" * 1000,
    "outlook": b"\xd0\xcf\x11\xe0" + b"x" * 100,
    "deep": bomb(2000),
    "shallow": bomb(30),
    "broken charset": b"From: =?nonsense?B?////?= <a@b.example>\nSubject: =?utf-8?B?%%%?=\nContent-Type: text/plain; charset=nonsense\n\n\xff\xfe\x00x",
    "injected": b"From: a@b.example\nSubject: =?utf-8?Q?x=0D=0ABcc:_c@d.example?=\n\nHello",
    "long head": b"From: " + b"a" * 900_000 + b"\nTo: " + b"a@b.example, " * 50_000 + b"\n\nHello",
    "brackets": b"From: " + b"(" * 100_000 + b"<\nSubject: x\n\nHello",
    "surrogates": b"From: a@b.example\nSubject: \xed\xa0\x80\n\n\xed\xa0\x80 Hello",
    "bad dates": b"From: a@b.example\nDate: Mon, 99 Foo 99999 99:99:99 +9999\n\nHello",
    "bad base64": b"From: a@b.example\nContent-Transfer-Encoding: base64\n\n!!!!a",
    "markup": b"From: a@b.example\nContent-Type: text/html\n\n" + b"<div>" * 50_000 + b"x",
    "quotes": b"From: a@b.example\n\n" + b"> " * 100_000,
    "open brackets": b"From: a@b.example\nContent-Type: text/html\n\n" + b"<a '" * 400_000 + b">",
    "open comments": b"From: a@b.example\nContent-Type: text/html\n\n" + b"<!-- >" * 300_000,
    "open sections": b"From: a@b.example\nContent-Type: text/html\n\n" + b"<![CDATA[>" * 200_000,
    "one long line": b"From: a@b.example\nContent-Type: text/html\n\n" + b"x<b>" * 100_000,
    "slow charset": b"From: a@b.example\nContent-Type: text/plain; charset=punycode\n\nabc-" + b"a" * 2_000_000,
    "crowd": b"From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 900_000,
    "parameters": b"From: a@b.example\nContent-Type: multipart/mixed; " + b"a=x; " * 500_000 + b"\n\nx",
    "wrote": b"From: a@b.example\n\n" + b"On Mon " * 25_000,
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_read_or_refused_calmly(content: bytes) -> None:
    begun = time.monotonic()
    readers: list[Callable[[], ReadMail]] = [
        lambda: read_file(content),
        lambda: read_pasted(content.decode("latin-1")),
    ]
    for read in readers:
        try:
            found = read()
        except Unreadable:
            continue
        whole = repr((found.sender, found.recipients, found.subject))
        assert "\n" not in found.subject
        assert "\ud800" not in whole + found.text
        assert "\x00" not in whole + found.text
    assert time.monotonic() - begun < 10


def test_a_mail_too_long_to_be_one_is_refused() -> None:
    for text in ("x" * 200_001, "x\n" * 3_100):
        with pytest.raises(Unreadable, match="too long"):
            read_pasted(text)


def test_markup_keeps_words_apart() -> None:
    assert text_of_html("one <b>two</b> <i>three</i><br>four<p>five") == "one two three\nfour\n\nfive"


def test_everything_read_is_a_mail() -> None:
    assert isinstance(read_pasted("Hello"), ReadMail)
