"""Targets and incentives against the spec written down a second time, in plain Python.

The recomputation in `tests/support/incentives_recomputed.py` is held against the golden cases of
the spec and cases worked out by hand. Then random worlds are built by the warehouse, load by load,
and every column of every table has to be what the recomputation says.
"""

from __future__ import annotations

import hashlib
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from orchestration.ledger.post import post_due_closes
from orchestration.settings import Settings
from tests.support.incentives_recomputed import (
    TABLE_KEYS,
    Account,
    Load,
    Period,
    Row,
    Tables,
    Unit,
    apportion,
    keyed,
    outlook,
    postings_of,
    recompute_money,
    z_score,
)
from tests.support.lake import File, Lake
from tests.support.random_incentives import World, random_world, write
from tests.support.warehouse import fetch, new_settings, run_money

SEED = 12
"""A world of seven months that has every branch."""
SLOW_SEEDS = range(300, 306)

MARCH = date(2024, 3, 1)


# -- the golden cases of the spec, on the recomputation ---------------------------------------


def account(tiers: list[tuple[str, str]], units: list[Unit] | int = 0, **changes: Any) -> Account:
    """An account of a programme that pays EUR per registered unit, unless told otherwise."""
    of_account = {
        name: changes.pop(name)
        for name in ("target_units", "kpi_value", "is_gate_met", "removed")
        if name in changes
    }
    version = {
        "program_id": "P1",
        "version": 1,
        "brand_code": "AURA",
        "measure": "UNITS_REGISTERED",
        "payout_basis": "EUR_PER_UNIT",
        "tier_mode": "RETROACTIVE",
        "cap_eur": None,
    } | changes
    rows = [
        {"tier_no": n, "threshold": Decimal(threshold), "rate": Decimal(rate)}
        for n, (threshold, rate) in enumerate(tiers, start=1)
    ]
    if isinstance(units, int):
        units = [unit(n) for n in range(1, units + 1)]
    period = Period(version, tuple(rows), MARCH, date(2024, 3, 31), None)
    return Account(period, "D1", tuple(units), **of_account)


def unit(number: int, list_price: str = "30000", net_price: str = "0") -> Unit:
    event = {"event_id": f"E{number:04d}", "vin": f"V{number:04d}", "event_date": MARCH}
    return Unit(event, "COUNTS", Fraction(list_price), Fraction(net_price))


def euros(*accounts: Account) -> Decimal:
    return sum(Decimal(a.entitlement) for a in accounts) / 100


def test_case_1_retroactive_volume_pays_the_difference_at_the_second_close() -> None:
    """7,000 at 2 % is 140; 27,000 at 4 % is 1,080, of which 140 have been paid."""
    volume = {"measure": "REVENUE_NET", "payout_basis": "RATE_OF_NET_PRICE"}
    tiers = [("5000", "0.02"), ("20000", "0.04")]
    first = account(tiers, [unit(1, net_price="7000")], **volume)
    both = account(tiers, [unit(1, net_price="7000"), unit(2, net_price="20000")], **volume)
    assert (euros(first), euros(both)) == (140, 1080)
    assert list(postings_of(14_000, first, both)) == [("ADJUSTMENT", 94_000)]


STAIRS = [("0.9", "200"), ("1", "400"), ("1.1", "600")]


@pytest.mark.parametrize(
    ("units", "entitlement"),
    [(44, 0), (45, 9_000), (49, 9_800), (50, 20_000), (54, 21_600), (55, 33_000)],
)
def test_case_2_stair_step(units: int, entitlement: int) -> None:
    assert (
        euros(account(STAIRS, units, measure="TARGET_ATTAINMENT", target_units=50)) == entitlement
    )


def test_case_2_the_fiftieth_car_is_worth_10200() -> None:
    row = outlook(account(STAIRS, 49, measure="TARGET_ATTAINMENT", target_units=50))
    assert row["next_unit_value_eur"] == row["payout_at_next_tier_eur"] - row["payout_now_eur"]
    assert row["next_unit_value_eur"] == 10_200
    assert (row["next_threshold"], row["units_to_next_tier"], row["is_cliff"]) == (1, 1, False)


