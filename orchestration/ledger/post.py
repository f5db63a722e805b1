"""Taking the closes that are due: what is known at each is decided, and the difference is posted.

    months = post_due_closes(settings)

A close counts once its file of postings is in place; whatever a cut run left before that is made
again. Whether the ledger holds what dealers are entitled to is proved at the end of every call.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import pairwise

from orchestration.ingestion import lake
from orchestration.ledger import refinancing, tables
from orchestration.ledger.due import CLOSES_FEED, closes_loaded_at, is_up_to_date
from orchestration.ledger.known import Close, KnownModels, known_models
from orchestration.ledger.postings import (
    KEY,
    LedgerError,
    append,
    posted,
    posting_amounts,
    posting_rows,
    whole,
)
from orchestration.ledger.settled import Settled
from orchestration.ledger.tables import posted_months
from orchestration.settings import Settings
from orchestration.state import FEED_GATE, LEDGER, read_state, write_state


def post_due_closes(
    settings: Settings, on_progress: Callable[[str], None] | None = None
) -> list[date]:
    """Post every close that is due and not posted yet, in order; gives their months.

    Raises:
        LedgerError: the feed gate stopped what is loaded, closes leave a month out or go back in
            time, ledger and lake do not know the same closes, or the sum of all postings is not
            what dealers are entitled to.
        DbtError: the dbt project does not compile.
    """
    if read_state(settings, FEED_GATE).get("success") is False:
        raise LedgerError("the feed gate does not hold: correct the delivery and run again")
    if is_up_to_date(settings):
        _prove(settings, posted_months(settings))
        return []
    with known_models(settings) as models:
        closes = models.closes
        done = posted_months(settings)
        _check_order(closes, done)
        _know_settled(settings, models, done)
        if done and not Settled(settings, done[-1]).exists():
            models.build(closes[len(done) - 1])
            Settled(settings, done[-1]).make(models.connection)
        due = closes[len(done) :]
        for close in due:
            if on_progress:
                on_progress(f"close of {close.month:%Y-%m}")
            _post(settings, models, close, done[-1] if done else None)
            done.append(close.month)
        next_close_at = models.next_close_at
    _prove(settings, done)
    write_state(
        settings,
        LEDGER,
        {
            "closes_loaded_at": closes_loaded_at(settings),
            "posted": len(done),
            "next_close_at": None if next_close_at is None else str(next_close_at),
        },
    )
    return [close.month for close in due]


def _check_order(closes: list[Close], done: list[date]) -> None:
    months = [close.month for close in closes]
    for earlier, later in pairwise(closes):
        distance = (later.month.year - earlier.month.year) * 12
        if distance + later.month.month - earlier.month.month != 1:
            raise LedgerError(
                f"{CLOSES_FEED}: {later.month:%Y-%m} is closed, but not every month since "
                f"{earlier.month:%Y-%m}: deliver the closes in between"
            )
        if later.closed_at < earlier.closed_at:
            raise LedgerError(
                f"{CLOSES_FEED}: {later.month:%Y-%m} is closed at {later.closed_at}, before the "
                f"month before it ({earlier.closed_at}): withdraw that close and deliver it again"
            )
    if done == months[: len(done)]:
        return
    if unknown := [f"{month:%Y-%m}" for month in done if month not in months]:
        raise LedgerError(
            f"the ledger holds closes that the lake does not know: {', '.join(unknown)}; restore "
            "the lake that they were posted from"
        )
    missing = next(month for month in months if month not in done)
    raise LedgerError(
        f"the ledger does not hold the close of {missing:%Y-%m}, but that of {done[-1]:%Y-%m}: "
        "restore its files, or delete the ledger whole to have it posted again from the lake"
    )


def _know_settled(settings: Settings, models: KnownModels, done: list[date]) -> None:
    for table in tables.LEDGER_TABLES:
        paths = [tables.ledger_path(settings, table, month) for month in done]
        for path in paths:
            if not path.is_file():
                raise LedgerError(
                    f"{path} is missing: restore it, or delete {settings.ledger} whole to have it "
                    "posted again from the lake"
                )
        if table in tables.SETTLED_TABLES:
            models.know_settled(table, paths)


def _post(settings: Settings, models: KnownModels, close: Close, previous: date | None) -> None:
    models.build(close)
    connection = models.connection
    before = posted(settings)
    removed = None if previous is None else Settled(settings, previous).without_removed(connection)
    settled = Settled(settings, close.month)
    settled.make(connection)
    entitled = settled.statements()
    if removed is None:
        removed = entitled.iloc[:0]
    postings = posting_rows(close, posting_amounts(entitled, removed, before), models.credits())
    newly_settled = models.newly_settled(close)
    written = newly_settled | {
        tables.REFINANCING: refinancing.newly_known(settings, connection, close, postings)
    }
    with lake.workspace(settings) as workspace:
        for table, rows in written.items():
            lake.write_table(rows, tables.ledger_path(settings, table, close.month), workspace)
    append(settings, close, postings)
    for table in newly_settled:
        models.know_settled(table, [tables.ledger_path(settings, table, close.month)])


def _prove(settings: Settings, done: list[date]) -> None:
    """The sum of all postings is what dealers are entitled to as of the last close, and what their
    investments earned is what was credited to them.

    Raises:
        LedgerError: it is not; the message names the first that differs.
    """
    if not done:
        return
    entitled = whole(Settled(settings, done[-1]).statements(), "entitlement_cents")
    both = entitled.merge(whole(posted(settings), "posted_cents"), how="outer", on=KEY)
    difference = both["entitlement_cents"].fillna(0) - both["posted_cents"].fillna(0)
    if (wrong := both[(difference != 0).to_numpy()]).size:
        first = wrong.iloc[0]
        raise LedgerError(
            f"{len(wrong)} sums of postings are not the entitlement as of the close of "
            f"{done[-1]:%Y-%m}, the first of them: "
            + ", ".join(f"{name}={first[name]}" for name in both.columns)
        )
    refinancing.prove(settings)
