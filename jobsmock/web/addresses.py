"""The addresses that answers hand out: under the name by which the caller came, and in the world that was asked."""

from flask import request


def base_url() -> str:
    """The address of the world that is asked, without a slash at its end."""
    return request.host_url.rstrip("/") + request.script_root


def challenge() -> dict[str, str]:
    """The header that tells where to log in."""
    return {"WWW-Authenticate": f'Keystone uri="{base_url()}/identity"'}