@pytest.mark.parametrize(
    ("attained", "percent"),
    [
        ("0.69", "0"),
        ("0.7", "0.5"),
        ("0.75", "1.125"),
        ("0.8", "1.75"),
        ("0.85", "2"),
        ("0.86", "2"),
    ],
)
def test_case_3_linear_beside_a_second_programme(attained: str, percent: str) -> None:
    shared = {
        "units": [unit(1, list_price="100000")],
        "measure": "KPI",
        "kpi_value": Fraction(attained),
        "payout_basis": "RATE_OF_LIST_PRICE",
    }
    first = account([("0.7", "0.005"), ("0.8", "0.0175")], tier_mode="LINEAR", **shared)
    second = account([("0.85", "0.0025")], **shared)
    assert euros(first, second) == Decimal(percent) * 1000


def test_case_4_at_most_three_percent() -> None:
    def programme(tiers: list[tuple[str, str]], attained: str) -> Account:
        return account(
            tiers,
            [unit(1, list_price="25000")],
            measure="KPI",
            kpi_value=Fraction(attained),
            payout_basis="RATE_OF_LIST_PRICE",
        )

    sales = programme([("0.75", "0.0025"), ("1", "0.01"), ("1.25", "0.0175")], "1.4")
    used = programme([("0.7", "0.0025"), ("1", "0.005")], "1")
    csi = programme([("0", "0.0075")], "0.9")
    assert euros(sales, used, csi) == 750


def test_case_5_marginal() -> None:
    tiers = [("1", "100"), ("11", "200"), ("21", "300")]
    paid = account(tiers, 25, tier_mode="MARGINAL")
    assert euros(paid) == 4_500
    assert Counter(line["tier"] for line in paid.lines) == {1: 10, 2: 10, 3: 5}


def test_case_6_cap_to_the_cent() -> None:
    paid = account([("1", "4000")], 3, cap_eur=Decimal("10000.00"))
    assert [line["cents"] for line in paid.lines] == [333_334, 333_333, 333_333]


def test_case_7_a_deregistration_takes_the_tier_away_too() -> None:
    stairs = {"measure": "TARGET_ATTAINMENT", "target_units": 50}
    then = account(STAIRS, 55, **stairs)
    now = account(STAIRS, 54, removed=frozenset({"E0055"}), **stairs)
    assert list(postings_of(None, None, then)) == [("SETTLEMENT", 3_300_000)]
    assert list(postings_of(3_300_000, then, now)) == [("CLAWBACK", -1_140_000)]


# -- rules of the recomputation, by hand ------------------------------------------------------


def test_a_removal_and_a_new_unit_are_posted_apart() -> None:
    """Of ten units at 100 one was removed, and one came late: -100 and +100."""
    then = account([("1", "100")], 10)
    now = account([("1", "100")], [unit(n) for n in range(2, 12)], removed=frozenset({"E0001"}))
    assert list(postings_of(100_000, then, now)) == [("CLAWBACK", -10_000), ("ADJUSTMENT", 10_000)]


def test_a_unit_that_came_and_went_between_two_closes_is_no_clawback() -> None:
    then = account([("1", "100")], 2)
    now = account([("1", "100")], 2, removed=frozenset({"E0009"}))
    assert list(postings_of(20_000, then, now)) == []


def test_a_first_posting_is_a_settlement_however_late() -> None:
    below, above = account([("3", "100")], 2), account([("3", "100")], 3)
    assert list(postings_of(None, below, below)) == []
    assert list(postings_of(None, below, above)) == [("SETTLEMENT", 30_000)]


def test_an_account_that_fell_to_nothing_is_adjusted_not_settled_again() -> None:
    none, three = account([("3", "100")], 2), account([("3", "100")], 3)
    assert list(postings_of(30_000, three, none)) == [("ADJUSTMENT", -30_000)]
    assert list(postings_of(0, none, three)) == [("ADJUSTMENT", 30_000)]


