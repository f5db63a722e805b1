"""Small random cases of every measure, basis and tier mode."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from hypothesis import strategies as st

from tests.unit.calculations.cases import START, Case, dealer, program, tiers, unit

MODES = ["RETROACTIVE", "MARGINAL", "LINEAR"]
MEASURES = ["UNITS_REGISTERED", "UNITS_INVOICED", "REVENUE_NET", "TARGET_ATTAINMENT", "KPI"]
BASES = ["EUR_PER_UNIT", "RATE_OF_LIST_PRICE", "RATE_OF_NET_PRICE", "FIXED_EUR"]
COMBINATIONS = [
    (mode, measure, basis)
    for mode in MODES
    for measure in MEASURES
    for basis in BASES
    if mode != "MARGINAL" or (measure not in ("TARGET_ATTAINMENT", "KPI") and basis != "FIXED_EUR")
]
# Of these the measures of a few units reach some thresholds and miss others.
_SCALES = {"REVENUE_NET": 100, "TARGET_ATTAINMENT": Decimal("0.3"), "KPI": Decimal("0.3")}
_STATUSES = ["COUNTS"] * 4 + ["DUPLICATE_VIN", "SELF_REGISTRATION"]


def _amounts(most):
    """Decimals of two places, often whole."""
    whole = st.integers(0, most).map(Decimal)
    return st.one_of(whole, st.integers(0, most * 100).map(lambda c: Decimal(c) / 100))


@st.composite
def cases(draw, most_units=8):
    """Up to three programmes, each in two periods, for up to three dealers and another who is
    listed nowhere."""
    periods, all_tiers, dealers = [], [], []
    starts = [START, date(2024, 4, 1)]
    for number in range(draw(st.integers(1, 3))):
        mode, measure, basis = draw(st.sampled_from(COMBINATIONS))
        program_id = f"P{number}"
        scale = _SCALES.get(measure, 1)
        steps = draw(st.lists(st.integers(0, 12), min_size=1, max_size=4, unique=True))
        jitter = draw(st.sampled_from([Decimal(0), Decimal("0.000001"), Decimal("0.5")]))
        thresholds = [(step + jitter) * scale for step in sorted(steps)]
        most_rate = 1 if basis.startswith("RATE") else 20
        rates = draw(
            st.lists(
                st.integers(0, most_rate * 10**6).map(lambda r: Decimal(r) / 10**6),
                min_size=len(steps),
                max_size=len(steps),
            )
        )
        all_tiers += tiers(*zip(thresholds, rates, strict=True), program_id=program_id)
        gate = draw(st.sampled_from([None, "CSI"]))
        for start in starts:
            cap = draw(st.none() | _amounts(60))
            periods.append(
                program(
                    program_id=program_id,
                    period_start=start,
                    measure=measure,
                    payout_basis=basis,
                    tier_mode=mode,
                    gate_kpi_code=gate,
                    cap_eur=cap,
                )
            )
            for dealer_id in ("D1", "D2", "D3"):
                if draw(st.booleans()):
                    dealers.append(
                        dealer(
                            program_id=program_id,
                            period_start=start,
                            dealer_id=dealer_id,
                            target_units=draw(st.sampled_from([None, 0, 1, 3, 7])),
                            kpi_value=draw(st.none() | st.decimals(-1, 4, places=6)),
                            is_gate_met=draw(st.booleans()) if gate else True,
                        )
                    )
    units = []
    for number in range(draw(st.integers(0, most_units))):
        terms = draw(st.sampled_from(periods))
        units.append(
            unit(
                draw(st.integers(0, 3)),
                draw(_amounts(300)),
                draw(_amounts(300)),
                event_id=f"E{draw(st.integers(0, 1))}{number}",
                program_id=terms["program_id"],
                period_start=terms["period_start"],
                dealer_id=draw(st.sampled_from(["D1", "D1", "D2", "X9"])),
                event_date=terms["period_start"] + timedelta(draw(st.integers(0, 2))),
                unit_status=draw(st.sampled_from(_STATUSES)),
                source_row=number + 1,
            )
        )
    return Case(periods, all_tiers, dealers, units)


def case_of_all_combinations(seed: int) -> Case:
    """Every combination of tier mode, measure and basis, in two programmes each, with and without
    a cap and a gate, for dealers with up to a dozen units; nearly all lines are paid."""
    draw = Random(seed)
    periods, all_tiers, dealers, units = [], [], [], []
    for mode, measure, basis in COMBINATIONS * 2:
        program_id = f"P{len(periods):03}"
        scale = Decimal(
            {"REVENUE_NET": 700, "TARGET_ATTAINMENT": "0.2", "KPI": "0.2"}.get(measure, 1)
        )
        steps = sorted(draw.sample(range(1, 40), 3))
        jitter = draw.choice([Decimal(0), Decimal("0.123457")])
        most_rate = 10**5 if basis.startswith("RATE") else 10**9
        rates = [Decimal(draw.randint(1, most_rate)) / 10**6 for _ in steps]
        thresholds = [(Decimal(step) / 4 + jitter) * scale for step in steps]
        all_tiers += tiers(*zip(thresholds, rates, strict=True), program_id=program_id)
        gate = draw.choice([None, "CSI"])
        cap = Decimal(draw.randint(10**4, 5 * 10**5)) / 100 if draw.random() < 0.4 else None
        periods.append(
            program(
                program_id=program_id,
                measure=measure,
                payout_basis=basis,
                tier_mode=mode,
                gate_kpi_code=gate,
                cap_eur=cap,
            )
        )
        for dealer_id in ("D1", "D2", "D3", "D4"):
            dealers.append(
                dealer(
                    program_id=program_id,
                    dealer_id=dealer_id,
                    target_units=draw.choice([None, 3, 4, 5, 6, 7]),
                    kpi_value=Decimal(draw.randint(0, 2 * 10**6)) / 10**6,
                    is_gate_met=gate is None or draw.random() < 0.8,
                )
            )
            for _ in range(draw.randint(0, 12)):
                number = len(units) + 1
                units.append(
                    unit(
                        draw.randint(0, 9),
                        Decimal(draw.randint(0, 2 * 10**5)) / 100,
                        Decimal(draw.randint(0, 2 * 10**5)) / 100,
                        event_id=f"E{draw.randint(0, 9)}{number}",
                        program_id=program_id,
                        dealer_id=dealer_id,
                        event_date=START + timedelta(draw.randint(0, 3)),
                        unit_status=draw.choice(_STATUSES),
                        source_row=number,
                    )
                )
    return Case(periods, all_tiers, dealers, units)
