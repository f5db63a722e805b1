"""Rules of the marts of brands: a conflict is what it says, budgets are shared out to the cent, and
campaigns are judged by their weights and count each lead once.

Which invoice lies beyond the limit, and which lead belongs to which campaign, is reckoned once
more, from the feeds, by a test of its own. Budgets of campaigns are no mart: they are read from the
feed.
"""

from __future__ import annotations

import csv
from functools import cache

import yaml

from expectations.rule import (
    COMPLETENESS,
    CONSISTENCY,
    CRITICAL,
    TIMELINESS,
    VALIDITY,
    Rule,
)
from orchestration.settings import DBT_PROJECT_DIR

_CONFLICTS = "mart_brand_conflict"
_SUMMARY = "mart_brand_conflict_summary"
_BUDGETS = "mart_brand_budget_allocation"
_LOCAL = "mart_campaign_individualisation"
_PERFORMANCE = "mart_campaign_performance"
_BANDS = "mart_campaign_band_performance"
_PRESSURE = "mart_brand_target_pressure"

_CLAIM = "BRAND_POSITIONING_COST"
_UNIT = "cast(0.000001 as decimal(7, 6))"
"""The last place of a figure."""
_HALF_CENT = "cast(0.005 as decimal(4, 3))"


@cache
def _allowed_percent() -> str:
    """How much of a campaign may be changed, from the parameters."""
    parameters = DBT_PROJECT_DIR / "seeds" / "governance_parameters.csv"
    with parameters.open(encoding="utf-8", newline="") as lines:
        values = {row["parameter_code"]: row["value"] for row in csv.DictReader(lines)}
    return values["MAX_INDIVIDUALISATION_PERCENT"]


@cache
def _band_of_weights() -> str:
    """The band of a campaign by its weights; the ends are those of the models."""
    project = yaml.safe_load((DBT_PROJECT_DIR / "dbt_project.yml").read_text(encoding="utf-8"))
    ends = project["vars"]["partner_warehouse"]["individualisation_band_ends"]
    bands = " ".join(
        f"when 100 * changed_weight <= {up_to} * total_weight then '{above + 1}-{up_to}'"
        for above, up_to in zip([0, *ends], ends, strict=False)
    )
    return (
        "case when total_weight = 0 then null when changed_weight = 0 then '0' "
        f"{bands} else 'OVER_{ends[-1]}' end"
    )


SCANS = {
    _LOCAL: """
        select r.*, p.local_campaign_id is not null as is_started
        from {batch} as r
        left join marts.mart_campaign_performance as p using (local_campaign_id)
    """,
    _PERFORMANCE: """
        select
            r.*, i.local_campaign_id is not null as is_judged, i.changed_weight, i.total_weight
        from {batch} as r
        left join marts.mart_campaign_individualisation as i using (local_campaign_id)
    """,
}


def _invariant(
    code: str, table: str, description: str, reason: str, remedy: str, passes: str
) -> Rule:
    """A rule without which nothing is published; what is unknown breaks it."""
    return Rule(
        code=code,
        table=table,
        severity=CRITICAL,
        dimension=CONSISTENCY,
        description=description,
        reason=reason,
        remedy=remedy,
        passes=f"coalesce({passes}, false)",
        target_rate=1.0,
    )


def _is_share(rate: str, part: str, whole: str) -> str:
    """Condition that a rate is a part of a whole, as rounded, and null where there is no whole."""
    return f"""
        case
            when {whole} = 0 then {rate} is null
            else abs({rate} * {whole} - {part}) <= {_UNIT} * {whole}
        end
    """


def _is_price(price: str, cost: str, count: str) -> str:
    """Condition that a price is a cost by a count, as rounded, and null where nothing counts."""
    return f"""
        case
            when {count} = 0 then {price} is null
            else abs({price} * {count} - {cost}) <= {_HALF_CENT} * {count}
        end
    """


_REPORT = "Report it to the operators of the warehouse: no sender can mend it."

