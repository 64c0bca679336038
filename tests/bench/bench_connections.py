"""How long a request takes while thousands of other clients are slow: the answer's time in milliseconds.

    python -m tests.bench.bench_connections [IDLE [DRIBBLING [STUBBORN [SECONDS]]]]

IDLE clients have had an answer and keep their connection, DRIBBLING ones send the head of a request a byte at a time,
and STUBBORN ones ask for a long list and never read it. The defaults are 10000, 2000, 50 and 5. They need as many open
files.
"""

import http.client
import multiprocessing
import resource
import socket
import statistics
import sys
import time
from contextlib import closing

from tests.bench.bench_served import process_seconds, started

HEAD = b"GET /v1.1/bench/jobs?limit=1 HTTP/1.1\r\nHost: bench\r\n"
PAUSE = 0.25  # seconds between two bytes of a client that dribbles
SOURCES = 2000  # how long the long list is


def allow_files():
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def connect(port, sent):
    sock = socket.create_connection(("127.0.0.1", port), timeout=30)
    sock.sendall(sent)
    return sock


def keep_idle(port, count, ready, done):
    """Open connections, get an answer on each, and keep them."""
    allow_files()
    socks = [connect(port, HEAD + b"\r\n") for _ in range(count)]
    for sock in socks:
        assert sock.recv(65536).startswith(b"HTTP/1.1 200"), "an idle client was refused"
    ready.release()
    done.wait()


def dribble(port, count, ready, done):
    """Send a byte of each head in turn, on and on; each client's header has no end."""
    allow_files()
    socks = [connect(port, HEAD + b"X-Slow: ") for _ in range(count)]
    ready.release()
    while not done.wait(PAUSE):
        for place, sock in enumerate(socks):
            try:
                sock.send(b"a")
            except OSError:  # the server has had enough of it
                sock.close()
                socks[place] = connect(port, HEAD + b"X-Slow: ")


def never_read(port, count, ready, done):
    """Ask for a long list, and leave the answer where it is once it has begun to come."""
    ask = b"GET /v1.1/bench/data-sources HTTP/1.1\r\nHost: bench\r\n\r\n"
    socks = [connect(port, ask) for _ in range(count)]
    for sock in socks:
        assert sock.recv(1)
    ready.release()
    done.wait()


def fill(port):
    with closing(http.client.HTTPConnection("127.0.0.1", port)) as connection:
        for number in range(SOURCES):
            body = f'{{"name": "source-{number}", "type": "hdfs", "url": "hdfs://h/p"}}'
            connection.request("POST", "/v1.1/bench/data-sources", body, {"Content-Type": "application/json"})
            connection.getresponse().read()


def probe(port, seconds):
    """Milliseconds of each request, over a connection that is kept and over new ones in turn."""
    took, end = [], time.perf_counter() + seconds
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as kept:
        while time.perf_counter() < end:
            with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as fresh:
                for connection in (kept, fresh):
                    began = time.perf_counter()
                    connection.request("GET", "/v1.1/bench/jobs?limit=1")
                    assert connection.getresponse().read()
                    took.append((time.perf_counter() - began) * 1000)
            time.sleep(0.001)
    return took


def measure(idle, dribbling, stubborn, seconds):
    process, url, _ = started("--sample", "demo")
    port = int(url.rsplit(":", 1)[1])
    ready, done = multiprocessing.Semaphore(0), multiprocessing.Event()
    crowd = [(keep_idle, idle), (dribble, dribbling), (never_read, stubborn)]
    clients = [multiprocessing.Process(target=what, args=(port, count, ready, done)) for what, count in crowd]
    try:
        fill(port)
        report("alone", probe(port, seconds))
        for client in clients:
            client.start()
            ready.acquire()
        before = process_seconds(process.pid)
        report(f"beside {idle} + {dribbling} + {stubborn}", probe(port, seconds))
        print(f"the server's CPU meanwhile  {(process_seconds(process.pid) - before) / seconds:7.0%}")
    finally:
        done.set()
        for client in clients:
            client.join()
        process.terminate()
        process.wait()


def report(what, took):
    median, late = statistics.median(took), statistics.quantiles(took, n=100)[98]
    print(f"{what:26}  median {median:6.1f}  99 in 100 {late:6.1f}  worst {max(took):6.1f} ms  of {len(took)}")


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[1:]]
    measure(*given, *(10000, 2000, 50, 5)[len(given) :])
