"""Rules and requests that the tests share."""

from random import Random

from hypothesis import strategies as st

from jobsmock.api.operations import check_plan
from jobsmock.world.clock import parse_time
from jobsmock.world.rules.engine import Rules
from jobsmock.world.rules.matcher import RequestSummary

OPERATIONS = ("jobs.list", "jobs.create", "jobs.show", "clusters.create")


LIST = RequestSummary("jobs.list", "p1", "GET", "/jobs", {}, {}, None)


NOON = parse_time("2026-01-31T12:00:00")


FAIL = {"status": 503}


def rules(*documents, seed=1, now=NOON):
    made = Rules(OPERATIONS, Random(seed), check_plan)
    for document in documents:
        made.add(document, now)
    return made


counts = st.fixed_dictionaries(
    {},
    optional={
        "skip": st.integers(0, 3),
        "times": st.integers(0, 4),
        "every": st.integers(1, 3),
        "probability": st.sampled_from([0, 0.5, 1]),
        "from": st.sampled_from(["-5s", "+3s"]),
        "until": st.sampled_from(["+8s", "+20s"]),
    },
)


effects = st.sampled_from([{}, FAIL, {"delay": "1s..2s"}, {"delay": "lognormal(1s, 2s)"}, {"plan": "stuck"}])


documents = st.fixed_dictionaries(
    {"then": effects | st.lists(effects, min_size=1, max_size=3)},
    optional={"when": st.sampled_from([{"operation": "jobs.*"}, {"method": "POST"}]), "on": counts},
)
