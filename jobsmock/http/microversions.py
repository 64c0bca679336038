"""The microversion of API v2 that a request wants, as in `OpenStack-API-Version: data-processing 2.0`.

2.0 is the only one there is.
"""

import re
from functools import lru_cache

from jobsmock.http.headers import AnyHeaders
from jobsmock.sahara.errors import MICROVERSION, BadMicroversion, UnsupportedMicroversion

HEADER = "OpenStack-API-Version"
SERVICE = "data-processing"

_FORM = re.compile(r"[1-9][0-9]*.(0|[1-9][0-9]*)")  # any separator: 2x0 is a version to the service, too


def read_microversion(headers: AnyHeaders) -> str:
    """The requested version as it is written; 2.0 if there is none, or the latest is wanted."""
    header = headers.get(HEADER)
    return MICROVERSION if header is None else _parse_header(header)


def check_microversion(version: str) -> None:
    if version != MICROVERSION:
        raise (UnsupportedMicroversion if _FORM.fullmatch(version) else BadMicroversion)(version)


@lru_cache(maxsize=64)
def _parse_header(header: str) -> str:
    """The version that the header has for this service; the last one if there are several."""
    version = "latest"
    for part in header.split(","):
        service, *told = part.split(maxsplit=1)[:2] or [""]
        if service.lower() == SERVICE and told:
            version = told[0].strip()
    return MICROVERSION if version == "latest" else version
