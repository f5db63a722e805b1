"""The ledger of refinancing: what each close knew of the investments, one file a close.

A close writes the rows that it knows otherwise than the one before: whole new rows, and void ones
where a row is no more. Whoever reads the files up to a close knows the state as of that close.
What belongs here: reading and comparing states. What does not: what happens to an investment
(`orchestration.calculations.refinancing`).
"""

from __future__ import annotations

from contextlib import closing

import duckdb
import pandas as pd
import pyarrow as pa

from orchestration.calculations.bonuses import bonus_by_month
from orchestration.calculations.refinancing import LEDGER, refinance
from orchestration.duck import connect, quoted
from orchestration.ingestion import lake
from orchestration.ledger import known, tables
from orchestration.ledger.entitlements import frame
from orchestration.ledger.known import Close
from orchestration.ledger.postings import LedgerError
from orchestration.ledger.tables import posted_months
from orchestration.settings import Settings

_KEY = ("investment_id", "period_no")
_VALUES = [name for name in LEDGER.names if name not in _KEY]
_OF_POSTINGS = (
    "dealer_id, brand_code, program_id, period_start, posted_in_month, "
    "amount_eur, credits_refinancing"
)


def newly_known(
    settings: Settings, models: duckdb.DuckDBPyConnection, close: Close, postings: pa.Table
) -> pa.Table:
    """What a close knows otherwise than the last one, in the columns of the ledger's table.

    `models` holds the accepted investments as known at the close; `postings` are the close's own,
    which are not written yet.
    """
    investments = frame(models, f"select * from warehouse.intermediate.{known.INVESTMENTS}")
    paid = _postings_to_investors(settings, investments, postings)
    rows = refinance(investments, bonus_by_month(paid, close.month), close.month)
    schema = lake.table_schema(tables.REFINANCING)
    with closing(connect(settings)) as connection:
        connection.register("now", pa.Table.from_pandas(rows, schema=LEDGER, preserve_index=False))
        _show_state(settings, connection)
        found = connection.execute(_DIFFERENCES, [close.closed_at, close.month]).to_arrow_table()
    return found.select(schema.names).cast(schema)


def state_as_of_last_close(settings: Settings) -> pd.DataFrame:
    """The rows of all investments as the last close knew them, in the columns of `LEDGER`."""
    with closing(connect(settings)) as connection:
        _show_state(settings, connection)
        rows = connection.execute("select * from state order by investment_id, period_no")
        return rows.to_arrow_table().cast(LEDGER).to_pandas(types_mapper=pd.ArrowDtype)


def prove(settings: Settings) -> None:
    """What the investments of a dealer have earned is what postings credited to him, as of the last
    close: no euro is lost, none repays twice. Dealers whose investments have all ended before keep
    what they earn afterwards.

    Raises:
        LedgerError: it is not; the message names the first that differs.
    """
    if not (paths := _paths(settings, tables.POSTINGS)):
        return
    with closing(connect(settings)) as connection:
        _show_state(settings, connection)
        month = posted_months(settings)[-1]
        wrong = frame(connection, _NOT_CREDITED.format(paths=paths, month=month))
    if len(wrong):
        first = wrong.iloc[0]
        raise LedgerError(
            f"what investments earned is not what was credited to {len(wrong)} dealers, the first "
            "of them: " + ", ".join(f"{name}={first[name]}" for name in wrong.columns)
        )


def _postings_to_investors(
    settings: Settings, investments: pd.DataFrame, postings: pa.Table
) -> pd.DataFrame:
    """All postings to those who have investments, the close's own among them."""
    sources = [f"select {_OF_POSTINGS} from made"]
    if paths := _paths(settings, tables.POSTINGS):
        sources.append(f"select {_OF_POSTINGS} from read_parquet({paths})")
    with closing(connect(settings)) as connection:
        connection.register("investors", investments[["dealer_id", "brand_code"]].astype(str))
        connection.register("made", postings)
        return frame(
            connection,
            f"select * from ({' union all '.join(sources)}) where (dealer_id, brand_code) in "
            "(select (dealer_id, brand_code) from investors)",
        )


def _show_state(settings: Settings, connection: duckdb.DuckDBPyConnection) -> None:
    """Make the rows that the last close knew the relation `state`."""
    paths = _paths(settings, tables.REFINANCING)
    if not paths:
        connection.register("state", LEDGER.empty_table())
        return
    connection.execute(
        f"create temp view state as select {', '.join(LEDGER.names)} from "
        f"read_parquet({paths}) qualify not is_void and row_number() over "
        f"(partition by {', '.join(_KEY)} order by known_in_month desc) = 1"
    )


def _paths(settings: Settings, table: str) -> str:
    """The files of a table of the ledger as an SQL list, empty without a close."""
    months = posted_months(settings)
    paths = ", ".join(quoted(tables.ledger_path(settings, table, month)) for month in months)
    return f"[{paths}]" if paths else ""


_NOT_CREDITED = """
    with earned as (
        select
            dealer_id, brand_code, max(ledger_month) as last_month,
            sum(bonus_earned_eur) as earned_eur
        from state
        group by dealer_id, brand_code
    ),
    credited as (
        select dealer_id, brand_code, sum(amount_eur) as credited_eur
        from read_parquet({paths})
        where credits_refinancing
        group by dealer_id, brand_code
    )
    select dealer_id, brand_code, earned_eur, coalesce(credited_eur, 0) as credited_eur
    from earned
    left join credited using (dealer_id, brand_code)
    -- the others have ended
    where last_month = cast('{month}' as date)
        and earned_eur <> coalesce(credited_eur, 0)
    order by dealer_id, brand_code
"""

_DIFFERENCES = f"""
    select
        {", ".join(_KEY)},
        {", ".join(f"if(now.status is null, state.{n}, now.{n}) as {n}" for n in _VALUES)},
        cast($1 as timestamp) as as_known_at,
        cast($2 as date) as known_in_month,
        now.status is null as is_void
    from now full join state using ({", ".join(_KEY)})
    where ({", ".join(f"now.{n}" for n in _VALUES)})
        is distinct from ({", ".join(f"state.{n}" for n in _VALUES)})
    order by {", ".join(_KEY)}
"""
