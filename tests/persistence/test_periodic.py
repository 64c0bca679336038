"""Tasks in the background of a server, and their messages."""

import sys
import threading

from jobsmock.persistence.periodic import PeriodicTask, print_message


def test_a_task_runs_again_and_again_and_once_more_at_the_end():
    runs, has_run_thrice = [], threading.Event()

    def run():
        runs.append(threading.current_thread().name)
        if len(runs) == 3:
            has_run_thrice.set()

    task = PeriodicTask(run, seconds=0)
    assert has_run_thrice.wait(5)
    task.stop()
    assert runs[:3] == ["jobsmock-task"] * 3
    assert runs[-1] == threading.current_thread().name


def test_a_task_may_do_something_else_at_the_end():
    ends = []
    PeriodicTask(lambda: None, seconds=60, at_end=lambda: ends.append(1)).stop()
    assert ends == [1]


def test_a_message_to_a_closed_pipe_is_dropped(monkeypatch):
    class ClosedPipe:
        def write(self, text):
            raise BrokenPipeError

    monkeypatch.setattr(sys, "stderr", ClosedPipe())
    print_message("reloaded")
