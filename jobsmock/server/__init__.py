"""The app over HTTP, by waitress. `cli.py` and `testing/` start and stop a Server."""

from jobsmock.server.connections import MOST_CONNECTIONS
from jobsmock.server.server import THREADS, CannotListen, Server

__all__ = ["MOST_CONNECTIONS", "THREADS", "CannotListen", "Server"]
