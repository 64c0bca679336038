"""What jobsmock relies on of werkzeug's internals: each test says what a new version has changed."""

import inspect

from werkzeug.routing import Map, Rule

from jobsmock.http.url_rules import UrlRule


def test_a_rule_prepares_to_build_urls_by_compile_builder():
    assert list(inspect.signature(Rule._compile_builder).parameters) == ["self", "append_unknown"]


def test_binding_a_rule_to_a_map_calls_compile_builder_and_nothing_else_that_builds():
    class Watched(UrlRule):
        calls = 0

        def _compile_builder(self, append_unknown=True):
            Watched.calls += 1
            return super()._compile_builder(append_unknown)

    Map([Watched("/jobs/<id>", endpoint="job")])
    assert Watched.calls == 2


def test_a_rule_that_builds_nothing_still_matches():
    adapter = Map([UrlRule("/jobs/<id>", endpoint="job", methods=["GET"])]).bind("localhost")
    assert adapter.match("/jobs/1", "HEAD") == ("job", {"id": "1"})
