"""All that jobsmock uses of waitress, which is more than waitress documents. Nothing else imports waitress.

`setup.cfg` bounds the version for this. `tests/contracts/test_waitress.py` lists what is used of each class, and says
what a new version has changed.
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
