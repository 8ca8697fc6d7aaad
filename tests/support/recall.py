"""Doings that many tests begin with: played once by each test process, and from then on copied with what they led to.

What a database holds is known from the moment it is handed out, for as long as nobody writes to it but what is played here.
The same doing, from the same content and at the same instant, leads to the same place: that place is kept as a database, and
the next test is given a copy of it. A test that wrote something else, in whatever way, plays on from there for itself.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import count
from typing import Any, TypeVar

from sqlalchemy import Engine as Connector
from sqlalchemy import event

from service.records.database import Database
from tests.support.engines import Handed, address, handed_out

T = TypeVar("T")


@dataclass(frozen=True)
class _Kept:
    """Where a doing led: a database nobody writes to, the number of its content, and what the doing returned."""

    url: str
    content: int
    value: Any


@dataclass
class _Memory:
    """What is kept on one engine, the least recently used first, and what was played there."""

    kept: OrderedDict[Hashable, _Kept] = field(default_factory=OrderedDict)
    met: set[Hashable] = field(default_factory=set)
    depth: int = 0


_memories: dict[int, _Memory] = {}
_numbers = count(1)
_arriving = threading.Lock()


def recalled(database: Database, doing: Hashable, play: Callable[[], T], *, is_step: bool = False) -> T:
    """Return what `play` returns, with the database as it leaves it: played only where that is not remembered.

    `doing` names what is played, with everything it depends on beside the database. A copy arrives with the next connection
    of this process, or before another one starts (`arrive`); after a step it is there at once.
    """
    handed = handed_out.get(address(database.engine.url))
    if handed is None or threading.current_thread() is not threading.main_thread():
        return play()
    memory = _memories.setdefault(id(handed.engine), _Memory())
    if memory.depth and not is_step:
        return play()
    content = _content(handed)
    if content is None or database.connections_in_use():
        return _played(memory, play)
    kept = memory.kept.get((content, doing))
    if kept is not None:
        database.dispose()
        if handed.awaited is not None or handed.engine.is_left_alone(handed.url):
            memory.kept.move_to_end((content, doing))
            handed.content, handed.awaited = kept.content, kept.url
            if is_step and not memory.depth:
                _arrive(handed)
            return deepcopy(kept.value)
    value = _played(memory, play)
    if _content(handed) != content:
        _keep(memory, handed, database, (content, doing), value)
    return value


def _played(memory: _Memory, play: Callable[[], T]) -> T:
    memory.depth += 1
    try:
        return play()
    finally:
        memory.depth -= 1


def _content(handed: Handed) -> int | None:
    """Return the number of what a database holds, None where somebody wrote something else."""
    is_known = handed.awaited is not None or handed.seen == handed.engine.looks(handed.url)
    return handed.content if is_known else None


def _keep(memory: _Memory, handed: Handed, database: Database, key: Hashable, value: object) -> None:
    """Keep where a doing led; where copies are dear, only what is asked for by itself and for the second time."""
    engine = handed.engine
    if engine.copies_dearly and (memory.depth or key not in memory.met):
        if not memory.depth:
            memory.met.add(key)
        return
    database.dispose()
    if not engine.is_left_alone(handed.url):
        return
    kept = _Kept(engine.copied(handed.url), next(_numbers), deepcopy(value))
    memory.kept[key] = kept
    handed.content, handed.seen = kept.content, engine.looks(handed.url)
    while len(memory.kept) > engine.keeps:
        _, oldest = memory.kept.popitem(last=False)
        if oldest.url != handed.awaited:
            engine.drop(oldest.url)


@event.listens_for(Connector, "do_connect")
def _before_connecting(_dialect: Any, _record: Any, arguments: Any, named: Any) -> None:
    for handed in tuple(handed_out.values()):
        if handed.awaited is not None and handed.engine.is_meant(handed.url, arguments, named):
            _arrive(handed)


def arrive() -> None:
    """Let every copy that is awaited arrive: another process is about to look."""
    for handed in tuple(handed_out.values()):
        _arrive(handed)


def _arrive(handed: Handed) -> None:
    with _arriving:
        if handed.awaited is not None:
            handed.engine.refill(handed.url, handed.awaited)
            handed.awaited, handed.seen = None, handed.engine.looks(handed.url)
