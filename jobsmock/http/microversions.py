"""The version of API v2 that a request asks for, by a header such as `OpenStack-API-Version: data-processing 2.0`.

There is 2.0 only, so this is about telling clients so.
"""

import re
from functools import lru_cache
from typing import Any

from jobsmock.sahara.errors import MICROVERSION, BadMicroversion, UnsupportedMicroversion

HEADER = "OpenStack-API-Version"
SERVICE = "data-processing"

_KEY = "HTTP_OPENSTACK_API_VERSION"
_FORM = re.compile(r"[1-9][0-9]*.(0|[1-9][0-9]*)")  # any separator: the service takes 2x0 for a version, too


def read_microversion(environ: dict[str, Any]) -> str:
    """The version that is asked for, as written; 2.0 where none is, or the latest."""
    return _parse_header(environ[_KEY]) if _KEY in environ else MICROVERSION


def check_microversion(version: str) -> None:
    if version != MICROVERSION:
        raise (UnsupportedMicroversion if _FORM.fullmatch(version) else BadMicroversion)(version)


@lru_cache(maxsize=64)
def _parse_header(header: str) -> str:
    """What the header has for this service, among others: the last of several."""
    version = "latest"
    for part in header.split(","):
        service, *told = part.split(maxsplit=1)[:2] or [""]
        if service.lower() == SERVICE and told:
            version = told[0].strip()
    return MICROVERSION if version == "latest" else version