def test_a_missed_gate_keeps_the_lines_at_zero_before_a_missed_tier() -> None:
    lines = account([("3", "100")], 2, is_gate_met=False).lines
    assert [(line["cents"], line["reason"]) for line in lines] == [(0, "GATE_NOT_MET")] * 2
    lines = account([("3", "100")], 2).lines
    assert [(line["cents"], line["reason"]) for line in lines] == [(0, "BELOW_FIRST_TIER")] * 2


def test_an_unknown_measure_earns_nothing() -> None:
    assert account(STAIRS, 9, measure="TARGET_ATTAINMENT").entitlement == 0
    assert account([("0.1", "100")], 9, measure="KPI").entitlement == 0


def test_the_marginal_revenue_tier_is_that_of_the_revenue_with_the_unit() -> None:
    """10,000 stays below 15,000; the second car crosses it and is paid itself."""
    units = [unit(1, net_price="10000"), unit(2, net_price="10000")]
    paid = account(
        [("15000", "0.1")],
        units,
        measure="REVENUE_NET",
        payout_basis="RATE_OF_NET_PRICE",
        tier_mode="MARGINAL",
    )
    assert [line["cents"] for line in paid.lines] == [0, 100_000]


def test_a_line_is_rounded_half_up() -> None:
    """12.5 % of 0.20 are 2.5 cents."""
    paid = account([("1", "0.125")], [unit(1, "0.2")], payout_basis="RATE_OF_LIST_PRICE")
    assert [line["cents"] for line in paid.lines] == [3]


def test_a_cliff_is_a_next_unit_worth_more_than_the_average_car() -> None:
    """The second car brings 12,000 for each: 24,000 - 0, and cars cost 20,000."""
    tiers = [("2", "12000")]
    assert outlook(account(tiers, [unit(1, "20000")]))["is_cliff"]
    assert not outlook(account(tiers, [unit(1, "24000")]))["is_cliff"]
    assert not outlook(account(tiers))["is_cliff"]


def test_the_outlook_takes_the_gate_as_met_and_the_cap_as_it_is() -> None:
    row = outlook(account([("2", "100")], 1, is_gate_met=False, cap_eur=Decimal("150.00")))
    assert (row["payout_now_eur"], row["payout_at_next_tier_eur"]) == (0, 150)


def test_the_outlook_at_the_top_and_of_a_kpi_has_no_way_up() -> None:
    top = outlook(account([("1", "100")], 1))
    assert (top["next_threshold"], top["units_to_next_tier"]) == (None, None)
    assert (top["payout_at_next_tier_eur"], top["next_unit_value_eur"]) == (None, 100)
    kpi = outlook(account([("80", "100")], 1, measure="KPI", kpi_value=Fraction(70)))
    assert (kpi["next_threshold"], kpi["units_to_next_tier"]) == (80, None)
    assert kpi["payout_at_next_tier_eur"] is None


@pytest.mark.parametrize(
    ("total", "weights", "floors", "caps", "parts", "is_feasible"),
    [
        (10, [1, 1, 1], None, None, [4, 3, 3], True),
        (10, [0, 0], None, None, [5, 5], True),
        (10, [6, 3, 1], [0, 0, 4], None, [4, 2, 4], True),
        (10, [6, 3, 1], None, [3, None, None], [3, 5, 2], True),
        (10, [1, 0, 0], None, [4, None, None], [4, 3, 3], True),
        (3, [1, 1], [2, 2], None, [2, 2], False),
        (9, [1, 1], None, [2, 3], [2, 3], False),
        (0, [2, 1], None, None, [0, 0], True),
    ],
)
def test_apportion(
    total: int,
    weights: list[int],
    floors: list[int] | None,
    caps: list[int | None] | None,
    parts: list[int],
    is_feasible: bool,
) -> None:
    keys = list("abc")[: len(weights)]
    assert apportion(total, weights, keys, floors, caps) == (parts, is_feasible)


def test_a_z_score_needs_three_peers_who_differ() -> None:
    half = Fraction(1, 2)
    assert z_score(half, [half, Fraction(0)]) is None
    assert z_score(half, [half] * 3) is None
    # mean 1/3, variance ((1/3)^2 * 2 + (2/3)^2) / 3 = 2/9; (1 - 1/3) / sqrt(2/9) = sqrt(2)
    assert z_score(Fraction(1), [Fraction(1), Fraction(0), Fraction(0)]) == Decimal("1.414214")


