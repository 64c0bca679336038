"""The program that compares with a real service, tried on two of our own."""

from pathlib import Path

from tests.conformance.cluster_requests import PROJECT, Request, Requests
from tests.conformance.compare_clusters import Service, compare

CLOUD = str(Path(__file__).with_name("cloud-with-storm.json"))


def two(serve):
    services = Service(serve(sample=CLOUD)), Service(serve(sample=CLOUD))
    for service in services:
        service.prepare()
    return services


def test_the_same_service_shows_no_difference_to_itself(serve):
    one, other = two(serve)
    found = [difference for seed in range(3) for difference in compare(one, other, seed, is_up=False)]
    assert len(found) > 100
    assert not any(found)


def test_a_service_that_lacks_an_image_shows_a_difference(serve):
    one, other = two(serve)
    other.send("DELETE", f"/v1.1/{PROJECT}/images/aaaaaaaa-0000-4000-8000-000000000001")
    difference = next(filter(None, compare(one, other, 0, is_up=False)))
    assert "is not registered" in difference.what


def test_requests_depend_on_their_seed_alone():
    def drawn(seed):
        source = Requests(seed)
        return [source.draw() for _ in range(50)]

    assert drawn(1) == drawn(1) != drawn(2)
    assert all(isinstance(request, Request) for request in drawn(1))
