"""How the records of a sample refer to each other: by id or by name."""

from collections import defaultdict

from jobsmock.sahara.clusters import plugins
from jobsmock.world.store import Record
from jobsmock.world.validation import suggest


class References:
    """The records of a sample by what others may call them."""

    def __init__(self) -> None:
        self._by_name: dict[tuple[str, str], list[Record]] = defaultdict(list)

    def register(self, table: str, record: Record, key: str) -> None:
        """Make a record known by its `key`, which is `id` or `name`. ValueError if another has the same."""
        namesakes = self._by_name[table, record[key]]
        for other in namesakes:
            replays = key == "name" and (record.get("replay") or other.get("replay"))
            is_twin = other["tenant_id"] == record["tenant_id"] and other.get(key) == record[key] and not replays
            if is_twin and other is not record:
                raise ValueError(f"{key}: duplicate value {record[key]!r}: an earlier record has it")
        namesakes.append(record)

    def resolve(self, record: Record, key: str, table: str, given: str) -> Record:
        """What a reference means, by id or by name: of the record's own project, else of every, else a public one."""
        ranks = {record["tenant_id"]: 0, None: 1}
        found = [
            one
            for one in self._by_name[table, given]
            if one["tenant_id"] in ranks or one["is_public"] or one["id"] == given
        ]
        if not found:
            raise ValueError(f"{key}: unknown reference {given!r}: expected the id or the name of a record in {table}")
        return min(found, key=lambda one: ranks.get(one["tenant_id"], 2))

    def resolve_all(self, record: Record, **tables: str) -> dict[str, str]:
        """The ids that a record's references mean, each to a record of a table."""
        given = {key: table for key, table in tables.items() if record.get(key) is not None}
        return {key: self.resolve(record, key, table, record[key])["id"] for key, table in given.items()}

    def find_plugin(self, record: Record) -> Record:
        """The plugin that a cluster or a template names, which has to have the version, in that version."""
        name, version = record["plugin_name"], record["hadoop_version"]
        known = self._by_name[plugins.TABLE, name]
        plugin = next((one for one in reversed(known) if one["tenant_id"] in (None, record["tenant_id"])), None)
        if plugin is None:
            near = suggest(name, self._names_of(plugins.TABLE))
            raise ValueError(f"plugin_name: unknown plugin {name!r}: {near}")
        if version not in plugin["versions"]:
            there = ", ".join(plugin["versions"])
            raise ValueError(f"hadoop_version: unknown version {version!r} of {name}: expected one of {there}")
        return plugins.select_version(plugin, version)

    def _names_of(self, table: str) -> tuple[str, ...]:
        return tuple(
            dict.fromkeys(one["name"] for (kind, _), all in self._by_name.items() if kind == table for one in all)
        )
