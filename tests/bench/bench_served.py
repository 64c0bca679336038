"""CPU per request of a served mock: the server's process time over 8 keep-alive connections; and what a start costs.

    python -m tests.bench.bench_served [REQUESTS]

Linux only: reads /proc.
"""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

CONNECTIONS = 8


def started(*arguments):
    """A server of its own, its address, and how long it took to answer for the first time."""
    before = time.perf_counter()
    command = [sys.executable, "-m", "jobsmock", "serve", "--port", "0", "--quiet", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    url = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())[0]
    urllib.request.urlopen(f"{url}/v1.1/bench/jobs").read()
    return process, url, time.perf_counter() - before


def process_seconds(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_mebibytes(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1]) / 1024


def ask(port, path, times):
    """Sends a GET again and again over one connection, and reads each answer whole."""
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nX-Auth-Token: token\r\n\r\n".encode()
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(request)
        first = connection.recv(65536)
        while b"\r\n\r\n" not in first:
            first += connection.recv(65536)
        head = first.partition(b"\r\n\r\n")[0]
        assert head.startswith(b"HTTP/1.1 200"), head
        length = len(head) + 4 + int(re.search(rb"(?i)content-length: (\d+)", head)[1])
        missing = length - len(first)
        for _ in range(times - 1):
            while missing > 0:
                missing -= len(connection.recv(65536))
            connection.sendall(request)
            missing = length


def measure(requests):
    process, url, seconds = started("--sample", "demo")
    try:
        port = int(url.rsplit(":", 1)[1])
        jobs = urllib.request.urlopen(f"{url}/v1.1/bench/jobs?limit=1").read()
        path = f"/v1.1/bench/jobs/{re.search(rb'[0-9a-f-]{36}', jobs)[0].decode()}"
        print(f"start to first answer        {seconds:8.2f} s")
        print(f"resident                     {resident_mebibytes(process.pid):8.0f} MiB")
        before = process_seconds(process.pid)
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            list(pool.map(lambda _: ask(port, path, requests // CONNECTIONS), range(CONNECTIONS)))
        spent = (process_seconds(process.pid) - before) / requests * 1e6
        print(f"show, over waitress          {spent:8.0f} µs of CPU")
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    measure(int(sys.argv[1]) if len(sys.argv) > 1 else 16_000)
