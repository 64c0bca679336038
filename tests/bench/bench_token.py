"""CPU of looking whether a strict world lets a request in.

    python -m tests.bench.bench_token [REVOKED]

prints microseconds a request, with so many tokens revoked before (1,000).
"""

import sys
import time
import timeit
from types import SimpleNamespace

from jobsmock.http import auth
from jobsmock.openstack.identity import tokens
from jobsmock.openstack.identity.tokens import Token
from jobsmock.samples.sample import make_world

TIMES = 20_000


def measure(revoked):
    world = make_world("empty", seed=1)
    world.is_strict = True
    now = world.clock.now()
    token = Token("demo", ["password"], now, now + 3600, ["audit"], project="demo")
    world.revoked = {str(number): now + 3600 for number in range(revoked)}
    text = tokens.sign(world, token)
    request = SimpleNamespace(headers={"x-auth-token": text})
    assert auth.identify(world, request, "demo").error is None
    signed = min(
        timeit.repeat(
            lambda: tokens._read_signed.__wrapped__(world.key, text), timer=time.process_time, number=TIMES, repeat=5
        )
    )
    spent = timeit.repeat(
        lambda: auth.identify(world, request, "demo"), timer=time.process_time, number=TIMES, repeat=5
    )
    return min(spent) / TIMES * 1e6, signed / TIMES * 1e6


if __name__ == "__main__":
    known, signature = measure(int(sys.argv[1]) if sys.argv[1:] else 1000)
    print(f"{known:.1f} µs; for a token that was never sent before, {signature:.1f} µs more")
