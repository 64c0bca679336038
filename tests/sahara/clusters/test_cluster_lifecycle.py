"""The state of a cluster is computed: looking at it changes nothing."""

from hypothesis import given, settings
from hypothesis import strategies as st

from jobsmock.http.app import create_app
from jobsmock.samples.sample import Sample
from jobsmock.samples.snapshots import dump_world
from tests.conftest import Cloud, Hands
from tests.sahara.clusters.cluster_steps import PLAN, made, scale, seen, status

looks = st.lists(st.floats(-50, 200, allow_nan=False), max_size=8)


def lived(looked_at, transient):
    """What is seen of a cluster and its executions in the end, if it is looked at before at such moments."""
    world = Sample.load("demo").make_world(seed=1, freeze="2026-01-31T12:00:00")
    world.clock = Hands(world.clock.now())
    cloud = Cloud(world=world, clock=world.clock, client=create_app(world).test_client())
    began, id = cloud.clock.moment, made(cloud, PLAN, is_transient=transient)
    first = cloud.execute("fail-restock", "new", "RUNNING 30s > SUCCEEDED")
    cloud.clock.moment = began + 3
    second = cloud.execute("slow-restock", "new", "RUNNING 50s > FAILED (late)")
    for after in sorted(looked_at):
        cloud.clock.moment = began + after
        cloud.ask("GET", "/clusters"), seen(cloud, id), cloud.ask("GET", "/job-executions")
    found = []
    for after in (200, 201):
        cloud.clock.moment = began + after
        found.append((seen(cloud, id, progress=True), cloud.show(first), cloud.show(second)))
    return found


UNSEEN = {transient: lived([], transient) for transient in (False, True)}


@settings(max_examples=25, deadline=None)
@given(looks, st.booleans())
def test_what_becomes_of_a_cluster_does_not_depend_on_who_looks(looked_at, transient):
    assert lived(looked_at, transient) == UNSEEN[transient]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0, 100, allow_nan=False), min_size=1, max_size=6))
def test_the_clock_may_jump_to_and_fro_before_the_end(moments):
    world = Sample.load("demo").make_world(seed=1, freeze="2026-01-31T12:00:00")
    world.clock = Hands(world.clock.now())
    cloud = Cloud(world=world, clock=world.clock, client=create_app(world).test_client())
    began, id = cloud.clock.moment, made(cloud, "Validating 20s > Spawning 30s > Waiting 51s > Active")
    execution = cloud.execute("fail-restock", "new", "instant")
    for after in moments:
        cloud.clock.moment = began + after
        expected = "Validating" if after < 20 else "Spawning" if after < 50 else "Waiting"
        assert (status(cloud, id), cloud.status(execution)) == (expected, "PENDING")
    cloud.clock.moment = began + 101
    assert (cloud.status(execution), status(cloud, id)) == ("SUCCEEDED", "Active")


def test_the_course_after_restoring_is_the_course_without(cloud):
    began, id = cloud.clock.moment, made(cloud, is_transient=True)
    other = made(cloud, "instant", "other")
    scale(cloud, other, worker=4)
    cloud.ask("PATCH", f"/clusters/{made(cloud, 'instant', 'third')}", {"verification": {"status": "START"}})
    execution = cloud.execute("fail-restock", "new", "RUNNING 5s > SUCCEEDED")
    world = Sample.from_document(dump_world(cloud.world), "snapshot").make_world()
    world.clock = Hands(began)
    twin = Cloud(world=world, clock=world.clock, client=create_app(world).test_client())
    for after in (0, 3, 9, 12, 16, 30):
        for one in (cloud, twin):
            one.clock.moment = began + after
        both = [
            (one.ask("GET", "/clusters").json, seen(one, id, True), seen(one, other, True), one.show(execution))
            for one in (cloud, twin)
        ]
        assert both[0] == both[1]
