"""The golden cases of the specification, by their number."""

from decimal import Decimal

import pytest

from tests.unit.calculations.cases import Case, dealer, program, tiers, unit


def sold(count, **changes):
    return [unit(n, **changes) for n in range(1, count + 1)]


def test_case_1_rate_of_volume():
    case = Case(
        [program(measure="REVENUE_NET", payout_basis="RATE_OF_NET_PRICE")],
        tiers((5_000, "0.02"), (20_000, "0.04")),
    )
    first = [unit(1, net_price=4_000), unit(2, net_price=3_000)]
    assert case.with_units(first).entitlement() == 140
    both = [*first, unit(3, net_price=20_000)]
    assert case.with_units(both).entitlement() == 1_080
    assert 1_080 - 140 == 940
    assert case.with_units([unit(1, net_price="4999.99")]).entitlement() == 0


STAIR_STEP = Case(
    [program(measure="TARGET_ATTAINMENT")],
    tiers(("0.9", 200), ("1", 400), ("1.1", 600)),
    [dealer(target_units=50)],
)


@pytest.mark.parametrize(
    ("units", "euros"),
    [(44, 0), (45, 9_000), (49, 9_800), (50, 20_000), (54, 21_600), (55, 33_000)],
)
def test_case_2_stair_step(units, euros):
    assert STAIR_STEP.with_units(sold(units)).entitlement() == euros


def test_case_2_the_fiftieth_car_is_worth_10_200():
    outlook = STAIR_STEP.with_units(sold(49, list_price=10_000)).outlook().iloc[0]
    assert outlook["next_unit_value_eur"] == 10_200
    assert outlook["payout_now_eur"] == 9_800
    assert (outlook["units_to_next_tier"], outlook["payout_at_next_tier_eur"]) == (1, 20_000)
    assert outlook["next_threshold"] == 1
    assert outlook["is_cliff"]
    same = STAIR_STEP.with_units(sold(49, list_price=10_200)).outlook().iloc[0]
    assert not same["is_cliff"]


@pytest.mark.parametrize(
    ("percent", "euros"), [(70, "50"), (75, "112.5"), (80, "175"), (85, "200"), (86, "200")]
)
def test_case_3_linear_with_a_second_programme(percent, euros):
    # a list price of 100 EUR in all 100 units: the rate of 10,000 EUR in percent is the sum
    case = Case(
        [
            program(
                measure="TARGET_ATTAINMENT", payout_basis="RATE_OF_LIST_PRICE", tier_mode="LINEAR"
            ),
            program(
                program_id="P2", measure="TARGET_ATTAINMENT", payout_basis="RATE_OF_LIST_PRICE"
            ),
        ],
        tiers(("0.7", "0.005"), ("0.8", "0.0175")) + tiers(("0.85", "0.0025"), program_id="P2"),
        [dealer(target_units=100), dealer(program_id="P2", target_units=100)],
    )
    price = Decimal(1_000_000) / percent
    price = price.quantize(Decimal("0.01"))
    units = [
        unit(n, list_price=price, program_id=p) for n in range(1, percent + 1) for p in ("P1", "P2")
    ]
    rates = {"P1": [], "P2": []}
    for line in case.with_units(units).decide().lines.to_pylist():
        rates[line["program_id"]].append(line["tier_rate"] or Decimal(0))
    assert all(len(set(of_one)) == 1 for of_one in rates.values())
    assert (rates["P1"][0] + rates["P2"][0]) * 10_000 == Decimal(euros)


def test_case_4_three_programmes_pay_at_most_three_percent():
    def rate_program(program_id, measure):
        return program(program_id=program_id, measure=measure, payout_basis="RATE_OF_LIST_PRICE")

    case = Case(
        [
            rate_program("SALES", "TARGET_ATTAINMENT"),
            rate_program("CPO", "KPI"),
            rate_program("CSI", "KPI"),
        ],
        tiers(("0.75", "0.0025"), ("1", "0.01"), ("1.25", "0.0175"), program_id="SALES")
        + tiers(("0.7", "0.0025"), ("1", "0.005"), program_id="CPO")
        + tiers(("0.8", "0.0075"), program_id="CSI"),
    )

    def pays(target, cpo, csi):
        dealers = [
            dealer(program_id="SALES", target_units=target),
            dealer(program_id="CPO", kpi_value=Decimal(cpo)),
            dealer(program_id="CSI", kpi_value=Decimal(csi)),
        ]
        units = [
            unit(n, list_price=25_000, program_id=p)
            for n in range(1, 6)
            for p in ("SALES", "CPO", "CSI")
        ]
        return Case(case.periods, case.tiers, dealers, units).entitlement() / 5

    assert pays(4, "1.0", "0.8") == 750
    assert pays(5, "1.0", "0.8") == 250 + 125 + Decimal("187.5")
    assert pays(6, "0.7", "0.79") == Decimal("62.5") * 2
    assert pays(7, "0.69", "0.5") == 0


def test_case_5_marginal():
    case = Case([program(tier_mode="MARGINAL")], tiers((1, 100), (11, 200), (21, 300)))
    assert case.with_units(sold(25)).entitlement() == 4_500


def test_case_6_a_cap_over_three_equal_lines():
    case = Case([program(cap_eur=Decimal("10000.00"))], tiers((1, 4_000)))
    # later events first: the smallest event_id gets the odd cent
    units = [unit(4 - n, event_id=f"E{n}") for n in (1, 2, 3)]
    amounts = {
        line["event_id"]: line["amount_eur"]
        for line in case.with_units(units).decide().lines.to_pylist()
    }
    assert amounts == {
        "E1": Decimal("3333.34"),
        "E2": Decimal("3333.33"),
        "E3": Decimal("3333.33"),
    }


def test_case_7_a_removed_unit_takes_the_tier_with_it():
    settled = STAIR_STEP.with_units(sold(55)).entitlement()
    left = STAIR_STEP.with_units(sold(54)).entitlement()
    assert (settled, left, left - settled) == (33_000, 21_600, -11_400)
