"""jobsmock: a mock of OpenStack's data processing service (Sahara).

`Server` and `Cloud` are for tests in Python. They are loaded when used, so that an import costs nothing.
"""

from typing import TYPE_CHECKING, Any

from jobsmock.version import VERSION

if TYPE_CHECKING:
    from jobsmock.http.control.base import ControlError
    from jobsmock.server import CannotListen
    from jobsmock.testing.cloud import Cloud
    from jobsmock.testing.rules import RuleWarning
    from jobsmock.testing.server import Server

__version__ = VERSION
__all__ = ["CannotListen", "Cloud", "ControlError", "RuleWarning", "Server"]

_PLACES = {
    "CannotListen": "jobsmock.server",
    "Cloud": "jobsmock.testing.cloud",
    "ControlError": "jobsmock.http.control.base",
    "RuleWarning": "jobsmock.testing.rules",
    "Server": "jobsmock.testing.server",
}


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module 'jobsmock' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_PLACES[name]), name)
