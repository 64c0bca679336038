"""Lets pages in a browser call the mocked API from any origin; the control API they may not."""

from flask import Flask, Response, request
from flask_cors.core import get_cors_options, set_cors_headers

from jobsmock.web.entrance import WORLD
from jobsmock.web.microversions import HEADER


def allow_browsers(app: Flask) -> None:
    """Let pages of any origin call, private networks included. Only a browser sends an Origin, so only it is served."""
    options = get_cors_options(
        app,
        {
            "origins": "*",
            "send_wildcard": True,
            "methods": ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"],
            "expose_headers": ["X-Openstack-Request-Id", "X-Jobsmock-Rule", "X-Subject-Token", HEADER],
            "allow_private_network": True,
            "max_age": 600,
        },
    )

    def allow(response: Response) -> Response:
        if "HTTP_ORIGIN" in request.environ and WORLD in request.environ:  # the control API has none
            return set_cors_headers(response, options)
        return response

    app.after_request(allow)
