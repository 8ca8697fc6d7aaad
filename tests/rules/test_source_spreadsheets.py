"""Researchers in a spreadsheet: whatever the spreadsheet wrote, the rows are the same; what cannot be read is told."""

import os
from pathlib import Path

import pytest

from service.sources.files import Unreadable
from service.sources.researcher_rows import read_researchers

HEAD = "name,email,capacity_days"
PLAIN = (
    f"{HEAD},keywords,available_from,statement\r\nÉva O’Hara,eva@u.example,30,fuel poverty; café,11/01/2027,Line\r\n"
)
EVA = {
    "name": "Éva O’Hara",
    "email": "eva@u.example",
    "capacity_days": 30,
    "keywords": ["fuel poverty", "café"],
    "available_from": "2027-01-11",
    "statement": "Line",
}


def rows(text: str, encoding: str = "utf-8") -> list[dict[str, object]]:
    return read_researchers(text.encode(encoding))[0]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (PLAIN, "utf-8"),
        (PLAIN, "utf-8-sig"),
        (PLAIN, "cp1252"),
        (PLAIN.replace("\r\n", "\n"), "utf-8"),
        (PLAIN.replace("\r\n", "\r"), "utf-8"),
        (PLAIN.replace(",", "\t"), "utf-16"),
        ("sep=;\r\n" + PLAIN.replace(";", "§").replace(",", ";").replace("poverty§ café", '"').replace('fuel "', '"fuel poverty; café"'), "cp1252"),
        ("\r\n,,,,,\r\n" + PLAIN.replace("\r\n", ",,\r\n") + "\r\n,,,\r\n \r\n", "utf-8"),
        (PLAIN.replace(HEAD, "Name , E-mail,Capacity Days").replace("E-mail", "EMAIL"), "utf-8"),
        (PLAIN.replace(",30,", ',"=""30""",').replace("Line", "'Line"), "utf-8"),
    ],
)  # fmt: skip
def test_every_spreadsheet_says_the_same(text: str, encoding: str) -> None:
    expected = {**EVA, "statement": "'Line"} if "'Line" in text else EVA
    assert rows(text, encoding) == [expected]


def test_a_quoted_cell_keeps_its_lines_and_rows_know_theirs() -> None:
    text = f'{HEAD},statement\nA,a@u.example,1,"One, ""two""\nthree"\n\nB,b@u.example,2.0,\'=1\nC,c@u.example,x,\n'
    found, origins = read_researchers(text.encode())
    assert [row.get("statement") for row in found] == ['One, "two"\nthree', "=1", None]
    assert [row["capacity_days"] for row in found] == [1, 2, "x"]
    assert [origin.line for origin in origins] == [2, 5, 6]
    assert origins[2].place("capacity_days") == (6, "capacity_days")


def test_further_rows_add_publications_and_say_nothing_else() -> None:
    text = (
        f"external_id,{HEAD},methods,topics,career_stage,hidden,publication_title,publication_year,publication_doi\n"
        "D-1,Lin,Lin@u.example,30,Realist review or evaluation; sewing,HOMES,Mid career,No,Warm,2025,\n"
        ",,lin@u.example,,,,,,Cold,2021,10.1/x\n"
        "D-1,,,,,,,,Mild,,\n"
        "D-1,Lin,Lin@u.example,30,Realist review or evaluation; sewing,HOMES,Mid career,No,Warm,2025,\n"
    )
    [lin], [origin] = read_researchers(text.encode())
    assert lin == {
        "external_id": "D-1", "name": "Lin", "email": "Lin@u.example", "capacity_days": 30, "hidden": False,
        "methods": ["realist", "sewing"], "topics": ["homes"], "career_stage": "mid",
        "publications": [{"title": "Warm", "year": 2025}, {"title": "Cold", "year": 2021, "doi": "10.1/x"}, {"title": "Mild"}],
    }  # fmt: skip
    assert [origin.place(f"publications.{number}.doi") for number in (0, 1, 2)] == [
        (2, "publication_doi"), (3, "publication_doi"), (4, "publication_doi"),
    ]  # fmt: skip
    assert not origin.faults


def test_a_row_that_contradicts_another_and_a_formula_are_faults_with_their_place() -> None:
    text = f"{HEAD},statement\nLin,lin@u.example,30,\nLyn,lin@u.example,30,=A1\nSam,sam@u.example,#REF!,\n"
    _, origins = read_researchers(text.encode())
    assert [(line, column) for origin in origins for line, column, _ in origin.faults] == [
        (3, "name"), (3, "statement"), (4, "capacity_days"),
    ]  # fmt: skip
    assert "Line 2 is about the same person" in origins[0].faults[0][2]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04rest", "choose Save As .* “CSV UTF-8"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "older Excel workbook, not CSV"),
        (b"", "is empty"),
        (b"\n,,\n", "is empty"),
        (b"name,email\na,b", "no column capacity_days"),
        (f"{HEAD},shoe size\n".encode(), "nobody knows the column “shoe size”: the columns are organisation, external_id"),
        (f"{HEAD},Name\n".encode(), "name is there twice"),
        (f"{HEAD}\nA, B,a@u.example,3\n".encode(), "line 2 has a cell under no heading"),
        (f"{HEAD},\nA,a@u.example,3,x\n".encode(), "line 2 has a cell under no heading"),
        (f'{HEAD}\nA,a@u.example,3\n\n"B,b@u.example,3\n'.encode(), "row that begins on line 4 cannot be read"),
        (f"{HEAD}\nA,a@u.example,{'3' * 200_000}\n".encode(), "line 2 cannot be read: field larger"),
        (b"name\x00,email", "it is no text"),
        (HEAD.encode("utf-16-le"), "it is no text"),
    ],
)  # fmt: skip
def test_what_is_no_such_table_is_told_in_a_sentence(content: bytes, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        read_researchers(content)


def spreadsheets() -> dict[str, bytes]:
    """The same small table as programs save it; more of them where REAL_DATA leads to some."""
    found = {"ours.csv": b"phone number\n07700900460\n", "ours.xlsx": b"PK\x03\x04", "ours.xls": b"\xd0\xcf\x11\xe0"}
    if folder := os.environ.get("REAL_DATA"):
        real = sorted(Path(folder, "spreadsheets", "equivalents").iterdir())
        assert len(real) == 8
        found |= {file.name: file.read_bytes() for file in real}
    return found


def test_tables_of_something_else_are_refused_and_workbooks_told_what_to_do() -> None:
    for name, content in spreadsheets().items():
        words = "nobody knows the column" if name.endswith((".csv", ".tsv")) else "choose Save As"
        with pytest.raises(Unreadable, match=words):
            read_researchers(content)
