"""Paths on a server: those of worlds, and that of the control API within each."""

from jobsmock.world.worlds import DEFAULT

CONTROL = "/_jobsmock"
_PREFIX = "/w/"


def is_control(path: str) -> bool:
    """Whether a path within a world is that of the control API."""
    return path == CONTROL or path.startswith(CONTROL + "/")


def get_world_name(path: str) -> str:
    """The name of the world that a path leads to."""
    return split_path(path)[0]


def make_world_prefix(name: str) -> str:
    """The path of a world on its server."""
    return _PREFIX + name if name != DEFAULT else ""


def split_path(path: str) -> tuple[str, str]:
    """The name of a world, and the path within it."""
    if not path.startswith(_PREFIX):
        return DEFAULT, path
    name, _, rest = path[len(_PREFIX) :].partition("/")
    return name or " ", "/" + rest
