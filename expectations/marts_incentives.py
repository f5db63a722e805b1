"""Rules of the marts of targets and incentives: what was posted is what is owed, and what looks as
if it was sold for the bonus alone."""

from __future__ import annotations

from expectations.rule import CONSISTENCY, CRITICAL, TIMELINESS, UNIQUENESS, VALIDITY, Rule

SCANS = {
    "mart_incentive_ledger": """
        select
            r.*, p.period_grain,
            cast(r.period_start + to_months(
                case p.period_grain when 'MONTH' then 0 when 'QUARTER' then 2 else 11 end
            ) as date) as last_month
        from {batch} as r
        left join marts.dim_incentive_program as p using (program_id, program_version)
    """,
}

_INTEGRITY = "mart_registration_integrity"
_KEY = "dealer_id, brand_code, program_id, period_start"

RULES = (
    # -- ledger --------------------------------------------------------------------------------
    Rule(
        code="LEDGER_EQUALS_ENTITLEMENT",
        table="mart_incentive_ledger",
        severity=CRITICAL,
        dimension=CONSISTENCY,
        description="The postings of a dealer, programme and period sum to what he was entitled "
        "to as of the last close, and the statement shows that sum as posted; nothing is posted "
        "without a settled statement.",
        violations=f"""
            with ledger as (
                select {_KEY}, sum(amount_eur) as ledger_eur
                from {{batch}}
                group by {_KEY}
            ),
            statements as (
                select
                    {_KEY}, posted_eur, status,
                    case when status = 'SETTLED' then entitlement_eur else 0 end as owed_eur
                from marts.mart_incentive_statement
            )
            select *
            from ledger
            full join statements using ({_KEY})
            where coalesce(ledger_eur, 0) <> coalesce(owed_eur, 0)
                or coalesce(ledger_eur, 0) is distinct from coalesce(posted_eur, 0)
            order by {_KEY}
        """,
        checked=f"count(distinct ({_KEY}))",
        target_rate=1.0,
    ),
    Rule(
        code="LEDGER_POSTED_FROM_CLOSE_ON",
        table="mart_incentive_ledger",
        severity=CRITICAL,
        dimension=TIMELINESS,
        description="A period is posted in the close of its last month or later, under a version "
        "of its programme that is known: nothing is paid for a period that is still open.",
        passes="coalesce(posted_in_month >= last_month, false)",
        target_rate=1.0,
    ),
    Rule(
        code="LEDGER_BEGINS_WITH_SETTLEMENT",
        table="mart_incentive_ledger",
        severity=CRITICAL,
        dimension=CONSISTENCY,
        description="A dealer's programme and period are settled once, by the first close that "
        "posts anything, under one version; all other postings correct that.",
        violations=f"""
            select
                {_KEY}, count(*) filter (where posting_type = 'SETTLEMENT') as settlements,
                min(posted_in_month) as first_month,
                min(posted_in_month) filter (where posting_type = 'SETTLEMENT') as settled_in_month,
                count(distinct program_version) as versions
            from {{batch}}
            group by {_KEY}
            having count(*) filter (where posting_type = 'SETTLEMENT') <> 1
                or min(posted_in_month)
                    <> min(posted_in_month) filter (where posting_type = 'SETTLEMENT')
                or count(distinct program_version) > 1
            order by {_KEY}
        """,
        checked=f"count(distinct ({_KEY}))",
        target_rate=1.0,
    ),
    Rule(
        code="LEDGER_CLAWBACKS_MOSTLY_TAKE",
        table="mart_incentive_ledger",
        dimension=VALIDITY,
        description="A claw-back takes money back; only where a higher tier pays less does losing "
        "a unit give some. What another claim of the vehicle gains is an ADJUSTMENT.",
        applies="posting_type = 'CLAWBACK'",
        passes="amount_eur < 0",
        mostly=0.99,
    ),
    # -- lines ---------------------------------------------------------------------------------
    Rule(
        code="INCENTIVE_LINE_AMOUNT_NOT_NEGATIVE",
        table="mart_incentive_line",
        severity=CRITICAL,
        dimension=VALIDITY,
        description="A line pays 0.00 or more, of a basis that is not negative: what is taken "
        "back is a posting, not a line.",
        passes="amount_eur >= 0 and coalesce(basis_amount_eur, 0) >= 0",
        target_rate=1.0,
    ),
    Rule(
        code="INCENTIVE_LINES_SUM_TO_ENTITLEMENT",
        table="mart_incentive_line",
        severity=CRITICAL,
        dimension=CONSISTENCY,
        description="The lines of a dealer, programme and period sum to the entitlement of his "
        "statement: every euro is explained.",
        violations=f"""
            with lines as (
                select {_KEY}, sum(amount_eur) as lines_eur, count(*) as lines
                from {{batch}}
                group by {_KEY}
            )
            select {_KEY}, lines, lines_eur, entitlement_eur, status
            from lines
            full join marts.mart_incentive_statement using ({_KEY})
            where coalesce(lines_eur, 0) <> coalesce(entitlement_eur, 0)
                or (lines is not null and status is null)
            order by {_KEY}
        """,
        checked="count(*)",
        target_rate=1.0,
    ),
    Rule(
        code="INCENTIVE_LINES_WITHIN_CAP",
        table="mart_incentive_line",
        severity=CRITICAL,
        dimension=CONSISTENCY,
        description="The lines of a dealer, programme and period sum to its cap at most.",
        violations=f"""
            select {_KEY}, any_value(cap_eur) as cap_eur, sum(amount_eur) as lines_eur
            from {{batch}}
            inner join marts.dim_incentive_program using (program_id, brand_code, program_version)
            where cap_eur is not null
            group by {_KEY}
            having sum(amount_eur) > any_value(cap_eur)
            order by {_KEY}
        """,
        checked="count(*)",
        target_rate=1.0,
    ),
    Rule(
        code="INCENTIVE_VIN_PAID_ONCE",
        table="mart_incentive_line",
        severity=CRITICAL,
        dimension=UNIQUENESS,
        description="A programme pays a vehicle once in the network; other claims are lines of 0. "
        "Closed periods show what the last close knew, open ones what is known now, so each "
        "are judged by themselves.",
        violations="""
            select program_id, vin, status, count(*) as lines, sum(amount_eur) as lines_eur
            from {batch}
            where vin is not null and zero_reason is distinct from 'DUPLICATE_VIN'
            group by program_id, vin, status
            having count(*) > 1
            order by program_id, vin, status
        """,
        checked="count(*)",
        target_rate=1.0,
    ),
    # -- statement and outlook -----------------------------------------------------------------
    Rule(
        code="STATEMENT_ACCRUAL_SMALL_ONCE_SETTLED",
        table="mart_incentive_statement",
        dimension=TIMELINESS,
        description="What a settled period is owed by what is known now differs little from what "
        "was posted: more than 5,000 EUR means that much arrived after the close.",
        applies="status = 'SETTLED'",
        passes="abs(accrual_eur) <= 5000",
        mostly=0.95,
    ),
    Rule(
        code="OUTLOOK_WITHOUT_CLIFFS",
        table="mart_incentive_outlook",
        dimension=VALIDITY,
        description="The next unit is worth less than a car: above, it pays to register one that "
        "nobody has bought.",
        passes="not is_cliff",
        mostly=0.95,
        course_topic="SALES",
    ),
    # -- targets -------------------------------------------------------------------------------
    Rule(
        code="TARGET_PROPOSAL_FEASIBLE",
        table="mart_target_proposal",
        dimension=CONSISTENCY,
        description="A brand's sum can be shared out between what dealers have to purchase and "
        "the most that they can get.",
        passes="is_feasible",
        course_topic="SALES",
    ),
    Rule(
        code="TARGET_PROPOSALS_SUM_TO_BASE",
        table="mart_target_proposal",
        severity=CRITICAL,
        dimension=CONSISTENCY,
        description="What is proposed to a brand's dealers sums to their bases where that is "
        "feasible, and keeps to each one's bounds: no unit is lost or made up.",
        violations="""
            select
                brand_code, quarter_start, segment_code, powertrain_code,
                sum(base_units) as base_units, sum(proposed_units) as proposed_units,
                bool_and(is_feasible) as is_feasible
            from {batch}
            group by brand_code, quarter_start, segment_code, powertrain_code
            having bool_and(is_feasible) and (
                sum(base_units) <> sum(proposed_units)
                or bool_or(proposed_units < min_purchase_units)
                or bool_or(proposed_units > max_units)
            )
            order by brand_code, quarter_start, segment_code, powertrain_code
        """,
        checked="count(distinct (brand_code, quarter_start, segment_code, powertrain_code))",
        target_rate=1.0,
    ),
    Rule(
        code="TARGET_ATTAINMENT_PLAUSIBLE",
        table="mart_target_attainment",
        dimension=VALIDITY,
        description="Of a target of 10 units or more a fifth to three times is sold: beyond, the "
        "target was not meant for this dealer, or sales are missing.",
        applies="target_units >= 10 and attainment > 0",
        passes="attainment between cast(0.2 as decimal(3, 2)) and 3",
        mostly=0.95,
        course_topic="SALES",
    ),
    # -- integrity of registrations ------------------------------------------------------------
    Rule(
        code="REGISTRATIONS_SPREAD_OVER_MONTH",
        table=_INTEGRITY,
        dimension=VALIDITY,
        description="Fewer than half of a month's registrations, of ten at least, fall into its "
        "last three days: more are made for the bonus of the month.",
        applies="registrations >= 10",
        passes="month_end_rate < cast(0.5 as decimal(2, 1))",
        mostly=0.95,
        course_topic="SALES",
    ),
    Rule(
        code="REGISTRATIONS_MOSTLY_FOR_CUSTOMERS",
        table=_INTEGRITY,
        dimension=VALIDITY,
        description="At most 30 % of a month's registrations, of ten at least, are on the dealer "
        "or the manufacturer.",
        applies="registrations >= 10",
        passes="self_registration_rate <= cast(0.3 as decimal(2, 1))",
        mostly=0.95,
        course_topic="SALES",
    ),
    Rule(
        code="REGISTRATIONS_LIKE_PEERS",
        table=_INTEGRITY,
        dimension=CONSISTENCY,
        description="A dealer's share of self-registrations lies at most three standard "
        "deviations above that of his peers.",
        passes="peer_z_score <= 3",
        mostly=0.98,
        course_topic="SALES",
    ),
    Rule(
        code="REGISTRATIONS_KEPT",
        table=_INTEGRITY,
        dimension=VALIDITY,
        description="At most 15 % of a month's registrations, of ten at least, are ended again "
        "within 30 days.",
        applies="registrations >= 10",
        passes="deregistered_30d_rate <= cast(0.15 as decimal(3, 2))",
        mostly=0.95,
        course_topic="SALES",
    ),
)