_CONFLICT_RULES = (
    _invariant(
        "BRAND_CONFLICT_IS_BEYOND_AND_IN_WINDOW",
        _CONFLICTS,
        "A conflict has an invoice that is beyond the limit and in a premium window, and no more "
        "such invoices than are beyond it.",
        "A dealer would be blamed for a discount that he was free to give.",
        _REPORT,
        f"""
            invoices > 0 and conflict_invoices between 0 and invoices
            and is_conflict = (conflict_invoices > 0)
            and (is_premium_window or not is_conflict)
            and over_limit_rate between 0 and 1
            and conflict_invoices <= (over_limit_rate + {_UNIT}) * invoices
        """,
    ),
    _invariant(
        "BRAND_CONFLICT_FIGURES_IN_RANGE",
        _CONFLICTS,
        "A week is one of a year, and the next tier is one unit away or more.",
        "Weeks and distances of another kind would compare nothing.",
        _REPORT,
        "iso_week between 1 and 53 and coalesce(units_to_next_tier, 1) >= 1",
    ),
    Rule(
        code="BRAND_CONFLICT_DISCOUNTS_PLAUSIBLE",
        table=_CONFLICTS,
        dimension=VALIDITY,
        description="Nobody gives more than the list price.",
        reason="A net price below nothing, or prices beyond all measure, make the mean of the week "
        "say nothing.",
        remedy="Have the dealer correct the prices of the invoices of that week and model.",
        passes="coalesce(mean_discount_rate <= 1, false) and discount_eur is not null",
        course_topic="DATA_QUALITY",
    ),
    Rule(
        code="BRAND_CONFLICT_SUMMARY_ADDS_UP",
        table=_SUMMARY,
        severity=CRITICAL,
        dimension=COMPLETENESS,
        description="The months of a dealer hold the invoices, conflicts and discounts of his "
        "weeks, all of them and once (discounts as far as each of them can be shown).",
        reason="Figures of one question would differ by where they are read.",
        remedy=_REPORT,
        violations=f"""
            with months as (
                select
                    dealer_id, sum(invoices) as invoices, sum(conflict_invoices) as conflicts,
                    case when count(discount_eur) = count(*) then sum(discount_eur) end
                        as discount_eur
                from {{batch}}
                group by dealer_id
            ),
            weeks as (
                select
                    dealer_id, sum(invoices) as week_invoices,
                    sum(conflict_invoices) as week_conflicts,
                    case when count(discount_eur) = count(*) then sum(discount_eur) end
                        as week_discount_eur
                from marts.{_CONFLICTS}
                group by dealer_id
            )
            select *
            from months
            full join weeks using (dealer_id)
            where invoices is distinct from week_invoices
                or conflicts is distinct from week_conflicts
                or discount_eur <> week_discount_eur
            order by dealer_id
        """,
        checked=f"greatest(count(distinct dealer_id), "
        f"(select count(distinct dealer_id) from marts.{_CONFLICTS}))",
        target_rate=1.0,
    ),
    _invariant(
        "BRAND_CONFLICT_SUMMARY_SHARES",
        _SUMMARY,
        "Shares of a month are those of its invoices and of the discounts given, none where no "
        "discount was given, and never above 1.",
        "A share without its whole says nothing.",
        _REPORT,
        f"""
            invoices > 0 and conflict_invoices between 0 and invoices
            and {_is_share("conflict_share", "conflict_invoices", "invoices")}
            and over_limit_rate between conflict_share and 1
            and coalesce(near_tier_share, 0) between 0 and 1
            and (
                near_tier_share is not null
                or greatest(coalesce(discount_eur, 0), coalesce(discount_near_tier_eur, 0)) <= 0
            )
        """,
    ),
    _invariant(
        "BRAND_PRESSURE_FIGURES_IN_RANGE",
        _PRESSURE,
        "A band of distance is one of five, and shows the mean discount of its invoices.",
        "Whether targets push prices is read from the bands.",
        _REPORT,
        f"""
            distance_band in ('1-2', '3-5', '6-10', 'OVER_10', 'NONE')
            and invoices > 0 and over_limit_rate between 0 and 1
            and (
                discount_eur is null
                or abs(mean_discount_eur * invoices - discount_eur) <= {_HALF_CENT} * invoices
            )
        """,
    ),
    Rule(
        code="BRAND_PRESSURE_ADDS_UP",
        table=_PRESSURE,
        severity=CRITICAL,
        dimension=COMPLETENESS,
        description="The bands of a brand hold the invoices of its dealers' months, all of them "
        "and once.",
        reason="An invoice that is in no band, or in two, shifts what is compared.",
        remedy=_REPORT,
        violations=f"""
            with bands as (
                select brand_code, sum(invoices) as invoices from {{batch}} group by brand_code
            ),
            months as (
                select brand_code, sum(invoices) as month_invoices
                from marts.{_SUMMARY}
                group by brand_code
            )
            select brand_code, invoices, month_invoices
            from bands
            full join months using (brand_code)
            where invoices is distinct from month_invoices
            order by brand_code
        """,
        checked=f"greatest(count(distinct brand_code), "
        f"(select count(distinct brand_code) from marts.{_SUMMARY}))",
        target_rate=1.0,
    ),
    Rule(
        code="BRAND_CONFLICTS_SELDOM",
        table=_SUMMARY,
        dimension=VALIDITY,
        description="One invoice in twenty of a month at most conflicts with a premium window.",
        reason="What the brand spends on its position is given away again at the same time.",
        remedy="Ask the dealer which target he was after, and move windows off the ends of "
        "quarters.",
        passes="conflict_share <= 0.05",
        mostly=0.9,
        course_topic="SALES",
    ),
    Rule(
        code="BRAND_DISCOUNTS_MOSTLY_WITHIN_LIMIT",
        table=_SUMMARY,
        dimension=VALIDITY,
        description="Half of the invoices of a month keep the limit of their model.",
        reason="A limit that most pass is none, or is too tight for the market.",
        remedy="Look at the dealer's offers, and at the limit of the model.",
        passes="over_limit_rate <= 0.5",
        mostly=0.9,
        course_topic="SALES",
    ),
    Rule(
        code="BRAND_DISCOUNTS_SELDOM_NEAR_TIER",
        table=_SUMMARY,
        dimension=VALIDITY,
        description="Less than nine tenths of the discounts of a month are given near a tier of an "
        "incentive.",
        reason="There the target sets the price: what the incentive pays is passed on before it is "
        "earned.",
        remedy="Flatten the tiers, or pay by the unit in place of a threshold.",
        passes="near_tier_share < 0.9",
        mostly=0.8,
        course_topic="SALES",
    ),
)