# -- small histories by hand ------------------------------------------------------------------

AS_OF = datetime(2024, 9, 1, tzinfo=UTC)
DEALER = {
    "dealer_id": "D1",
    "brand_code": "AURA",
    "dealer_name": "Autohaus Eins",
    "contract_model": "DEALER",
    "postal_code": "80331",
    "district_code": "09162",
    "peer_group": "CITY",
    "is_top_partner": False,
    "opened_on": date(2000, 1, 1),
}
MODEL = {
    "model_code": "M1",
    "brand_code": "AURA",
    "model_name": "Aura One",
    "segment_code": "SUV",
    "powertrain_code": "BEV",
    "list_price_eur": Decimal("40000.00"),
    "max_discount_rate": Decimal("0.1"),
}
PROGRAM = {
    "program_id": "P1",
    "version": 1,
    "brand_code": "AURA",
    "program_name": "Bonus",
    "period_grain": "MONTH",
    "measure": "UNITS_REGISTERED",
    "payout_basis": "EUR_PER_UNIT",
    "tier_mode": "RETROACTIVE",
    "hold_days": 30,
    "grace_days": 10,
    "payment_days": 14,
    "credits_refinancing": True,
    "valid_from": date(2024, 1, 1),
    "announced_on": date(2023, 12, 1),
    "approved_by_1": "Anna Amsel",
    "approved_by_2": "Bernd Buche",
}


def event(number: int, kind: str, day: date, dealer_id: str = "D1", **changes: Any) -> Row:
    return {
        "event_id": f"{kind[0]}{number}",
        "dealer_id": dealer_id,
        "brand_code": "AURA",
        "vin": f"WAUZZZ8V0KA{number:06d}",
        "event_type": kind,
        "event_date": day,
        "model_code": "M1",
        "holder_type": "PRIVATE",
    } | changes


def tiers(*steps: tuple[str, str], version: int = 1) -> list[Row]:
    return [
        {
            "program_id": "P1",
            "version": version,
            "tier_no": n,
            "threshold": Decimal(threshold),
            "rate": Decimal(rate),
        }
        for n, (threshold, rate) in enumerate(steps, start=1)
    ]


def history(*loads: tuple[datetime, list[tuple[str, list[Row]]]]) -> list[Load]:
    """Loads at these instants, of files delivered an hour before; the first has D1 and M1."""
    first = [("oem__dealers", [DEALER]), ("oem__vehicle_models", [MODEL])]
    return [
        Load(
            at,
            [
                File(feed, rows, delivered_at=at - timedelta(hours=1), name=f"{at}_{n}.csv")
                for n, (feed, rows) in enumerate([*(first if not number else []), *feeds])
            ],
        )
        for number, (at, feeds) in enumerate(loads)
    ]


def close(month: int, at: datetime) -> tuple[str, list[Row]]:
    row = {"period_month": date(2024, month, 1), "closed_at": at, "closed_by": "Clara Controlling"}
    return "oem__period_closes", [row]


def postings(loads: list[Load]) -> list[tuple]:
    rows = recompute_money(loads, AS_OF)["mart_incentive_ledger"].values()
    return [
        (r["dealer_id"], r["period_start"].month, r["posted_in_month"].month, r["posting_type"])
        + (int(r["amount_eur"]),)
        for r in rows
    ]


RULES = [("oem__incentive_programs", [PROGRAM]), ("oem__incentive_tiers", tiers(("1", "100")))]


def taken_back(kind: str, day: date) -> list[Load]:
    """A car of 20 March that is taken back after the close of March."""
    return history(
        (
            datetime(2024, 4, 5),
            [*RULES, ("dealer__vehicle_events", [event(1, "REGISTRATION", date(2024, 3, 20))])],
        ),
        (datetime(2024, 4, 6), [close(3, datetime(2024, 4, 5, 12))]),
        (datetime(2024, 5, 5), [("dealer__vehicle_events", [event(1, kind, day)])]),
        (datetime(2024, 5, 7), [close(4, datetime(2024, 5, 6, 12))]),
    )


