"""Sales targets as the OEM sets them: before each quarter, and now and then once more during it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from orchestration.ingestion.contract import Feed
from orchestration.sample import frames, vehicles
from orchestration.sample.catalog import POWERTRAINS, SEGMENTS, Models
from orchestration.sample.network import Network
from orchestration.sample.timeline import Span, first_day, off_sunday, stream

ANNOUNCED_BEFORE = 20
"""Days before the quarter."""
_RAISED_AFTER, _CONSENTED_AFTER = 34, 48
"""Days into the quarter at which some targets are raised, and some dealers agree to it."""


@dataclass(frozen=True)
class Round:
    """What is known of a quarter's targets on a day: one file. Arrays have one entry per row."""

    day: int
    contract: np.ndarray
    cell: np.ndarray
    """Number of segment x powertrain among `cells`."""
    version: int
    base: np.ndarray
    consented: np.ndarray


def sales_targets(
    feed: Feed, net: Network, models: Models, span: Span, scale: float, seed: int
) -> Iterator[tuple[pa.Table, int]]:
    """The deliveries of all quarters announced within the span, each with its day."""
    last = span.first_month + span.months - 1
    for quarter in range(span.first_month // 3, last // 3 + 2):
        for told in _rounds(net, models, span, scale, quarter, seed):
            if told.day <= span.end and len(told.base):
                yield _table(feed, net, models, quarter, told), told.day


def announced(
    net: Network, models: Models, span: Span, scale: float, quarter: int, seed: int
) -> np.ndarray:
    """Units of a quarter that each contract is first told to sell; 0 for one without targets."""
    goals = np.zeros(len(net.dealer), dtype=np.int64)
    first = next(_rounds(net, models, span, scale, quarter, seed), None)
    if first is not None:
        np.add.at(goals, first.contract, first.base)
    return goals


def _rounds(
    net: Network, models: Models, span: Span, scale: float, quarter: int, seed: int
) -> Iterator[Round]:
    begins = int(first_day(quarter * 3))
    announced = int(off_sunday(begins - ANNOUNCED_BEFORE))
    if announced > span.end:
        return
    dealer = net.dealer
    has_target = (net.opened[dealer] <= begins) & (
        (net.closed[dealer] < 0) | (net.closed[dealer] >= begins)
    )
    contract = np.flatnonzero(has_target)
    means = units(net, models, span, scale, quarter)[contract]
    rng = stream(seed, "oem__sales_targets", quarter)
    demand = rng.uniform(0.88, 1.08, len(contract))
    sells = means > 0
    base = _shared_out(means * demand[:, None])
    yield _round(announced, contract, base, sells, 1)

    raised = np.flatnonzero((contract * 7 + quarter) % 9 == 0)
    agreed = (contract[raised] + quarter) % 2 == 0
    higher = _shared_out(means[raised] * demand[raised, None] * 1.15)
    day = int(off_sunday(begins + _RAISED_AFTER))
    yield _round(day, contract[raised], higher, sells[raised], 2)
    yield _round(
        int(off_sunday(begins + _CONSENTED_AFTER)),
        contract[raised[agreed]],
        higher[agreed],
        sells[raised[agreed]],
        2,
        is_consented=True,
    )


def _round(
    day: int,
    contract: np.ndarray,
    base: np.ndarray,
    sells: np.ndarray,
    version: int,
    is_consented: bool = False,
) -> Round:
    row, cell = np.nonzero(sells)
    consented = np.full(len(row), day if is_consented else -1)
    return Round(day, contract[row], cell, version, base[row, cell], consented)


def cells(models: Models) -> tuple[np.ndarray, np.ndarray]:
    """Segment and powertrain of the cells that targets are set for, and the cell of each model."""
    pairs = np.stack([models.segment, models.powertrain], axis=1)
    return np.unique(pairs, axis=0, return_inverse=True)


def units(net: Network, models: Models, span: Span, scale: float, quarter: int) -> np.ndarray:
    """Registrations to expect of a quarter (contract x cell) that are neither cancelled nor on the
    dealer himself."""
    months = np.arange(quarter * 3, quarter * 3 + 3)
    contracts = np.arange(len(net.dealer))
    at = months - (span.first_month - vehicles.LEAD_IN)
    expected = vehicles.expected(net, contracts, span, scale)[:, at]
    shares = vehicles.model_weights(net, models, contracts, span, months)
    shares = shares.reshape(len(contracts), len(months), len(models))
    shares = shares / shares.sum(axis=2, keepdims=True)
    by_model = np.einsum("cm,cmk->ck", expected, shares)
    pairs, cell = cells(models)
    by_cell = np.zeros((len(contracts), len(pairs)))
    np.add.at(by_cell, (slice(None), cell.ravel()), by_model)
    return by_cell * (0.94 * (1 - net.self_rate[net.dealer]))[:, None]


def _shared_out(wanted: np.ndarray) -> np.ndarray:
    """Whole units by contract and cell, at least one for each contract: what is left of the whole
    total after rounding down goes to the largest fractions."""
    total = np.maximum(np.rint(wanted.sum(axis=1)), 1).astype(np.int64)
    exact = wanted * (total / np.maximum(wanted.sum(axis=1), 1e-9))[:, None]
    whole = np.floor(exact + 1e-9).astype(np.int64)
    order = np.argsort(-(exact - whole), axis=1, kind="stable")
    rank = np.empty_like(order)
    np.put_along_axis(rank, order, np.arange(wanted.shape[1])[None, :], axis=1)
    return whole + (rank < (total - whole.sum(axis=1))[:, None])


def _table(feed: Feed, net: Network, models: Models, quarter: int, told: Round) -> pa.Table:
    """Electric cars are short: their targets have an upper bound. The dealer takes six in ten of
    his base in any case."""
    begins = int(first_day(quarter * 3))
    announced = begins - ANNOUNCED_BEFORE if told.version == 1 else begins + _RAISED_AFTER
    segment, powertrain = cells(models)[0][told.cell].T
    size = len(told.base)
    return frames.frame(
        feed,
        {
            "dealer_id": frames.texts(net.dealer_id, net.dealer[told.contract]),
            "brand_code": vehicles.brand_texts(net, told.contract),
            "quarter_start": frames.days(np.full(size, begins)),
            "segment_code": frames.texts(SEGMENTS, segment),
            "powertrain_code": frames.texts(POWERTRAINS, powertrain),
            "version": frames.ints(np.full(size, told.version)),
            "base_units": frames.ints(told.base),
            "min_purchase_units": frames.ints(told.base * 6 // 10),
            "max_units": frames.ints(told.base + 1 + told.base * 3 // 10, powertrain != 0),
            "announced_on": frames.days(np.full(size, int(off_sunday(announced)))),
            "consented_on": frames.days(told.consented, told.consented < 0),
        },
    )
