"""Everything that jobsmock uses of waitress, much of which waitress does not document. Nothing else imports waitress.

`channel.py`, `task_dispatcher.py` and `waitress_loop.py` subclass these classes, so `setup.cfg` bounds the version.
`tests/contracts/test_waitress.py` lists the methods and attributes that they rely on, and names those that a new
version of waitress has changed.
"""

from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask, ThreadedTaskDispatcher, WSGITask
from waitress.utilities import Error, RequestEntityTooLarge
from waitress.wasyncore import close_all, read, write

__all__ = [
    "Adjustments",
    "Error",
    "ErrorTask",
    "HTTPChannel",
    "HTTPRequestParser",
    "RequestEntityTooLarge",
    "TcpWSGIServer",
    "ThreadedTaskDispatcher",
    "WSGITask",
    "close_all",
    "read",
    "write",
]
