"""The settings that a form for a job may suggest: the best known of Hadoop and Hive, with their usual values.

The service lists some two hundred of each; these are the ones that people set.
"""

from typing import Any

_MAPREDUCE = (
    ("mapreduce.job.reduces", "1", "Reduce tasks of a job"),
    ("mapreduce.job.maps", "2", "Map tasks of a job, as a wish: the input's splits decide"),
    ("mapreduce.map.memory.mb", "1024", "Memory that a map task asks for, in MiB"),
    ("mapreduce.reduce.memory.mb", "1024", "Memory that a reduce task asks for, in MiB"),
    ("mapreduce.map.java.opts", "", "Options for the Java process of a map task, such as -Xmx768m"),
    ("mapreduce.reduce.java.opts", "", "Options for the Java process of a reduce task"),
    ("mapreduce.map.maxattempts", "4", "How often a map task is tried before the job gives up"),
    ("mapreduce.reduce.maxattempts", "4", "How often a reduce task is tried before the job gives up"),
    ("mapreduce.map.speculative", "true", "Start a second copy of a map task that lags"),
    ("mapreduce.task.io.sort.mb", "100", "Memory to sort in, in MiB"),
    ("mapreduce.task.timeout", "600000", "Milliseconds of silence after which a task is given up"),
    ("mapreduce.output.fileoutputformat.compress", "false", "Compress what the job writes"),
    ("mapreduce.job.queuename", "default", "The queue that the job waits in"),
)
_HIVE = (
    ("hive.exec.reducers.bytes.per.reducer", "256000000", "Bytes of input for which a reducer is added"),
    ("hive.exec.reducers.max", "1009", "Reducers at most"),
    ("hive.exec.parallel", "false", "Run stages that do not wait for each other at the same time"),
    ("hive.exec.dynamic.partition.mode", "strict", "Whether every partition may be dynamic: strict or nonstrict"),
    ("hive.auto.convert.join", "true", "Turn joins with a small table into map-side joins"),
    ("hive.execution.engine", "mr", "What executes queries: mr or tez"),
    ("hive.merge.mapfiles", "true", "Merge small files at the end of a job that only maps"),
)
_BY_TYPE: dict[str, tuple[tuple[tuple[str, str, str], ...], tuple[str, ...]]] = {
    "Hive": (_HIVE, ("params",)),
    "Java": ((), ("args",)),
    "MapReduce": (_MAPREDUCE, ()),
    "MapReduce.Streaming": (_MAPREDUCE, ()),
    "Pig": (_MAPREDUCE, ("params", "args")),
    "Shell": ((), ("params", "args")),
    "Spark": ((), ("args",)),
    "Storm": ((), ("args",)),
    "Storm.Pyleus": ((), ("args",)),
}


def hints(job_type: str) -> dict[str, Any]:
    """`{"job_config": {"configs": [{name, value, description}], "params": {}, "args": []}}`, less what a type lacks."""
    configs, others = _BY_TYPE[job_type]
    rest: dict[str, Any] = {key: [] if key == "args" else {} for key in others}
    suggested = [{"name": name, "value": value, "description": description} for name, value, description in configs]
    return {"job_config": {"configs": suggested, **rest}}
