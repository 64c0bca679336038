"""The facts about each job type. To add a job type, add an entry to `JOB_TYPES`.

The schemas of jobs, the checks of jobs and executions, the engines of plugins, job interfaces, config hints and the
reports of Oozie all read this table.
"""

from typing import NamedTuple

MAIN_CLASS = "edp.java.main_class"  # the config that names the main class of an execution


class OozieAction(NamedTuple):
    """The action that Oozie runs for a job type, and the class of `org.apache.oozie.action.hadoop` that runs it."""

    type: str
    main_class: str


class JobType(NamedTuple):
    """What a job of one type consists of, what its executions need, and what runs them."""

    engines: dict[str, str]  # by plugin; the fake plugin runs every type
    mappings: list[str]  # the mapping types that an interface may use
    mains_error: str | None = None  # of a job without mains; None if jobs of this type have no mains
    needs_libs: bool = False
    has_data: bool = True  # an execution that needs no main class needs an input and an output
    main_class_label: str | None = None  # its name in the error if it is missing; None if the type has none
    main_class_engines: tuple[str, ...] | None = None  # the engines that need a main class; None means all engines
    is_streaming: bool = False  # an execution needs a mapper and a reducer
    oozie_action: OozieAction | None = None  # None if Oozie does not run the type
    hint_lists: tuple[str, ...] = ()  # the lists of data/job_hints.json whose configs are suggested
    hint_keys: tuple[str, ...] = ("args",)  # the other keys of a config hint, in the order of the service

    def needs_main_class(self, engine: str) -> bool:
        return self.main_class_label is not None and (
            self.main_class_engines is None or engine in self.main_class_engines
        )


_SCRIPT, _APPLICATION = "flow requires main script", "job requires main application jar"
_MAP_REDUCE = OozieAction("map-reduce", "MapReduceMain")

JOB_TYPES: dict[str, JobType] = {
    "Hive": JobType(
        engines={"vanilla": "oozie"},
        mappings=["params", "configs"],
        mains_error=_SCRIPT,
        oozie_action=OozieAction("hive", "HiveMain"),
        hint_lists=("hive",),
        hint_keys=("params",),
    ),
    "Java": JobType(
        engines={"vanilla": "oozie"},
        mappings=["configs", "args"],
        needs_libs=True,
        main_class_label=MAIN_CLASS,
        oozie_action=OozieAction("java", "JavaMain"),
    ),
    "MapReduce": JobType(
        engines={"vanilla": "oozie"},
        mappings=["configs"],
        needs_libs=True,
        oozie_action=_MAP_REDUCE,
        hint_lists=("mapred", "job"),
        hint_keys=(),
    ),
    "MapReduce.Streaming": JobType(
        engines={"vanilla": "oozie"},
        mappings=["configs"],
        is_streaming=True,
        oozie_action=_MAP_REDUCE,
        hint_lists=("mapred", "job"),
        hint_keys=(),
    ),
    "Pig": JobType(
        engines={"vanilla": "oozie"},
        mappings=["params", "configs", "args"],
        mains_error=_SCRIPT,
        oozie_action=OozieAction("pig", "PigMain"),
        hint_lists=("mapred",),
        hint_keys=("params", "args"),
    ),
    "Shell": JobType(
        engines={"vanilla": "oozie", "spark": "spark"},
        mappings=["params", "configs", "args"],
        mains_error=_SCRIPT,
        has_data=False,
        oozie_action=OozieAction("shell", "ShellMain"),
        hint_keys=("params", "args"),
    ),
    "Spark": JobType(
        engines={"vanilla": "spark", "spark": "spark"},
        mappings=["configs", "args"],
        mains_error=_APPLICATION,
        main_class_label=MAIN_CLASS,
    ),
    "Storm": JobType(
        engines={"storm": "storm"},
        mappings=["args"],
        mains_error=_APPLICATION,
        main_class_label=MAIN_CLASS,
        main_class_engines=("storm",),
    ),
    "Storm.Pyleus": JobType(
        engines={"storm": "storm"},
        mappings=[],
        mains_error=_APPLICATION,
        main_class_label="topology_name",  # as the error of the service says, although it checks edp.java.main_class
        main_class_engines=("storm",),
    ),
}


def list_engines(plugin: str) -> dict[str, str]:
    """Map each job type that a standard plugin runs to the engine that runs it."""
    if plugin == "fake":
        return dict.fromkeys(JOB_TYPES, "fake")
    return {name: job_type.engines[plugin] for name, job_type in JOB_TYPES.items() if plugin in job_type.engines}
