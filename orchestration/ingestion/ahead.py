"""Work ahead of a consumer, in a thread: reading, converting and writing overlap."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from typing import Any, TypeVar

T = TypeVar("T")
_END = object()


def ahead(items: Iterator[T], depth: int = 1) -> Iterator[T]:
    """The same items, produced by a thread that is at most `depth` + 1 items ahead.

    What `items` raises is raised here. Closing this iterator stops the thread, and closes `items`.
    """
    ready: queue.Queue[Any] = queue.Queue(maxsize=depth)
    stopped = threading.Event()

    def offer(item: Any) -> bool:
        while not stopped.is_set():
            try:
                ready.put(item, timeout=0.1)
            except queue.Full:
                continue
            return True
        return False

    def produce() -> None:
        failure: BaseException | None = None
        try:
            for item in items:
                if not offer(item):
                    break
        except BaseException as error:  # noqa: BLE001 - handed over to the consumer, whatever it is
            failure = error
        finally:
            if hasattr(items, "close"):
                items.close()
            offer((_END, failure))

    thread = threading.Thread(target=produce, daemon=True)
    thread.start()
    try:
        while True:
            item = ready.get()
            if isinstance(item, tuple) and len(item) == 2 and item[0] is _END:
                if item[1] is not None:
                    raise item[1]
                return
            yield item
    finally:
        stopped.set()
        thread.join()
