"""What jobsmock uses of waitress beyond its documentation. Each failure names what a new version has changed."""

import inspect
import socket

import pytest

from jobsmock.server import waitress_internals as waitress
from jobsmock.server.channel import Channel, Parser, RefusalTask, Task
from jobsmock.server.task_dispatcher import TaskDispatcher
from jobsmock.server.waitress_loop import Listener

SUBCLASSES = [
    (Channel, waitress.HTTPChannel),
    (Parser, waitress.HTTPRequestParser),
    (Task, waitress.WSGITask),
    (RefusalTask, waitress.ErrorTask),
    (TaskDispatcher, waitress.ThreadedTaskDispatcher),
    (Listener, waitress.TcpWSGIServer),
]
PARAMETERS = {
    (waitress.HTTPChannel, "__init__"): ["self", "server", "sock", "addr", "adj", "map"],
    (waitress.HTTPChannel, "add_channel"): ["self", "map"],
    (waitress.HTTPChannel, "del_channel"): ["self", "map"],
    (waitress.HTTPChannel, "handle_read"): ["self"],
    (waitress.HTTPChannel, "handle_write"): ["self"],
    (waitress.HTTPChannel, "handle_close"): ["self"],
    (waitress.HTTPChannel, "readable"): ["self"],
    (waitress.HTTPChannel, "received"): ["self", "data"],
    (waitress.HTTPChannel, "recv"): ["self", "buffer_size"],
    (waitress.HTTPChannel, "service"): ["self"],
    (waitress.HTTPChannel, "writable"): ["self"],
    (waitress.HTTPChannel, "write_soon"): ["self", "data"],
    (waitress.HTTPRequestParser, "received"): ["self", "data"],
    (waitress.HTTPRequestParser, "parse_header"): ["self", "header_plus"],
    (waitress.WSGITask, "get_environment"): ["self"],
    (waitress.WSGITask, "build_response_header"): ["self"],
    (waitress.WSGITask, "write"): ["self", "data"],
    (waitress.WSGITask, "set_close_on_finish"): ["self"],
    (waitress.ErrorTask, "execute"): ["self"],
    (waitress.ThreadedTaskDispatcher, "__init__"): ["self"],
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
FUNCTIONS = {"close_all": ["map", "ignore_all"], "read": ["obj"], "write": ["obj"]}
SETTINGS = ["ident", "outbuf_high_watermark", "recv_bytes", "clear_untrusted_proxy_headers", "max_request_body_size"]
ATTRIBUTES = {
    "channel": [
        "_fileno", "addr", "close_when_flushed", "connected", "error_task_class", "last_activity", "parser_class",
        "request", "requests", "server", "socket", "task_class", "total_outbufs_len", "will_close",
    ],
    "request": [
        "body_bytes_received", "body_rcv", "command", "content_length", "error", "expect_continue", "headers",
        "headers_finished", "path",
    ],
    "task": [
        "channel", "close_on_finish", "content_length", "has_body", "request", "response_headers", "status", "version",
        "wrote_header",
    ],
    "error task": ["request", "response_headers", "status"],
    "dispatcher": ["active_count", "queue", "threads"],
    "server": [
        "_fileno", "_map", "accepting", "active_channels", "adj", "channel_class", "effective_port", "socket",
        "task_dispatcher", "trigger",
    ],
    "trigger": ["_fileno", "accepting", "pull_trigger"],
}  # fmt: skip


@pytest.fixture(scope="module")
def parts():
    """One object of each of waitress's own classes, after a request has been parsed."""
    dispatcher, connections = waitress.ThreadedTaskDispatcher(), {}
    with socket.create_server(("127.0.0.1", 0)) as listening, socket.socket() as sock:
        settings = waitress.Adjustments(sockets=[listening])
        address = (listening.family, listening.type, listening.proto, listening.getsockname())
        server = waitress.TcpWSGIServer(
            None, connections, True, listening, dispatcher, settings, address, bind_socket=False
        )
        channel = waitress.HTTPChannel(server, sock, ("127.0.0.1", 1), settings, map=connections)
        request = waitress.HTTPRequestParser(settings)
        request.received(b"GET /path HTTP/1.1\r\nHost: mock\r\n\r\n")
        yield {
            "channel": channel,
            "request": request,
            "task": waitress.WSGITask(channel, request),
            "error task": waitress.ErrorTask(channel, request),
            "dispatcher": dispatcher,
            "server": server,
            "trigger": server.trigger,
        }
        waitress.close_all(connections, ignore_all=True)


@pytest.mark.parametrize(("owner", "name"), PARAMETERS, ids=lambda value: getattr(value, "__name__", value))
def test_a_method_has_the_parameters_that_jobsmock_expects(owner, name):
    method = getattr(owner, name, None)
    assert method, f"waitress's {owner.__name__} no longer has the method {name}"
    parameters = list(inspect.signature(method).parameters)
    assert parameters == PARAMETERS[owner, name], f"waitress's {owner.__name__}.{name} takes other parameters"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_has_the_parameters_that_jobsmock_expects(name):
    parameters = list(inspect.signature(getattr(waitress, name)).parameters)
    assert parameters == FUNCTIONS[name], f"waitress's function {name} takes other parameters"


@pytest.mark.parametrize("name", SETTINGS)
def test_waitress_has_the_setting(name):
    assert hasattr(waitress.Adjustments, name), f"waitress no longer has the setting {name}"


@pytest.mark.parametrize(("part", "name"), [(part, name) for part, names in ATTRIBUTES.items() for name in names])
def test_an_object_has_the_attribute(parts, part, name):
    owner = parts[part]
    assert hasattr(owner, name), f"waitress's {part} ({type(owner).__name__}) no longer has the attribute {name}"


@pytest.mark.parametrize(("ours", "theirs"), SUBCLASSES, ids=lambda value: value.__name__)
def test_no_method_of_jobsmock_replaces_one_of_waitress_by_accident(parts, ours, theirs):
    known = {name for owner, name in PARAMETERS if issubclass(theirs, owner)}
    known |= {name for names in ATTRIBUTES.values() for name in names}
    owner = next(part for part in parts.values() if type(part) is theirs)
    own_names = {name for name in vars(ours) if not name.startswith("__")}
    new = {name for name in own_names - known if hasattr(owner, name)}
    assert not new, f"waitress's {theirs.__name__} has {', '.join(sorted(new))}, too, and jobsmock's replaces it"


def test_an_error_has_a_code_a_reason_and_a_body():
    error = waitress.RequestEntityTooLarge("exceeds")
    assert (error.code, error.reason, error.body) == (413, "Request Entity Too Large", "exceeds")
