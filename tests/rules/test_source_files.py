"""Files of rows: read as they are written, or refused in a sentence."""

from pathlib import Path

import pytest

from service.sources.files import Unreadable, read_rows


@pytest.mark.parametrize(
    ("name", "content", "rows"),
    [
        ("plain.json", '[{"name": "A", "partner": true}]', [{"name": "A", "partner": True}]),
        ("named.json", '{"organisations": [{"name": "A"}]}', [{"name": "A"}]),
        ("nothing.json", "[]", []),
        ("excel.csv", "\ufeffName ,Kind\r\nCafé, council \r\n", [{"name": "Café", "kind": "council"}]),
        ("gaps.csv", "name,kind\n\nA,\n , \nB,nhs\n", [{"name": "A"}, {"name": "B", "kind": "nhs"}]),
        ("quoted.csv", 'name\n"A, B\nand ""C"""\n', [{"name": 'A, B\nand "C"'}]),
        ("short.csv", "name,kind\nA\n", [{"name": "A"}]),
    ],
)
def test_rows_are_what_the_file_says(tmp_path: Path, name: str, content: str, rows: list[dict[str, object]]) -> None:
    path = tmp_path / name
    path.write_bytes(content.encode())

    assert read_rows(path, "organisations") == rows


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("absent.json", None, "cannot be read"),
        ("broken.json", b"[{", "is not JSON"),
        ("deep.json", b"[" * 100_000, "is not JSON"),
        ("other.json", b"{}", "neither a list"),
        ("said.json", b'[{"a": 1}, {"name": "A", "name": "B"}]', "/1/name is there twice"),
        ("nan.json", b'[{"a": NaN}]', "is not JSON"),
        ("numbers.json", b"[1]", "neither a list"),
        ("latin.csv", "name\nCaf\xe9".encode("latin-1"), "not UTF-8"),
        ("twice.csv", b"name,Name\na,b", "names differ"),
        ("long.csv", b"name\na,b", "line 2 has more cells"),
        ("quote.csv", b'name\n"a', "is not CSV"),
        ("empty.csv", b"", "names differ"),
    ],
)
def test_what_cannot_be_read_is_told_in_a_sentence(
    tmp_path: Path, name: str, content: bytes | None, words: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(Unreadable, match=words):
        read_rows(path, "organisations")
