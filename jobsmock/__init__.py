"""jobsmock: a mock of OpenStack's data processing service (Sahara).

`Server` and `Cloud` are for tests in Python. They are imported on first use, so that `import jobsmock` is fast.
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

_MODULES = {
    "CannotListen": "jobsmock.server",
    "Cloud": "jobsmock.testing.cloud",
    "ControlError": "jobsmock.http.control.base",
    "RuleWarning": "jobsmock.testing.rules",
    "Server": "jobsmock.testing.server",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module 'jobsmock' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_MODULES[name]), name)
