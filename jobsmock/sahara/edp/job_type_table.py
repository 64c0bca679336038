"""All job types, each with everything that is particular to it. A new type is one entry here.

Schemas, checks, engines, interfaces, config hints and Oozie's reports read this table.
"""

from typing import NamedTuple

MAIN_CLASS = "edp.java.main_class"


class JobType(NamedTuple):
    engines: dict[str, str]  # by plugin; the fake plugin runs every type
    mappings: list[str]  # what an argument of an interface may become
    main: str | None = None  # what a job of this type lacks without mains; None if it has libs instead
    needs_libs: bool = False
    has_data: bool = True  # an execution needs an input and an output, unless it needs a main class
    main_class: str | None = None  # what the error for a missing main class names
    main_class_engines: tuple[str, ...] | None = None  # the engines that need one; None for all
    is_streaming: bool = False  # an execution needs a mapper and a reducer
    oozie_action: str | None = None
    hint_lists: tuple[str, ...] = ()  # lists in data/job_hints.json
    hint_keys: tuple[str, ...] = ("args",)  # what it takes beside settings, in the service's order

    def needs_main_class(self, engine: str) -> bool:
        return self.main_class is not None and (self.main_class_engines is None or engine in self.main_class_engines)


_SCRIPT, _APPLICATION = "flow requires main script", "job requires main application jar"

JOB_TYPES = {
    "Hive": JobType(
        engines={"vanilla": "oozie"},
        mappings=["params", "configs"],
        main=_SCRIPT,
        oozie_action="hive",
        hint_lists=("hive",),
        hint_keys=("params",),
    ),
    "Java": JobType(
        engines={"vanilla": "oozie"},
        mappings=["configs", "args"],
        needs_libs=True,
        main_class=MAIN_CLASS,
        oozie_action="java",
    ),
    "MapReduce": JobType(
        engines={"vanilla": "oozie"},
        mappings=["configs"],
        needs_libs=True,
        oozie_action="map-reduce",
        hint_lists=("mapred", "job"),
        hint_keys=(),
    ),
    "MapReduce.Streaming": JobType(
        engines={"vanilla": "oozie"},
        mappings=["configs"],
        is_streaming=True,
        oozie_action="map-reduce",
        hint_lists=("mapred", "job"),
        hint_keys=(),
    ),
    "Pig": JobType(
        engines={"vanilla": "oozie"},
        mappings=["params", "configs", "args"],
        main=_SCRIPT,
        oozie_action="pig",
        hint_lists=("mapred",),
        hint_keys=("params", "args"),
    ),
    "Shell": JobType(
        engines={"vanilla": "oozie", "spark": "spark"},
        mappings=["params", "configs", "args"],
        main=_SCRIPT,
        has_data=False,
        oozie_action="shell",
        hint_keys=("params", "args"),
    ),
    "Spark": JobType(
        engines={"vanilla": "spark", "spark": "spark"},
        mappings=["configs", "args"],
        main=_APPLICATION,
        main_class=MAIN_CLASS,
    ),
    "Storm": JobType(
        engines={"storm": "storm"},
        mappings=["args"],
        main=_APPLICATION,
        main_class=MAIN_CLASS,
        main_class_engines=("storm",),
    ),
    "Storm.Pyleus": JobType(
        engines={"storm": "storm"},
        mappings=[],
        main=_APPLICATION,
        main_class="topology_name",  # so the service says; it wants the main class all the same
        main_class_engines=("storm",),
    ),
}


def list_engines(plugin: str) -> dict[str, str]:
    """What runs each job type on the clusters of one of the service's plugins."""
    if plugin == "fake":
        return dict.fromkeys(JOB_TYPES, "fake")
    return {name: job_type.engines[plugin] for name, job_type in JOB_TYPES.items() if plugin in job_type.engines}