_BUDGET_RULES = (
    Rule(
        code="BRAND_BUDGET_SHARED_OUT_EXACTLY",
        table=_BUDGETS,
        severity=CRITICAL,
        dimension=CONSISTENCY,
        description="The districts of a budget make it up to the cent, each budget is one that was "
        "told, and none gives a district less than nothing; none "
        "is missing where the market is known.",
        reason="A budget that is shared out twice, or not wholly, is nobody's plan.",
        remedy=_REPORT,
        violations=f"""
            with budgets as (
                select claim_code as budget_code, cast(claimed_value as decimal(18, 2)) as budget
                from marts.mart_benchmark_comparison
                where claim_code = '{_CLAIM}'
                union all
                select campaign_id, budget_eur
                from state.oem__brand_campaigns
                where campaign_id <> '{_CLAIM}'
            ),
            shared as (
                select
                    budget_code, sum(budget_eur) as shared_out_eur, min(budget_eur) as least_eur,
                    count(*) as districts
                from {{batch}}
                group by budget_code
            ),
            market as (
                select count(*) > 0 as is_known from marts.fct_market_registration
            )
            select
                budget_code, budget as budget_eur, shared_out_eur, least_eur,
                coalesce(districts, 0) as districts
            from shared
            full join budgets using (budget_code)
            cross join market
            where (districts > 0 or is_known)
                and (shared_out_eur is distinct from budget or least_eur < 0)
            order by budget_code
        """,
        checked="count(distinct budget_code)",
        target_rate=1.0,
    ),
    Rule(
        code="BRAND_BUDGET_FOLLOWS_MARKET",
        table=_BUDGETS,
        severity=CRITICAL,
        dimension=CONSISTENCY,
        description="Of two districts the one with the larger market gets no less, and none has a "
        "market below nothing.",
        reason="Budgets follow the market; what does not was shared out by something else.",
        remedy=_REPORT,
        violations="""
            select budget_code, district_code, market_units, budget_eur, smaller_budget_eur
            from (
                select *, max(budget_eur) over (
                    partition by budget_code order by market_units
                    range between unbounded preceding and 1 preceding
                ) as smaller_budget_eur
                from {batch}
            )
            where market_units is null or market_units < 0 or budget_eur < smaller_budget_eur
            order by budget_code, district_code
        """,
        target_rate=1.0,
    ),
    Rule(
        code="BRAND_BUDGET_REACHES_MOST_DISTRICTS",
        table=_BUDGETS,
        dimension=COMPLETENESS,
        description="A district has a market, and so a part of the budget.",
        reason="Where no registration is known, either the market or its data is missing.",
        remedy="Have the market's data of the district delivered.",
        passes="market_units > 0",
        mostly=0.95,
        course_topic="DATA_QUALITY",
    ),
)