SETTLED = ("D1", 3, 3, "SETTLEMENT", 100)
TAKEN = ("D1", 3, 4, "CLAWBACK", -100)


@pytest.mark.parametrize(
    ("kind", "day", "expected"),
    [
        # hold: 20 March + 30 days; grace: 31 March + 10 days
        ("DEREGISTRATION", date(2024, 4, 19), [SETTLED, TAKEN]),
        ("DEREGISTRATION", date(2024, 4, 20), [SETTLED]),
        ("DEREGISTRATION", date(2024, 3, 19), [SETTLED]),
        ("CANCELLATION", date(2024, 4, 19), [SETTLED, TAKEN]),
        ("CANCELLATION", date(2024, 4, 20), [SETTLED]),
        ("CANCELLATION", date(2024, 3, 20), [SETTLED, TAKEN]),
        ("CANCELLATION", date(2024, 3, 19), [SETTLED]),
    ],
)
def test_hold_and_grace_end_with_their_last_day(kind: str, day: date, expected: list) -> None:
    assert postings(taken_back(kind, day)) == expected


def test_only_grace_counts_for_a_cancellation_without_hold() -> None:
    rules = [("oem__incentive_programs", [PROGRAM | {"hold_days": None}]), RULES[1]]
    for day, expected in ((date(2024, 4, 10), 0), (date(2024, 4, 11), 1)):
        events = [event(1, "REGISTRATION", date(2024, 3, 1)), event(1, "CANCELLATION", day)]
        loads = history(
            (datetime(2024, 4, 20), [*rules, ("dealer__vehicle_events", events)]),
            (datetime(2024, 4, 26), [close(3, datetime(2024, 4, 25))]),
        )
        assert len(postings(loads)) == expected


def test_what_is_stamped_before_a_close_but_comes_after_it_counts_in_the_next() -> None:
    late = File(
        "dealer__vehicle_events",
        [event(2, "REGISTRATION", date(2024, 3, 21))],
        sender="D1",
        delivered_at=datetime(2024, 4, 2),
    )
    loads = taken_back("CANCELLATION", date(2024, 3, 19))
    loads[2] = Load(loads[2].loaded_at, [late])
    assert postings(loads) == [SETTLED, ("D1", 3, 4, "ADJUSTMENT", 100)]
    # in the load that brings the close it is in time
    loads[1] = Load(loads[1].loaded_at, [*loads[1].files, late])
    loads[2] = Load(loads[2].loaded_at, [])
    assert postings(loads) == [("D1", 3, 3, "SETTLEMENT", 200)]


@pytest.mark.parametrize(
    ("announced", "consented", "paid"),
    [
        (date(2024, 3, 1), None, 500),
        (date(2024, 3, 2), None, 100),
        (date(2024, 3, 2), date(2024, 3, 31), 500),
        (date(2024, 3, 2), date(2024, 4, 1), 100),
    ],
)
def test_a_late_version_needs_consent_within_the_period(
    announced: date, consented: date | None, paid: int
) -> None:
    second = PROGRAM | {"version": 2, "announced_on": announced, "consented_on": consented}
    loads = history(
        (
            datetime(2024, 4, 5),
            [
                ("oem__incentive_programs", [PROGRAM, second]),
                ("oem__incentive_tiers", tiers(("1", "100")) + tiers(("1", "500"), version=2)),
                ("dealer__vehicle_events", [event(1, "REGISTRATION", date(2024, 3, 20))]),
            ],
        ),
        (datetime(2024, 4, 6), [close(3, datetime(2024, 4, 5, 12))]),
    )
    assert postings(loads) == [("D1", 3, 3, "SETTLEMENT", paid)]


def test_a_settled_period_keeps_its_version() -> None:
    second = PROGRAM | {"version": 2, "announced_on": date(2024, 3, 1)}
    loads = taken_back("CANCELLATION", date(2024, 3, 19))
    rules = [
        ("oem__incentive_programs", [second]),
        ("oem__incentive_tiers", tiers(("1", "500"), version=2)),
        ("dealer__vehicle_events", [event(2, "REGISTRATION", date(2024, 4, 20))]),
    ]
    late = history((datetime(2024, 5, 5), []), (datetime(2024, 5, 5, 1), rules))[1]
    loads[2] = Load(datetime(2024, 5, 5, 1), [*loads[2].files, *late.files])
    assert postings(loads) == [SETTLED, ("D1", 4, 4, "SETTLEMENT", 500)]


