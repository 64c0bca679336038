"""The addresses that answers hand out: under the name by which the caller came, and in the world that was asked."""

from flask import request


def get_base_url() -> str:
    """The address of the world that is asked, without a slash at its end."""
    if not request.host:  # the Host header names none
        return (
            f"{request.scheme}://{request.environ['SERVER_NAME']}:{request.environ['SERVER_PORT']}{request.script_root}"
        )
    return request.host_url.rstrip("/") + request.script_root


def make_challenge() -> dict[str, str]:
    """The header that tells where to log in."""
    return {"WWW-Authenticate": f'Keystone uri="{get_base_url()}/identity"'}
