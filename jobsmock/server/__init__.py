"""Serves the app over HTTP with waitress. `cli.py` and `testing/` start and stop an HttpServer."""

from jobsmock.server.connections import MOST_CONNECTIONS
from jobsmock.server.server import THREADS, CannotListen, HttpServer

__all__ = ["MOST_CONNECTIONS", "THREADS", "CannotListen", "HttpServer"]
