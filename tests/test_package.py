"""What `import jobsmock` offers, and what it costs."""

import subprocess
import sys

import pytest


def test_importing_jobsmock_loads_neither_flask_nor_pytest():
    code = "import sys, jobsmock; print({'flask', 'pytest', 'requests', 'json'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "set()\n"


def test_an_unknown_name_is_an_attribute_error():
    import jobsmock

    with pytest.raises(AttributeError, match="no attribute 'Serve'"):
        jobsmock.Serve  # noqa: B018
