"""Which requests the loop answers itself, and which go to threads.

Waitress hands each request to a thread. That costs more than most requests do, and nothing is gained by it: a world
decides one thing at a time anyway. So what is quick is answered in the loop, and threads are for what may wait.
"""

import threading
from collections import deque
from collections.abc import Callable
from typing import Any

from jobsmock.server.waitress_internals import HTTPChannel, ThreadedTaskDispatcher

_QUICK = 64 * 1024  # bytes of a request body up to which the loop answers itself
_MOST_THREADS = 1000


class TaskDispatcher(ThreadedTaskDispatcher):
    """Keeps back what the loop is to answer itself; hands the rest to threads."""

    loop_thread: int | None = None  # the identity of the thread that runs the loop

    def __init__(self, may_wait: Callable[[Any], bool]) -> None:
        super().__init__()
        self._may_wait = may_wait
        self.for_the_loop: deque[HTTPChannel] = deque()
        self._started: list[threading.Thread] = []
        self.ended = threading.Event()

    def start_new_thread(self, target: Callable[[int], None], thread_no: int) -> None:
        thread = threading.Thread(target=target, name=f"jobsmock-{thread_no}", args=(thread_no,), daemon=True)
        self._started.append(thread)
        thread.start()

    def stop(self) -> None:
        """Let the threads finish what they are at, but wait for nothing, and return when they are gone."""
        self.ended.set()
        self.shutdown(cancel_pending=False)
        for thread in self._started:
            thread.join(1)

    def is_loop_thread(self) -> bool:
        """Whether the caller is the loop, and not one of the threads."""
        return threading.get_ident() == self.loop_thread

    def add_task(self, channel: HTTPChannel) -> None:
        request = channel.requests[0]
        if self.is_loop_thread() and _is_small(request) and not self._may_wait(request):
            self.for_the_loop.append(channel)
            return
        if self.active_count + len(self.queue) >= len(self.threads) < _MOST_THREADS:  # who waits keeps a thread
            self.set_thread_count(len(self.threads) + 1)
        super().add_task(channel)


def _is_small(request: Any) -> bool:
    return request.body_rcv is None or len(request.body_rcv) <= _QUICK
