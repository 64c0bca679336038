"""Keeps clients from using a proxy to reach a server on their own machine. `testing/server.py` uses it.

Many companies set HTTP_PROXY for everyone. `requests`, `httpx`, curl and other clients then use the proxy even for
127.0.0.1, unless NO_PROXY names it.
"""

import os
from collections import Counter
from threading import Lock

_NAMES = ("no_proxy", "NO_PROXY")
_lock = Lock()
_server_counts: Counter[str] = Counter()  # the number of running servers by host
_changed_variables: dict[str, set[str]] = {}  # the variables to which a host was added, by host


def exempt(host: str) -> None:
    """Add a host to NO_PROXY, until `restore` has been called for it as often as this."""
    with _lock:
        _server_counts[host] += 1
        _changed_variables.setdefault(host, set()).update(name for name in _list_variables() if _add_host(name, host))


def restore(host: str) -> None:
    """Undo `exempt`, and keep whatever else has been changed since."""
    with _lock:
        _server_counts[host] -= 1
        if _server_counts[host] == 0:
            for name in _changed_variables.pop(host):
                _remove_host(name, host)


def _list_variables() -> list[str]:
    """The variables to change: those that are set, or else both, since programs differ in which one they read."""
    return [name for name in _NAMES if name in os.environ] or list(_NAMES)


def _list_hosts(name: str) -> list[str]:
    return [host for host in (part.strip() for part in os.environ.get(name, "").split(",")) if host]


def _add_host(name: str, host: str) -> bool:
    hosts = _list_hosts(name)
    if host in hosts or "*" in hosts:
        return False
    os.environ[name] = ",".join([*hosts, host])
    return True


def _remove_host(name: str, host: str) -> None:
    hosts = _list_hosts(name)
    if host in hosts:
        hosts.remove(host)
    if hosts:
        os.environ[name] = ",".join(hosts)
    else:
        os.environ.pop(name, None)
