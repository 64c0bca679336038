"""Tokens: signed with the key of their world, so that nobody can make one up, and none needs to be stored.

A token says who may act where, and until when; `authentication.py` issues them. Every request to a strict world reads
one, so reading is quick.
"""

import hashlib
from functools import lru_cache
from typing import NamedTuple

from itsdangerous import BadData, URLSafeSerializer

from jobsmock.openstack.errors import OpenStackUnauthorized
from jobsmock.world.clock import format_time
from jobsmock.world.world import World

LIFETIME = 3600.0  # seconds of the world's clock

LONGEST = 4096  # characters; a longer text is not read

_REVOKED_BETWEEN = 100  # revocations between two searches for revoked tokens that have expired


class Token(NamedTuple):
    """`issued` and `expires` are times of the world's clock; user, project and domain are ids."""

    user: str
    methods: list[str]
    issued: float
    expires: float
    audit: list[str]  # its own id, and that of the token that it was exchanged for
    project: str | None = None
    domain: str | None = None
    credential: str | None = None  # the application credential that it was issued for


def sign(world: World, token: Token) -> str:
    """The text of a token, as clients get and send it. It follows from the token and the key, and from nothing else."""
    return str(_make_serializer(world.key).dumps(list(token)))


def read_token(world: World, text: str | None) -> Token | None:
    """The token of a text; None if this world has not issued it, or if it was revoked or has expired."""
    token = _read_signed(world.key, text) if text and len(text) <= LONGEST else None
    if token is None or token.audit[0] in world.revoked or token.expires <= world.clock.now():
        return None
    return token if token.credential is None or _is_credential_valid(world, token.credential) else None


@lru_cache(maxsize=1024)
def _read_signed(key: bytes, text: str) -> Token | None:
    """The token of a text that was signed with a key. Cached, as clients send the same one again and again.

    A token has one spelling only, though base 64 could be read with other letters at its end, and strange ones in it.
    """
    serializer = _make_serializer(key)
    try:
        content = serializer.loads(text)
    except (BadData, ValueError):
        return None
    return Token(*content) if serializer.dumps(content) == text else None


@lru_cache(maxsize=64)
def _make_serializer(key: bytes) -> URLSafeSerializer:
    return URLSafeSerializer(key, salt="jobsmock.token", signer_kwargs={"digest_method": hashlib.sha256})


def check(world: World, text: str | None) -> Token:
    """The token of a text. Unauthorized if it is not valid."""
    token = read_token(world, text)
    if token is None:
        raise OpenStackUnauthorized(explain_invalid(world, text))
    return token


def explain_invalid(world: World, text: str | None) -> str:
    """Why a text is not a valid token, for the journal."""
    token = _read_signed(world.key, text) if text and len(text) <= LONGEST else None
    now = world.clock.now()
    if token is None:
        return "This world has issued no such token" if text else "No token was sent"
    if token.expires <= now:
        return f"The token ended at {format_time(token.expires)}, and now it is {format_time(now)}"
    if token.audit[0] in world.revoked:
        return "The token has been revoked"
    return "The application credential of the token has been deleted"


def revoke(world: World, token: Token) -> None:
    """Revoke a token. Those that have expired need not be remembered as revoked."""
    revoked, now = world.revoked, world.clock.now()
    if len(revoked) % _REVOKED_BETWEEN == 0:
        for id in [id for id, expires in revoked.items() if expires <= now]:
            del revoked[id]
    while revoked and revoked[first := next(iter(revoked))] <= now:  # most expire in this order
        del revoked[first]
    revoked[token.audit[0]] = token.expires


def _is_credential_valid(world: World, credential: str) -> bool:
    """Whether the application credential of a token still exists. An open world does not care."""
    return not world.is_strict or world.tables["application_credentials"].get("", credential) is not None