def test_a_vin_pays_once_and_passes_on_when_it_is_taken_back() -> None:
    """D2 registered it later. Once D1's is deregistered in time D2's claim is the first."""
    second_dealer = DEALER | {"dealer_id": "D2"}
    again = event(1, "REGISTRATION", date(2024, 3, 25), "D2", event_id="R1B")
    events = [event(1, "REGISTRATION", date(2024, 3, 20)), again]
    gone = event(1, "DEREGISTRATION", date(2024, 4, 1))
    loads = history(
        (
            datetime(2024, 4, 5),
            [("oem__dealers", [DEALER, second_dealer]), *RULES, ("dealer__vehicle_events", events)],
        ),
        (datetime(2024, 4, 6), [close(3, datetime(2024, 4, 5, 12))]),
    )
    tables = recompute_money(loads, AS_OF)
    reasons = {k[2]: row["zero_reason"] for k, row in tables["mart_incentive_line"].items()}
    assert reasons == {"D1": None, "D2": "DUPLICATE_VIN"}
    more = history(
        (datetime(2024, 5, 1), []),
        (datetime(2024, 5, 5), [("dealer__vehicle_events", [gone])]),
        (datetime(2024, 5, 7), [close(4, datetime(2024, 5, 6, 12))]),
    )[1:]
    assert postings(loads + more) == [SETTLED, TAKEN, ("D2", 3, 4, "SETTLEMENT", 100)]


def test_a_statement_shows_the_last_close_and_what_has_come_since() -> None:
    loads = taken_back("DEREGISTRATION", date(2024, 4, 19))[:3]
    (row,) = recompute_money(loads, AS_OF)["mart_incentive_statement"].values()
    assert (row["entitlement_eur"], row["posted_eur"], row["accrual_eur"]) == (100, 100, -100)
    assert (row["status"], row["payment_due_on"]) == ("SETTLED", date(2024, 4, 19))
    assert (row["measure_value"], row["tier_no"], row["qualifying_units"]) == (1, 1, 1)


# -- the random worlds ------------------------------------------------------------------------


def built(settings: Settings) -> Tables:
    """The tables as the warehouse made them, in the shape of the recomputation."""
    return {
        table: keyed(table, fetch(settings, f"select * from marts.{table}")) for table in TABLE_KEYS
    }


def differences(expected: Tables, made: Tables) -> list[str]:
    """A line for each value, or row, that the warehouse has otherwise."""
    found = []
    for table, rows in expected.items():
        made_rows = made[table]
        found += [f"{table} {k}: has no row: {rows[k]}" for k in rows.keys() - made_rows.keys()]
        found += [
            f"{table} {k}: is a row too many: {made_rows[k]}"
            for k in made_rows.keys() - rows.keys()
        ]
        found += [
            f"{table} {k} {column}: expected {value}, found {made_rows[k].get(column, 'no column')}"
            for k in rows.keys() & made_rows.keys()
            for column, value in rows[k].items()
            if column not in made_rows[k] or made_rows[k][column] != value
        ]
    return sorted(found)


def ledger_files(settings: Settings) -> dict[str, str]:
    """Name -> hash of the bytes of everything in the ledger."""
    folder = settings.lake / "ledger"
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*.parquet"))
    }


def at(settings: Settings, world: World, number: int) -> Settings:
    return replace(settings, as_of=world.as_of(number))


def checked_steps(folder: Path, world: World, numbers: list[int]) -> Iterator[Settings]:
    """Builds the warehouse after so many loads each, and compares all tables."""
    settings = new_settings(folder)
    lake = Lake(settings)
    taken = 0
    files: dict[str, str] = {}
    for number in numbers:
        for load in world.loads[taken:number]:
            write(lake, load)
        taken = number
        run_money(at(settings, world, number))
        made = built(settings)
        found = differences(recompute_money(world.loads[:number], world.as_of(number)), made)
        assert not found, f"after load {number}: {len(found)}\n" + "\n".join(found[:60])
        assert_the_books_agree(made)
        now = ledger_files(settings)
        assert {name: now.get(name) for name in files} == files, "a ledger file has changed"
        files = now
        yield at(settings, world, number)


