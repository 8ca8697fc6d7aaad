"""The folder an export is written to: empty before, readable by its owner alone, with names no file system trips over."""

import html
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from service.commands import Refused

_STYLE = """body{font:1rem/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#0b0c0c}
article{border-top:1px solid #b1b4b6;padding:.75rem 0}h3{margin:.25rem 0}dt{font-weight:bold}dd{margin:0 0 .5rem;white-space:pre-wrap;overflow-wrap:anywhere}
.mark{background:#ffdd00;padding:0 .25rem}.muted{color:#505a5f}"""
_MOST_NAME = 80


class Folder:
    """Where an export is written. Raises Refused for one that is not empty or cannot be made."""

    def __init__(self, path: str) -> None:
        self.path = Path(path)
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            is_empty = not any(self.path.iterdir())
        except OSError as problem:
            raise Refused(f"{path} cannot be written to: {problem.strerror}.") from problem
        if not is_empty:
            raise Refused(f"{path} is not empty. Name a folder that is empty, or one that is not there yet.")

    def write(self, name: str, content: str | bytes) -> None:
        """Write a file that nobody else can read."""
        path = self.path / name
        path.parent.mkdir(mode=0o700, exist_ok=True)
        with path.open("xb") as file:
            path.chmod(0o600)
            file.write(content.encode("utf-8") if isinstance(content, str) else content)

    def write_json(self, name: str, told: object) -> None:
        """Write a document for machines."""
        self.write(name, json.dumps(told, ensure_ascii=False, indent=2) + "\n")

    def write_page(self, name: str, title: str, sections: Iterable[tuple[str, Sequence[str]]]) -> None:
        """Write a page for people: a heading, and under it what was made with `article`."""
        body = "".join(
            f"<section><h2>{escaped(heading)}</h2>{''.join(parts)}</section>" for heading, parts in sections if parts
        )
        self.write(
            name,
            f'<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>{escaped(title)}</title>'
            f"<style>{_STYLE}</style></head><body><h1>{escaped(title)}</h1>{body}</body></html>\n",
        )


def article(heading: str, beside: str, facts: Mapping[str, str], *, mark: str = "", anchor: str = "") -> str:
    """Return one thing as it stands on a page; `mark` says what is to be noticed."""
    told = "".join(f"<dt>{escaped(name)}</dt><dd>{escaped(text)}</dd>" for name, text in facts.items() if text)
    noticed = f' <span class="mark">{escaped(mark)}</span>' if mark else ""
    return (
        f"<article{f' id={chr(34)}{escaped(anchor)}{chr(34)}' if anchor else ''}><h3>{escaped(heading)}{noticed}</h3>"
        f'<p class="muted">{escaped(beside)}</p><dl>{told}</dl></article>'
    )


def escaped(text: str) -> str:
    """Return a text as HTML shows it."""
    return html.escape(text, quote=True)


def safe_name(number: int, name: str) -> str:
    """Return what a file is called in the folder: a number and its name without anything that leads elsewhere."""
    plain = re.sub(r"[^\w.\- ]", "_", Path(name.replace("\\", "/")).name, flags=re.ASCII).strip(" .")
    stem, dot, suffix = plain.rpartition(".")
    short = f"{stem[:_MOST_NAME]}{dot}{suffix[:10]}" if dot else plain[:_MOST_NAME]
    return f"{number:03}-{short or 'file'}"
