"""The macros and generic tests of the dbt project against what they stand for in Python."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext
from zoneinfo import ZoneInfo

import pytest

from orchestration.settings import NETWORK_ZONE, Settings
from tests.support.warehouse import inline, new_settings

TRILLION = 10**12
WEIGHTS = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2]
DIGITS = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", "12345678123457923456789", strict=True))


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return new_settings(tmp_path_factory.mktemp("macros"))


def test_a_quotient_is_rounded_half_up_once_to_six_decimals(settings: Settings) -> None:
    rng = random.Random(1)
    pairs = [(1, 2_000_000), (-1, 2_000_000), (1, 3), (-2, 3), (5, 0), (0, 7), (7, -3)]
    pairs += [(10**17, 7), (10**12, 1), (-(10**12) + 1, 1)]
    pairs += [(rng.randint(-(10**9), 10**12), rng.randint(1, 10**6)) for _ in range(500)]
    values = ", ".join(f"({i}, {n}, {d})" for i, (n, d) in enumerate(pairs))
    rows = inline(
        settings,
        "select {{ exact_rate('n', 'd') }} as rate, typeof({{ exact_rate('n', 'd') }})"
        f" from (values {values}) as pairs(i, n, d) order by i",
    )
    with localcontext() as context:
        context.prec = 60
        for (numerator, denominator), (rate, kind) in zip(pairs, rows, strict=True):
            assert kind == "DECIMAL(18,6)"
            expected = None
            if denominator and abs(Decimal(numerator) / denominator) < TRILLION:
                quotient = Decimal(numerator) / denominator
                expected = quotient.quantize(Decimal("0.000001"), ROUND_HALF_UP)
            assert rate == expected, (numerator, denominator)


def test_days_of_instants_are_those_of_germany(settings: Settings) -> None:
    start = datetime(2024, 3, 30, 20, tzinfo=UTC)
    instants = [start + timedelta(minutes=30 * k) for k in range(100)]
    instants += [datetime(y, 10, 27, h, 30, tzinfo=UTC) for y in (1996, 2024) for h in range(24)]
    values = ", ".join(f"({i}, timestamp '{t:%Y-%m-%d %H:%M:%S}')" for i, t in enumerate(instants))
    rows = inline(
        settings,
        "select cast({{ berlin_date('t') }} as varchar) as day"
        f" from (values {values}) as i(i, t) order by i",
    )
    zone = ZoneInfo(NETWORK_ZONE)
    assert [str(day)[:10] for (day,) in rows] == [str(t.astimezone(zone).date()) for t in instants]


def test_the_check_digit_of_a_vin_is_that_of_the_standard(settings: Settings) -> None:
    rng = random.Random(2)
    letters = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
    parts = [(letters, 8), ("0123456789X", 1), (letters, 8)]
    vins = ["".join("".join(rng.choices(a, k=k)) for a, k in parts) for _ in range(300)]
    vins += ["1M8GDM9AXKP042788", "S" + "A" * 16, "1" * 17]
    values = ", ".join(f"({i}, '{vin}')" for i, vin in enumerate(vins))
    rows = inline(
        settings,
        "select {{ vin_check_digit_is_valid('vin') }} as is_valid"
        f" from (values {values}) as vins(i, vin) order by i",
    )
    expected = [_is_valid(vin) for vin in vins]
    assert [bool(valid) for (valid,) in rows] == expected
    assert any(expected) and not all(expected)


def _is_valid(vin: str) -> bool:
    digits = [int(DIGITS.get(c, c)) for c in vin]
    rest = sum(w * d for w, d in zip(WEIGHTS, digits, strict=True)) % 11
    return vin[8] == ("X" if rest == 10 else str(rest))


def test_months_are_counted_from_the_anchor(settings: Settings) -> None:
    query = "select cast({{ months_later(\"date '2024-02-29'\", 12) }} as varchar) as day"
    assert str(inline(settings, query)[0][0])[:10] == str(date(2025, 2, 28))


ROWS = "(select * from (values (1, 'a'), (1, 'a'), (2, null), (3, 'c')) as t(x, y))"

TESTS = {
    "unique_combination finds repeated and empty keys": (
        f'{{{{ test_unique_combination("{ROWS}", ["x", "y"]) }}}}',
        [(1, "a", 2), (2, None, 1)],
    ),
    "unique_combination passes a key": (
        '{{ test_unique_combination("(select 1 as x union all select 2)", ["x"]) }}',
        [],
    ),
    "known_reference finds what the other side does not have": (
        f'{{{{ test_known_reference("{ROWS}", ["y"], "(select \'c\' as y)") }}}}',
        [("a", 2)],
    ),
    "known_reference compares under other names": (
        f'{{{{ test_known_reference("{ROWS}", ["x"], "(select 1 as z)", ["z"]) }}}}',
        [(2, 1), (3, 1)],
    ),
    "between includes its bounds and passes null": (
        f'{{{{ test_between("{ROWS}", "x", minimum=1, maximum=2) }}}}',
        [(3, "c")],
    ),
    "row_rule finds rows that break it and passes null": (
        f'{{{{ test_row_rule("{ROWS}", "y <> \'c\'") }}}}',
        [(3, "c")],
    ),
    "as_many_rows_as finds a difference": (
        f'{{{{ test_as_many_rows_as("{ROWS}", "{ROWS}", "x > 1") }}}}',
        [(4, 2)],
    ),
    "as_many_rows_as passes equal counts": (
        f'{{{{ test_as_many_rows_as("{ROWS}", "{ROWS}") }}}}',
        [],
    ),
}


@pytest.mark.parametrize("case", TESTS)
def test_the_generic_test(case: str, settings: Settings) -> None:
    sql, expected = TESTS[case]
    found = inline(settings, f"select * from ({sql}) as found order by 1")
    assert [tuple(_plain(v) for v in row) for row in found] == expected


def _plain(value: object) -> object:
    return int(value) if isinstance(value, Decimal) else value