_LOCAL_RULES = (
    _invariant(
        "CAMPAIGN_RATE_IS_OF_WEIGHTS",
        _LOCAL,
        "What is changed of a campaign is a part of its weights, and no rate where it has none.",
        "Who is refused must be able to reckon why.",
        _REPORT,
        f"""
            changed_weight between 0 and total_weight
            and {_is_share("individualisation_rate", "changed_weight", "total_weight")}
            and is_within_limit = (100 * changed_weight <= {_allowed_percent()} * total_weight)
        """,
    ),
    _invariant(
        "CAMPAIGN_STATUS_FITS",
        _LOCAL,
        "A campaign is refused for a locked element or for too much, and for nothing else; what is "
        "approved was so by its first day, what starts unapproved was not and has started, and "
        "what is pending has not.",
        "Dealers plan by the status.",
        _REPORT,
        """
            (status = 'REFUSED') = (has_locked_change or not is_within_limit)
            and case status
                when 'REFUSED' then true
                when 'UNAPPROVED_START'
                    then is_started and (approved_on is null or approved_on > starts_on)
                when 'APPROVED' then approved_on <= starts_on
                when 'PENDING' then not is_started
            end
        """,
    ),
    Rule(
        code="LOCAL_CAMPAIGNS_MOSTLY_WITHIN_LIMIT",
        table=_LOCAL,
        dimension=VALIDITY,
        description="Nine in ten campaigns change no more than is allowed, and nothing locked.",
        reason="Modules that many must change do not fit the market.",
        remedy="Ask dealers what they lack in the modules, and offer it.",
        passes="status <> 'REFUSED'",
        mostly=0.9,
        course_topic="SALES",
    ),
    Rule(
        code="LOCAL_CAMPAIGNS_SELDOM_UNAPPROVED",
        table=_LOCAL,
        dimension=TIMELINESS,
        description="Nineteen in twenty campaigns are approved before they start.",
        reason="What is seen by customers cannot be taken back.",
        remedy="Submit earlier, answer faster.",
        passes="status <> 'UNAPPROVED_START'",
        mostly=0.95,
        course_topic="SALES",
    ),
    Rule(
        code="LOCAL_CAMPAIGN_REFUSED_WITHOUT_APPROVAL",
        table=_LOCAL,
        dimension=CONSISTENCY,
        description="What is to be refused has no approval.",
        reason="A locked element was changed, or too much, and somebody has agreed to it: the rule "
        "is not known, or not wanted.",
        remedy="Take the approval back, or change the rule for all.",
        applies="status = 'REFUSED'",
        passes="approved_on is null",
        course_topic="SALES",
    ),
)

