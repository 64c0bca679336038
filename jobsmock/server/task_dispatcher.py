"""Decides which requests the loop answers itself, and which go to threads.

Waitress hands each request to a thread. That costs more time than most requests take, and gains nothing, since a
world handles one request at a time anyway. So the loop answers quick requests itself, and threads answer those that
may be delayed or have a large body.
"""

import threading
from collections import deque
from collections.abc import Callable
from typing import Any

from jobsmock.server.waitress_internals import HTTPChannel, ThreadedTaskDispatcher

_SMALL_BODY = 64 * 1024  # bytes; the loop answers requests with a body up to this size
_MOST_THREADS = 1000


class TaskDispatcher(ThreadedTaskDispatcher):
    """Queues quick requests in `loop_tasks` for the loop, and hands the others to threads.

    `may_wait` tells whether the response to a request may be delayed.
    """

    loop_thread: int | None = None  # the identifier of the thread that runs the loop

    def __init__(self, may_wait: Callable[[Any], bool]) -> None:
        super().__init__()
        self._may_wait = may_wait
        self.loop_tasks: deque[HTTPChannel] = deque()
        self._all_threads: list[threading.Thread] = []
        self.stopping = threading.Event()

    def start_new_thread(self, target: Callable[[int], None], thread_no: int) -> None:
        thread = threading.Thread(target=target, name=f"jobsmock-{thread_no}", args=(thread_no,), daemon=True)
        self._all_threads.append(thread)
        thread.start()

    def stop(self) -> None:
        """End all delays, let the threads finish their requests, and return when they have ended."""
        self.stopping.set()
        self.shutdown(cancel_pending=False)
        for thread in self._all_threads:
            thread.join(1)

    def is_loop_thread(self) -> bool:
        """Whether the calling thread runs the loop."""
        return threading.get_ident() == self.loop_thread

    def add_task(self, channel: HTTPChannel) -> None:
        request = channel.requests[0]
        if self.is_loop_thread() and _is_small(request) and not self._may_wait(request):
            self.loop_tasks.append(channel)
            return
        if self.active_count + len(self.queue) >= len(self.threads) < _MOST_THREADS:  # a delay occupies its thread
            self.set_thread_count(len(self.threads) + 1)
        super().add_task(channel)


def _is_small(request: Any) -> bool:
    return request.body_rcv is None or len(request.body_rcv) <= _SMALL_BODY
