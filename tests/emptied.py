"""One PostgreSQL database for all tests of a process, emptied between them: that is many times faster than a new one.

What a test left in it goes, rows and numbers alike. A test that changed the schema, or left a lock behind, costs the
next one a new database.
"""

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

import asyncpg

from tests.postgres import Cluster

T = TypeVar("T")
LOCK_TIMEOUT = "2s"
"""How long a connection that a test left behind may take to go."""

SHAPE = """
SELECT md5(string_agg(line, ',' ORDER BY line)) FROM (
    SELECT format('%s %s %s', oid, relname, relkind) AS line FROM pg_class
        WHERE oid >= 16384
    UNION ALL
    SELECT format('%s %s %s %s %s', attrelid, attname, atttypid, attnotnull, atthasdef) FROM pg_attribute
        WHERE attrelid >= 16384 AND attnum > 0
    UNION ALL
    SELECT format('%s %s', oid, conname) FROM pg_constraint WHERE oid >= 16384
    UNION ALL
    SELECT format('%s %s', oid, tgname) FROM pg_trigger WHERE oid >= 16384
) AS lines
"""
EMPTY = """
DO $$
DECLARE filled text;
BEGIN
    PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid();
    SELECT string_agg(oid::regclass::text, ', ') INTO filled FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0;
    IF filled IS NOT NULL THEN
        EXECUTE 'TRUNCATE ' || filled || ' CASCADE';
    END IF;
    PERFORM setval(seqrelid, 1, false) FROM pg_sequence WHERE pg_sequence_last_value(seqrelid) IS NOT NULL;
END $$
"""


class EmptiedDatabase:
    """`url()` is the address of the database, empty but for the schema of the template."""

    def __init__(self, cluster: Cluster, name: str, template: str) -> None:
        self._cluster, self._name, self._template = cluster, name, template
        self._loop = asyncio.new_event_loop()  # connections belong to a loop, and every test has another one
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._connection: asyncpg.Connection | None = None
        self._shape = ""

    def url(self) -> str:
        """Raises what asyncpg raises when the server does not answer."""
        self._run(self._emptied())
        return self._cluster.url(self._name)

    def close(self) -> None:
        if self._connection is not None:
            self._run(self._connection.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _emptied(self) -> None:
        if self._connection is not None:
            try:
                await self._connection.execute(EMPTY)
                if await self._connection.fetchval(SHAPE) == self._shape:
                    return
            except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
                pass
            self._connection.terminate()
            self._connection = None
        await self._made()

    async def _made(self) -> None:
        await self._cluster.drop_database(self._name)
        await self._cluster.create_database(self._name, template=self._template)
        self._connection = await asyncpg.connect(**self._cluster.connect_options, database=self._name)
        await self._connection.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
        self._shape = await self._connection.fetchval(SHAPE)
