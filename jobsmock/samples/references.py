"""References between the records of a sample, which are by id or by name. completion.py resolves them to ids."""

from collections import defaultdict

from jobsmock.sahara.clusters import plugins
from jobsmock.world.store import Record
from jobsmock.world.validation import suggest


class References:
    """The records of a sample that others can refer to."""

    def __init__(self) -> None:
        self._records: dict[tuple[str, str], list[Record]] = defaultdict(list)

    def register(self, table: str, record: Record, key: str) -> None:
        """Register a record by its `key`, which is `id` or `name`. ValueError if another record has the same value."""
        namesakes = self._records[table, record[key]]
        for other in namesakes:
            replays = key == "name" and (record.get("replay") or other.get("replay"))
            is_twin = other["tenant_id"] == record["tenant_id"] and other.get(key) == record[key] and not replays
            if is_twin and other is not record:
                raise ValueError(f"{key}: duplicate value {record[key]!r}: an earlier record has it")
        namesakes.append(record)

    def resolve(self, record: Record, key: str, table: str, reference: str) -> Record:
        """Return the record that `reference` is the id or name of. ValueError if there is none.

        `key` is the field of `record` with the reference. A record of the same project comes before one of every
        project, and that before a public one of another project.
        """
        ranks = {record["tenant_id"]: 0, None: 1}
        candidates = [
            other
            for other in self._records[table, reference]
            if other["tenant_id"] in ranks or other["is_public"] or other["id"] == reference
        ]
        if not candidates:
            expected = f"expected the id or the name of a record in {table}"
            raise ValueError(f"{key}: unknown reference {reference!r}: {expected}")
        return min(candidates, key=lambda other: ranks.get(other["tenant_id"], 2))

    def resolve_all(self, record: Record, **tables: str) -> dict[str, str]:
        """Resolve the fields of a record that refer to `tables`, such as `image_id="images"`, to ids."""
        present = {key: table for key, table in tables.items() if record.get(key) is not None}
        return {key: self.resolve(record, key, table, record[key])["id"] for key, table in present.items()}

    def find_plugin(self, record: Record) -> Record:
        """Return the plugin of a cluster or template, in its version. ValueError if either is unknown."""
        name, version = record["plugin_name"], record["hadoop_version"]
        namesakes = self._records[plugins.TABLE, name]
        plugin = next((one for one in reversed(namesakes) if one["tenant_id"] in (None, record["tenant_id"])), None)
        if plugin is None:
            raise ValueError(f"plugin_name: unknown plugin {name!r}: {suggest(name, self._list_names(plugins.TABLE))}")
        if version not in plugin["versions"]:
            versions = ", ".join(plugin["versions"])
            raise ValueError(f"hadoop_version: unknown version {version!r} of {name}: expected one of {versions}")
        return plugins.select_version(plugin, version)

    def _list_names(self, table: str) -> tuple[str, ...]:
        records = (record for (of, _), namesakes in self._records.items() if of == table for record in namesakes)
        return tuple(dict.fromkeys(record["name"] for record in records))
