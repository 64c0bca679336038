"""Tokens: signed with the key of their world, so that none can be made up, and none needs to be stored.

A token says who may act where, and until when; `authentication.py` issues them. Every request to a strict
service reads one, so reading is what has to be quick.
"""

import base64
import hmac
from functools import lru_cache
from typing import NamedTuple

import orjson

from jobsmock.openstack.errors import Unauthorized
from jobsmock.world.clock import format_time
from jobsmock.world.world import World

LIFETIME = 3600.0  # seconds of the world's clock

LONGEST = 4096  # characters that are looked at

_REVOKED_BETWEEN = 100  # tokens that are revoked between two looks at all for those that are past their time
_SIGNATURE = 24  # bytes, of SHA-256's 32


class Token(NamedTuple):
    """What a token says: ids of its user and of the project or domain it is good for, and moments."""

    user: str
    methods: list[str]
    issued: float
    expires: float
    audit: list[str]  # its own id, and that of the token it came of
    project: str | None = None
    domain: str | None = None
    credential: str | None = None  # the application credential that it was issued for


def sign(world: World, token: Token) -> str:
    """A token as it is handed out."""
    content = orjson.dumps(list(token))
    return _read_json(_compute_signature(world.key, content) + content)


def read_token(world: World, text: str | None) -> Token | None:
    """What a token says; None if this world has not issued it, if it has been revoked, or if its time is over."""
    token = _read_signed(world.key, text) if text and len(text) <= LONGEST else None
    if token is None or token.audit[0] in world.revoked or token.expires <= world.clock.now():
        return None
    return token if token.credential is None or _is_credential_valid(world, token.credential) else None


@lru_cache(maxsize=1024)
def _read_signed(key: bytes, text: str) -> Token | None:
    """What a token says that was signed with a key; clients send the same one again and again.

    It has one spelling only, though base 64 would be read with other letters at its end, and strange ones in it.
    """
    try:
        raw = base64.urlsafe_b64decode(text + "===")
    except ValueError:  # no ASCII, or no base 64
        return None
    content = raw[_SIGNATURE:]
    is_signed = hmac.compare_digest(_compute_signature(key, content), raw[:_SIGNATURE]) and text == _read_json(raw)
    return Token(*orjson.loads(content)) if is_signed else None


def _read_json(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def check(world: World, text: str | None) -> Token:
    """The same, but Unauthorized where there is none."""
    token = read_token(world, text)
    if token is None:
        raise Unauthorized(explain_invalid(world, text))
    return token


def explain_invalid(world: World, text: str | None) -> str:
    """What is wrong with what is no token, for the journal."""
    token = _read_signed(world.key, text) if text and len(text) <= LONGEST else None
    now = world.clock.now()
    if token is None:
        return "This world has issued no such token" if text else "No token was sent"
    if token.expires <= now:
        return f"The token ended at {format_time(token.expires)}, and now it is {format_time(now)}"
    if token.audit[0] in world.revoked:
        return "The token has been revoked"
    return "The application credential that the token was had for has been deleted"


def revoke(world: World, token: Token) -> None:
    """Let a token be none any more; what is past its time is no longer remembered as revoked."""
    revoked, now = world.revoked, world.clock.now()
    if len(revoked) % _REVOKED_BETWEEN == 0:
        for id in [id for id, expires in revoked.items() if expires <= now]:
            del revoked[id]
    while revoked and revoked[first := next(iter(revoked))] <= now:  # most end in the order in which they were revoked
        del revoked[first]
    revoked[token.audit[0]] = token.expires


def _is_credential_valid(world: World, credential: str) -> bool:
    """Whether a token's application credential is still there; an open cloud accepts even those that never were."""
    return not world.is_strict or world.tables["application_credentials"].get("", credential) is not None


def _compute_signature(key: bytes, content: bytes) -> bytes:
    return hmac.digest(key, content, "sha256")[:_SIGNATURE]
