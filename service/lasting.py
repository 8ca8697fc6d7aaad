"""What is made once and stays, kept from the garbage collector, which would walk through all of it and hold up requests."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def lasting() -> Iterator[None]:
    """Collect nothing while a block imports or builds, and never look again at what is there when it ends."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
