"""The append-only ledger: what each close posted, one file a close, never written again.

What belongs here: which postings a close makes, and reading and writing them. What does not: what
dealers are entitled to (`entitlements`), and when a close is taken (`post`).
"""

from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

from orchestration.ingestion import lake
from orchestration.ledger import tables
from orchestration.ledger.known import Close
from orchestration.ledger.tables import posted_months
from orchestration.settings import Settings

KEY = ["dealer_id", "brand_code", "program_id", "program_version", "period_start"]
"""What is settled by itself: a dealer's period of a programme."""


class LedgerError(RuntimeError):
    """The ledger cannot be continued; nothing was posted. The message says why, and the remedy."""


def posting_amounts(
    entitled: pd.DataFrame, without_removed: pd.DataFrame, posted: pd.DataFrame
) -> pd.DataFrame:
    """What a close posts: KEY, `posting_type`, `amount_cents`; nothing where that is 0.

    Args:
        entitled: KEY and `entitlement_cents` as known at this close.
        without_removed: the same as known at the last close, but without the units that were
            cancelled or deregistered since; only of dealers who lost such units.
        posted: KEY and `posted_cents`, the sum of all earlier postings; a row wherever there was
            one.
    """
    remaining = without_removed.rename(columns={"entitlement_cents": "remaining_cents"})
    amounts = (
        whole(entitled, "entitlement_cents")
        .merge(whole(posted, "posted_cents"), how="outer", on=KEY)
        .merge(whole(remaining, "remaining_cents"), how="left", on=KEY)
    )
    is_first = amounts["posted_cents"].isna().to_numpy()
    entitled_cents = _filled(amounts["entitlement_cents"], 0)
    posted_cents = _filled(amounts["posted_cents"], 0)
    remaining_cents = _filled(amounts["remaining_cents"], posted_cents)
    claw_back = np.where(is_first, 0, remaining_cents - posted_cents)
    parts = {
        "SETTLEMENT": np.where(is_first, entitled_cents, 0),
        "CLAWBACK": claw_back,
        "ADJUSTMENT": np.where(is_first, 0, entitled_cents - posted_cents - claw_back),
    }
    postings = pd.concat(
        [
            amounts[KEY].assign(posting_type=posting_type, amount_cents=cents)
            for posting_type, cents in parts.items()
        ],
        ignore_index=True,
    )
    return postings[postings["amount_cents"] != 0].reset_index(drop=True)


def whole(rows: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """KEY and columns of whole cents, which stay whole where a merge leaves some out: as int64 they
    would become floating point."""
    return rows[[*KEY, *columns]].astype(dict.fromkeys(columns, "Int64"))


def _filled(numbers: pd.Series, missing: int | np.ndarray) -> np.ndarray:
    is_missing = numbers.isna().to_numpy()
    return np.where(is_missing, missing, numbers.fillna(0).to_numpy(dtype=np.int64))


def posted(settings: Settings) -> pd.DataFrame:
    """KEY and `posted_cents` (int64), the sum of all postings."""
    paths = [
        str(tables.ledger_path(settings, tables.POSTINGS, month))
        for month in posted_months(settings)
    ]
    if not paths:
        return pd.DataFrame(columns=[*KEY, "posted_cents"])
    with duckdb.connect() as connection:
        return (
            connection.execute(
                f"select {', '.join(KEY)}, cast(sum(amount_eur) * 100 as bigint) as posted_cents "
                f"from read_parquet($1) group by all order by all",
                [paths],
            )
            .to_arrow_table()
            .to_pandas(integer_object_nulls=True)
        )


def posting_rows(close: Close, postings: pd.DataFrame, credits: pd.DataFrame) -> pa.Table:
    """What a close posts in the columns of the ledger; `credits` says by program_id and
    period_start whether postings credit refinancing."""
    made = postings.merge(credits, how="left", on=["program_id", "period_start"])
    schema = lake.table_schema(tables.POSTINGS)
    with duckdb.connect() as connection:
        connection.register("made", pa.Table.from_pandas(made, preserve_index=False))
        return (
            connection.execute(_POSTINGS, {"month": close.month, "closed_at": close.closed_at})
            .to_arrow_table()
            .select(schema.names)
            .cast(schema)
        )


def append(settings: Settings, close: Close, rows: pa.Table) -> None:
    """Write what a close posts, an empty file where that is nothing; this makes the close count.

    Raises:
        LedgerError: the close is posted already.
    """
    path = tables.ledger_path(settings, tables.POSTINGS, close.month)
    if path.exists():
        raise LedgerError(f"{path} is there: a close is posted once")
    with lake.workspace(settings) as workspace:
        lake.write_table(rows, path, workspace)


_POSTINGS = """
    select
        sha256(concat_ws(
            '|', dealer_id, brand_code, program_id, program_version, period_start,
            posted_in_month, posting_type
        )) as posting_id,
        *
    from (
        select
            cast(dealer_id as varchar) as dealer_id,
            cast(brand_code as varchar) as brand_code,
            cast(program_id as varchar) as program_id,
            cast(program_version as bigint) as program_version,
            cast(period_start as date) as period_start,
            cast($month as date) as posted_in_month,
            cast(posting_type as varchar) as posting_type,
            cast(
                cast(amount_cents as decimal(18, 0)) * cast(0.01 as decimal(3, 2)) as decimal(18, 2)
            ) as amount_eur,
            cast(credits_refinancing as boolean) as credits_refinancing,
            cast($closed_at as timestamp) as as_known_at
        from made
    )
    order by program_id, period_start, dealer_id, brand_code, program_version, posting_type
"""
