"""What jobsmock uses of waitress beyond its documents: each test names what a new version has changed."""

import inspect

import pytest

from jobsmock.server import waitress_internals as waitress

PARAMETERS = {
    (waitress.HTTPChannel, "__init__"): ["self", "server", "sock", "addr", "adj", "map"],
    (waitress.HTTPChannel, "add_channel"): ["self", "map"],
    (waitress.HTTPChannel, "del_channel"): ["self", "map"],
    (waitress.HTTPChannel, "handle_read"): ["self"],
    (waitress.HTTPChannel, "handle_write"): ["self"],
    (waitress.HTTPChannel, "handle_close"): ["self"],
    (waitress.HTTPChannel, "readable"): ["self"],
    (waitress.HTTPChannel, "writable"): ["self"],
    (waitress.HTTPChannel, "received"): ["self", "data"],
    (waitress.HTTPChannel, "service"): ["self"],
    (waitress.HTTPChannel, "write_soon"): ["self", "data"],
    (waitress.HTTPRequestParser, "received"): ["self", "data"],
    (waitress.HTTPRequestParser, "parse_header"): ["self", "header_plus"],
    (waitress.WSGITask, "get_environment"): ["self"],
    (waitress.WSGITask, "build_response_header"): ["self"],
    (waitress.WSGITask, "write"): ["self", "data"],
    (waitress.WSGITask, "set_close_on_finish"): ["self"],
    (waitress.ErrorTask, "execute"): ["self"],
    (waitress.ThreadedTaskDispatcher, "start_new_thread"): ["self", "target", "thread_no"],
    (waitress.ThreadedTaskDispatcher, "set_thread_count"): ["self", "count"],
    (waitress.ThreadedTaskDispatcher, "add_task"): ["self", "task"],
    (waitress.ThreadedTaskDispatcher, "shutdown"): ["self", "cancel_pending", "timeout"],
    (waitress.TcpWSGIServer, "set_socket_options"): ["self", "conn"],
    (waitress.TcpWSGIServer, "pull_trigger"): ["self"],
    (waitress.TcpWSGIServer, "handle_accept"): ["self"],
    (waitress.TcpWSGIServer, "run"): ["self"],
    (waitress.TcpWSGIServer, "close"): ["self"],
}
# Attributes that jobsmock reads or sets, and the class in whose source they have to be.
ATTRIBUTES = {
    waitress.HTTPChannel: [
        "adj", "close_when_flushed", "error_task_class", "last_activity", "parser_class", "request", "requests",
        "server", "task_class", "total_outbufs_len", "will_close",
    ],
    waitress.HTTPRequestParser: [
        "body_bytes_received", "body_rcv", "content_length", "error", "expect_continue", "headers", "headers_finished",
    ],
    waitress.WSGITask.__mro__[1]: [
        "channel", "close_on_finish", "content_length", "request", "response_headers", "status", "version",
        "wrote_header",
    ],
    waitress.ThreadedTaskDispatcher: ["active_count", "queue", "threads"],
    waitress.TcpWSGIServer.__mro__[1]: ["active_channels", "adj", "effective_port", "task_dispatcher", "trigger"],
}  # fmt: skip


@pytest.mark.parametrize(("owner", "name"), PARAMETERS, ids=lambda value: getattr(value, "__name__", value))
def test_a_method_takes_what_it_took(owner, name):
    method = getattr(owner, name, None)
    assert method, f"waitress's {owner.__name__} has no {name} any more"
    assert list(inspect.signature(method).parameters) == PARAMETERS[owner, name]


@pytest.mark.parametrize("owner", ATTRIBUTES, ids=lambda owner: owner.__name__)
def test_a_class_has_the_attributes_that_it_had(owner):
    source = inspect.getsource(owner)
    missing = [name for name in ATTRIBUTES[owner] if not (name in source or hasattr(owner, name))]
    assert not missing, f"waitress's {owner.__name__} has no {', '.join(missing)} any more"


def test_a_body_of_no_length_is_told_by_has_body():
    assert "has_body" in inspect.getsource(waitress.WSGITask.__mro__[1])


def test_an_error_has_a_code_and_a_reason():
    error = waitress.RequestEntityTooLarge("exceeds")
    assert (error.code, error.reason, error.body) == (413, "Request Entity Too Large", "exceeds")