_PERFORMANCE_RULES = (
    Rule(
        code="CAMPAIGN_LEADS_COUNTED_ONCE",
        table=_PERFORMANCE,
        severity=CRITICAL,
        dimension=CONSISTENCY,
        description="The campaigns of a dealer and brand have no more leads together than he has "
        "leads that name a campaign, nor more sold ones.",
        reason="Leads that count twice make every campaign look cheap.",
        remedy=_REPORT,
        violations="""
            with counted as (
                select
                    dealer_id, brand_code, sum(leads) as leads, sum(sold_leads) as sold_leads
                from {batch}
                group by dealer_id, brand_code
            ),
            named as (
                select
                    dealer_id, brand_code, count(*) as named_leads,
                    count(*) filter (where is_sold) as named_sold_leads
                from marts.fct_lead
                where campaign_id is not null
                group by dealer_id, brand_code
            )
            select dealer_id, brand_code, leads, named_leads, sold_leads, named_sold_leads
            from counted
            left join named using (dealer_id, brand_code)
            where leads > coalesce(named_leads, 0) or sold_leads > coalesce(named_sold_leads, 0)
            order by dealer_id, brand_code
        """,
        checked="count(distinct (dealer_id, brand_code))",
        target_rate=1.0,
    ),
    _invariant(
        "CAMPAIGN_COSTS_ARE_OF_LEADS",
        _PERFORMANCE,
        "Cost per lead and per sale are the cost by what it brought, rounded to the cent, and none "
        "where it brought nothing.",
        "A price that nobody can reckon persuades nobody.",
        _REPORT,
        f"""
            sold_leads between 0 and leads and cost_eur >= 0
            and {_is_price("cost_per_lead_eur", "cost_eur", "leads")}
            and {_is_price("cost_per_sale_eur", "cost_eur", "sold_leads")}
        """,
    ),
    _invariant(
        "CAMPAIGN_BAND_IS_OF_WEIGHTS",
        _PERFORMANCE,
        "The band of a campaign is that of its weights, compared in whole numbers, and none where "
        "it has no weights.",
        "Bands that mix would hide what individualisation brings.",
        _REPORT,
        f"is_judged and individualisation_band is not distinct from ({_band_of_weights()})",
    ),
    Rule(
        code="CAMPAIGN_BANDS_ADD_UP",
        table=_BANDS,
        severity=CRITICAL,
        dimension=COMPLETENESS,
        description="A band of a brand holds the campaigns, leads and costs of its campaigns, all "
        "of them and once.",
        reason="A campaign is compared with the others of its band and of other bands.",
        remedy=_REPORT,
        violations=f"""
            with campaigns as (
                select
                    brand_code, individualisation_band, count(*) as own_campaigns,
                    sum(leads) as own_leads, sum(sold_leads) as own_sold_leads,
                    sum(cost_eur) as own_cost_eur
                from marts.{_PERFORMANCE}
                where individualisation_band is not null
                group by brand_code, individualisation_band
            )
            select
                brand_code, individualisation_band, campaigns, own_campaigns, leads, own_leads,
                sold_leads, own_sold_leads, cost_eur, own_cost_eur
            from {{batch}}
            full join campaigns using (brand_code, individualisation_band)
            where campaigns is distinct from own_campaigns or leads is distinct from own_leads
                or sold_leads is distinct from own_sold_leads
                or cost_eur is distinct from own_cost_eur
            order by brand_code, individualisation_band
        """,
        checked="greatest(count(*), (select count(distinct (brand_code, individualisation_band)) "
        f"from marts.{_PERFORMANCE} where individualisation_band is not null))",
        target_rate=1.0,
    ),
    _invariant(
        "CAMPAIGN_BAND_FIGURES_IN_RANGE",
        _BANDS,
        "Prices of a band are its cost by what it brought; of what was shown at most all was "
        "clicked.",
        "A band is read in place of its campaigns.",
        _REPORT,
        f"""
            {_is_price("cost_per_lead_eur", "cost_eur", "leads")}
            and {_is_price("cost_per_sale_eur", "cost_eur", "sold_leads")}
            and coalesce(click_rate, 0) >= 0
        """,
    ),
    Rule(
        code="CAMPAIGNS_MOSTLY_BRING_LEADS",
        table=_PERFORMANCE,
        dimension=VALIDITY,
        description="Four in five campaigns that have started bring a lead.",
        reason="Without one either the campaign was not seen, or its leads do not name it.",
        remedy="Have leads name the campaign; ask why the others were not seen.",
        passes="leads > 0",
        mostly=0.8,
        course_topic="DIGITAL",
    ),
)

RULES = (*_CONFLICT_RULES, *_BUDGET_RULES, *_LOCAL_RULES, *_PERFORMANCE_RULES)