def assert_the_books_agree(made: Tables) -> None:
    """Lines sum to the statement, postings to what it says was posted and, once closed, to the
    entitlement as of the last close."""
    of_lines: dict[tuple, Decimal] = defaultdict(Decimal)
    for line in made["mart_incentive_line"].values():
        of_lines[_account_of(line)] += line["amount_eur"]
    posted: dict[tuple, Decimal] = defaultdict(Decimal)
    for posting in made["mart_incentive_ledger"].values():
        posted[_account_of(posting)] += posting["amount_eur"]
    statements = {_account_of(row): row for row in made["mart_incentive_statement"].values()}
    assert {*of_lines, *posted} <= statements.keys()
    for key, row in statements.items():
        assert row["entitlement_eur"] == of_lines[key], key
        assert row["posted_eur"] == posted[key], key
        if row["status"] == "SETTLED":
            assert row["posted_eur"] == row["entitlement_eur"], key
        else:
            assert row["posted_eur"] == 0, key


def _account_of(row: Row) -> tuple:
    return row["dealer_id"], row["brand_code"], row["program_id"], row["period_start"]


def forget_the_money(settings: Settings) -> None:
    """Nothing is left but the raw lake, and what dbt made of it."""
    shutil.rmtree(settings.lake / "ledger")
    shutil.rmtree(settings.warehouse / "computed")


