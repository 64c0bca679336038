"""jobsmock: a mock of OpenStack's data processing service (Sahara)."""

__version__ = "0.1.0"
