"""Horizon's settings for a jobsmock: nothing but a place to log in, and no other service to install."""

import os

OPENSTACK_KEYSTONE_URL = os.environ.get("OS_AUTH_URL", "http://127.0.0.1:8386/v3")
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
DEBUG = False
SECRET_KEY = "nobody else uses this dashboard"
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
COMPRESS_OFFLINE = True
