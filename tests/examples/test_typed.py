"""With types: an editor completes, and `mypy --strict` checks."""

import pytest

from jobsmock import Cloud


@pytest.mark.jobsmock(sample="empty", seed=7, freeze="2026-12-01T08:00:00")
def test_an_editor_knows_what_jobsmock_is(jobsmock: Cloud) -> None:
    rule: str = jobsmock.rules.fail("jobs.create", status=503, times=1, when={"body": {"type": "Pig"}})
    acted: int = jobsmock.rules[rule]["state"]["acted"]
    jobsmock.rules.remove(rule)
    jobsmock.clock.advance("10s")
    assert (acted, jobsmock.clock.time) == (0, "2026-12-01T08:00:10")
    assert jobsmock.session().get(f"{jobsmock.endpoint()}/jobs").status_code == 200
    assert jobsmock.verify("jobs.list", exactly=1) == 1
    assert [entry["status"] for entry in jobsmock.journal] == [200]
