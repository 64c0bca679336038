"""Requests that a proxy has passed on: how they are told from a client's own, and what of their headers is believed."""

from collections.abc import Callable, Iterable
from typing import Any

from werkzeug.middleware.proxy_fix import ProxyFix

App = Callable[..., Iterable[bytes]]

_HOST, _PREFIX, _PROTO = "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PREFIX", "HTTP_X_FORWARDED_PROTO"
# Proxies, load balancers and content networks add these; beside them, all that begin with X-Forwarded.
_ADDED_BY_PROXIES = {
    "HTTP_CF_CONNECTING_IP",
    "HTTP_CLIENT_IP",
    "HTTP_FASTLY_CLIENT_IP",
    "HTTP_FLY_CLIENT_IP",
    "HTTP_FORWARDED",
    "HTTP_PROXY_CONNECTION",
    "HTTP_TRUE_CLIENT_IP",
    "HTTP_VIA",
    "HTTP_X_CLIENT_IP",
    "HTTP_X_CLUSTER_CLIENT_IP",
    "HTTP_X_ENVOY_EXTERNAL_ADDRESS",
    "HTTP_X_ORIGINAL_FORWARDED_FOR",
    "HTTP_X_ORIGINAL_HOST",
    "HTTP_X_REAL_IP",
}


def is_forwarded(environ: dict[str, Any]) -> bool:
    """Whether a request shows that it was passed on, so that its address is a proxy's and not the client's.

    HTTP/1.0 shows it, too: older versions of nginx speak that to servers behind them, and hardly a client does.
    """
    return environ["SERVER_PROTOCOL"] == "HTTP/1.0" or any(
        key in _ADDED_BY_PROXIES or key.startswith("HTTP_X_FORWARDED") for key in environ
    )


class TrustedProxies:
    """WSGI middleware that believes what `count` proxies in a row say: client, scheme, host, and path prefix.

    Each proxy appends the address of its own client to X-Forwarded-For. The other headers are mostly replaced or passed
    on, so they may have fewer values than there are proxies; then the first counts.
    """

    def __init__(self, app: App, count: int) -> None:
        self._app, self._count = app, count

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        def count(header: str) -> int:
            values: str = environ.get(header, "")
            return min(self._count, values.count(",") + 1)

        fixed = ProxyFix(
            self._answer, x_for=self._count, x_proto=count(_PROTO), x_host=count(_HOST), x_prefix=count(_PREFIX)
        )
        return fixed(environ, start_response)

    def _answer(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        prefix = environ["SCRIPT_NAME"].strip("/")
        environ["SCRIPT_NAME"] = f"/{prefix}" if prefix else ""
        return self._app(environ, start_response)
