"""Dagster's event log in SQLite, without a new connection and a flush to disk for every event.

A run of this warehouse leaves some 900 events. Dagster's own storage opens, commits with a flush
and closes for each of them, twice for those of assets, which takes longer than building a month.
Here connections stay open, and SQLite flushes at its checkpoints: its write-ahead log keeps the
file whole, and a power cut loses at most the newest events of the history, never a figure.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.pool import StaticPool

_OPEN_SHARDS = 8
"""Files kept open at once: one per run that is looked at, and the index."""


class OpenEventLog(SqliteEventLogStorage):
    """`SqliteEventLogStorage` that keeps its connections; named in `dagster.yaml`."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._engines: OrderedDict[str, Engine] = OrderedDict()
        super().__init__(base_dir, inst_data)

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> OpenEventLog:
        return cls(inst_data=inst_data, **config_value)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock, self._engine(shard).connect() as connection, connection.begin():
            yield connection

    def _engine(self, shard: str) -> Engine:
        if shard in self._engines:
            self._engines.move_to_end(shard)
            return self._engines[shard]
        engine = create_engine(
            self.conn_string_for_shard(shard),
            poolclass=StaticPool,
            connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
        )
        if shard not in self._initialized_dbs:
            self._initdb(engine)
            self._initialized_dbs.add(shard)
        with engine.connect() as connection:
            connection.exec_driver_sql("pragma synchronous = normal")
        self._engines[shard] = engine
        while len(self._engines) > _OPEN_SHARDS:
            self._engines.popitem(last=False)[1].dispose()
        return engine

    def dispose(self) -> None:
        for engine in self._engines.values():
            engine.dispose()
        self._engines.clear()
        super().dispose()