def test_tables_equal_the_recomputation(tmp_path: Path) -> None:
    """Halfway, and at the end; then the ledger once more from the raw lake."""
    world = random_world(SEED, months=7)
    numbers = [len(world.loads) // 2, len(world.loads)]
    *_, settings = checked_steps(tmp_path, world, numbers)
    files = ledger_files(settings)
    forget_the_money(settings)
    post_due_closes(settings)
    assert ledger_files(settings) == files


@pytest.mark.slow
@pytest.mark.parametrize("seed", SLOW_SEEDS)
def test_tables_equal_the_recomputation_over_long_histories(tmp_path: Path, seed: int) -> None:
    world = random_world(seed)
    count = len(world.loads)
    # after every load of the first world, of the others after every fourth
    step = 1 if seed == SLOW_SEEDS[0] else 4
    *_, settings = checked_steps(tmp_path, world, [*range(step, count, step), count])
    files, made = ledger_files(settings), built(settings)
    forget_the_money(settings)
    run_money(settings)
    assert ledger_files(settings) == files
    assert built(settings) == made


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(310, 313))
def test_one_load_gives_the_ledger_of_many_where_no_file_is_late(tmp_path: Path, seed: int) -> None:
    world = random_world(seed, late=False)
    many = list(checked_steps(tmp_path / "many", world, [len(world.loads) // 2, len(world.loads)]))
    one = list(checked_steps(tmp_path / "one", world.in_one_load(), [1]))
    assert ledger_files(many[-1]) == ledger_files(one[-1])


def test_no_file_of_a_world_without_late_ones_comes_after_its_close() -> None:
    """Without the warehouse: the postings do not hang on how the files were loaded."""
    for seed in range(3):
        world = random_world(seed, late=False)
        one = world.in_one_load()
        end = world.as_of(len(world.loads))
        assert (
            recompute_money(world.loads, end)["mart_incentive_ledger"]
            == recompute_money(one.loads, end)["mart_incentive_ledger"]
        )


def test_the_random_world_reaches_every_branch() -> None:
    """That of the default run; without the warehouse."""
    world = random_world(SEED, months=7)
    tables = recompute_money(world.loads, world.as_of(len(world.loads)))
    reached = {*branches(tables), *what_was_paid(world, tables)}
    assert sorted(EVERY_BRANCH - reached) == []


EVERY_BRANCH = {
    *(f"posting {kind}" for kind in ("SETTLEMENT", "CLAWBACK", "ADJUSTMENT")),
    "postings of both kinds in one close",
    "a posting below zero",
    *(
        f"line {reason}"
        for reason in (
            *("DUPLICATE_VIN", "SELF_REGISTRATION", "GATE_NOT_MET", "BELOW_FIRST_TIER", None),
        )
    ),
    "a line without an event",
    "statement OPEN",
    "statement SETTLED",
    "an accrual of a settled period",
    "a proposal that is not feasible",
    "a proposal other than its base",
    "a strong market",
    "an index at an edge",
    "no attainment",
    "a backlog",
    "a z-score",
    "no z-score",
    "a cliff",
    "no next tier",
    "no units to the next tier",
    "a next tier",
    "a settled version below the highest",
    *(
        f"paid {kind}"
        for kind in (
            *("UNITS_REGISTERED", "UNITS_INVOICED", "REVENUE_NET", "TARGET_ATTAINMENT", "KPI"),
            *("EUR_PER_UNIT", "RATE_OF_LIST_PRICE", "RATE_OF_NET_PRICE", "FIXED_EUR"),
            *("RETROACTIVE", "MARGINAL", "LINEAR", "MONTH", "QUARTER"),
            *("under a cap", "with a KPI gate", "in a strong market"),
        )
    ),
}


def what_was_paid(world: World, tables: Tables) -> Iterator[str]:
    """Of what kinds the programmes are that paid something."""
    versions: dict[tuple[str, int], Row] = {}
    for load in world.loads:
        for file in load.files:
            if file.feed == "oem__incentive_programs":
                versions |= {(row["program_id"], row["version"]): dict(row) for row in file.rows}
    for row in tables["mart_incentive_statement"].values():
        key = row["program_id"], row["program_version"]
        if row["status"] == "SETTLED" and (key[0], key[1] + 1) in versions:
            yield "a settled version below the highest"
        if row["entitlement_eur"]:
            version = versions[key]
            for name in ("measure", "payout_basis", "tier_mode", "period_grain"):
                yield f"paid {version[name]}"
            if version["cap_eur"] is not None:
                yield "paid under a cap"
            if version["gate_kpi_code"] is not None:
                yield "paid with a KPI gate"
            if version["requires_strong_market"]:
                yield "paid in a strong market"


def branches(tables: Tables) -> Iterator[str]:
    """The cases of the spec that a world holds; see `EVERY_BRANCH`."""
    in_one_close = Counter(key[:4] for key in tables["mart_incentive_ledger"])
    if max(in_one_close.values(), default=0) > 1:
        yield "postings of both kinds in one close"
    for row in tables["mart_incentive_ledger"].values():
        yield f"posting {row['posting_type']}"
        if row["amount_eur"] < 0:
            yield "a posting below zero"
    for row in tables["mart_incentive_line"].values():
        yield f"line {row['zero_reason']}"
        if row["event_id"] is None:
            yield "a line without an event"
    for row in tables["mart_incentive_statement"].values():
        yield f"statement {row['status']}"
        if row["status"] == "SETTLED" and row["accrual_eur"]:
            yield "an accrual of a settled period"
    for row in tables["mart_target_proposal"].values():
        if not row["is_feasible"]:
            yield "a proposal that is not feasible"
        if row["proposed_units"] != row["base_units"]:
            yield "a proposal other than its base"
        if row["is_strong_market"]:
            yield "a strong market"
        if row["regional_index"] in (Decimal("0.7"), Decimal("1.3")):
            yield "an index at an edge"
    for row in tables["mart_target_attainment"].values():
        if row["attainment"] is None:
            yield "no attainment"
        if row["undelivered_backlog_units"]:
            yield "a backlog"
    for row in tables["mart_registration_integrity"].values():
        yield "no z-score" if row["peer_z_score"] is None else "a z-score"
    for row in tables["mart_incentive_outlook"].values():
        if row["is_cliff"]:
            yield "a cliff"
        if row["next_threshold"] is None:
            yield "no next tier"
        elif row["units_to_next_tier"] is None:
            yield "no units to the next tier"
        else:
            yield "a next tier"
