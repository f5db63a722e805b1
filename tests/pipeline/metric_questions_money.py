"""Questions about money, cases, quality and the brand."""

from __future__ import annotations

from tests.pipeline.metric_question import WITH_DEALER, asked, saved

MONEY = (
    saved(
        "payout_by_program",
        4,
        """
        select brand_code, program_id, posting_type as posting__posting_type,
            posted_in_month as metric_time__month, sum(amount_eur) as payout
        from mart_incentive_ledger group by all
        """,
    ),
    saved(
        "outstanding_by_dealer",
        3,
        """
        select dealer_id, brand_code, ledger_month as metric_time__month,
            sum(closing_eur) as outstanding, sum(arrears_out_eur) as arrears,
            sum(applied_eur + prepaid_eur) as repaid_by_bonus, sum(cash_called_eur) as cash_called
        from mart_refinancing_ledger group by all
        """,
    ),
    asked(
        "claw-backs, and payouts to a kind of dealer",
        f"""
        select dealers.is_top_partner as dealer__is_top_partner, sum(amount_eur) as payout,
            sum(amount_eur) filter (where posting_type = 'CLAWBACK') as clawed_back
        from mart_incentive_ledger {WITH_DEALER} group by all
        """,
        "payout,clawed_back",
        "dealer__is_top_partner",
    ),
    asked(
        "what statements entitle to, and whether they reach a tier",
        """
        select status as statement__status, period_start as metric_time__month,
            sum(entitlement_eur) as entitlement, sum(accrual_eur) as accrual,
            count(*) as statements, count(tier_no) as statements_with_tier,
            count(tier_no) / count(*) as tier_reached_rate
        from mart_incentive_statement group by all
        """,
        "entitlement,accrual,statements,statements_with_tier,tier_reached_rate",
        "statement__status,metric_time__month",
    ),
    asked(
        "outstanding of a quarter is that of its last month",
        """
        with last_months as (
            select date_trunc('quarter', ledger_month)::date as quarter,
                max(ledger_month) as ledger_month
            from mart_refinancing_ledger group by all
        )
        select brand_code, quarter as metric_time__quarter, sum(closing_eur) as outstanding,
            sum(arrears_out_eur) as arrears
        from mart_refinancing_ledger inner join last_months using (ledger_month)
        group by all
        """,
        "outstanding,arrears",
        "brand_code,metric_time__quarter",
    ),
    asked(
        "outstanding by what the investment is now",
        """
        select status as investment__status, sum(closing_eur) as outstanding
        from (
            select investment_id, closing_eur from mart_refinancing_ledger
            where ledger_month = (select max(ledger_month) from mart_refinancing_ledger)
        )
        inner join mart_refinancing_status using (investment_id)
        group by all
        """,
        "outstanding",
        "investment__status",
    ),
    asked(
        "investments by the year they started",
        """
        select date_trunc('year', start_date)::date as metric_time__year,
            sum(total_cost_eur) as invested, sum(refinanced_eur) as refinanced,
            sum(outstanding_eur) as still_owed,
            (sum(refinanced_eur) - sum(outstanding_eur)) / nullif(sum(refinanced_eur), 0)
                as paid_rate
        from mart_refinancing_status group by all
        """,
        "invested,refinanced,still_owed,paid_rate",
        "metric_time__year",
    ),
    asked(
        "dealers at high risk are counted once a quarter",
        """
        select date_trunc('quarter', month)::date as metric_time__quarter,
            count(distinct (dealer_id, brand_code)) filter (where risk_level = 'HIGH')
                as high_risk_dealers
        from mart_investment_pressure group by all
        """,
        "high_risk_dealers",
        "metric_time__quarter",
    ),
)

SERVICE = (
    saved(
        "cycle_times_by_month",
        3,
        """
        select brand_code, case_type, opened_month as metric_time__month,
            avg(hours_to_resolution) as cycle_time,
            median(hours_to_resolution) as median_cycle_time, count(*) as opened_cases,
            count(*) filter (where was_misrouted) / count(*) as misrouted_rate,
            count(*) filter (where is_service_level_breached) / count(*) as breached_rate
        from mart_case_routing group by all
        """,
    ),
    asked(
        "cases by the group of the dealer that received them",
        """
        select dealers.group_id as dealer__group_id,
            quantile_cont(hours_to_resolution, 0.9) as p90_cycle_time,
            count(*) filter (where was_misrouted) as misrouted_cases,
            count(*) filter (where is_service_level_breached) as breached_cases
        from mart_case_routing as cases
        left join dim_dealer as dealers
            on cases.received_by_dealer_id = dealers.dealer_id
            and cases.brand_code = dealers.brand_code
        group by all
        """,
        "p90_cycle_time,misrouted_cases,breached_cases",
        "dealer__group_id",
    ),
    asked(
        "cases that are not resolved are those without a time",
        """
        select dealer_id, count(*) filter (where resolved_at is null) as open_cases
        from fct_case group by all
        """,
        "open_cases",
        "dealer_id",
    ),
)

QUALITY = (
    saved(
        "quality_by_dimension",
        2,
        """
        select dimension as judgement__dimension, month as metric_time__month,
            sum(passed_rows) / nullif(sum(checked_rows), 0) as quality_pass_rate,
            count(*) filter (where is_below_target) / count(*) as below_target_rate
        from mart_data_quality group by all
        """,
    ),
    asked(
        "quality beside the score, by dealer",
        """
        with judged as (
            select dealer_id, sum(passed_rows) / sum(checked_rows) as quality_pass_rate
            from mart_data_quality group by all
        )
        , scored as (
            select dealer_id, avg(score) as score from mart_partner_scorecard group by all
        )
        select dealer_id, score, quality_pass_rate from scored full join judged using (dealer_id)
        """,
        "score,quality_pass_rate",
        "dealer_id",
    ),
    asked(
        "what a rule found",
        """
        select severity as rule_code__severity, feed, sum(checked_rows) as checked_rows,
            sum(passed_rows) as passed_rows, count(*) as judgements,
            count(*) filter (where is_below_target) as judgements_below_target
        from (
            select feed, rule_code, checked_rows, passed_rows, is_below_target
            from mart_data_quality
        )
        inner join (select rule_code, severity from dim_quality_rule) using (rule_code)
        group by all
        """,
        "checked_rows,passed_rows,judgements,judgements_below_target",
        "rule_code__severity,feed",
    ),
    asked(
        "rows delivered and accepted by sender",
        """
        select sender as delivery_month_row__sender, sum(delivered_rows) as delivered_rows,
            sum(accepted_rows) as accepted_rows,
            sum(accepted_rows) / nullif(sum(delivered_rows), 0) as acceptance_rate
        from mart_feed_quality group by all
        """,
        "delivered_rows,accepted_rows,acceptance_rate",
        "delivery_month_row__sender",
    ),
    asked(
        "persons trained in a year are those of its last month",
        """
        with last_months as (
            select date_trunc('year', month)::date as year, max(month) as month
            from mart_academy_progress group by all
        )
        , trained as (
            select brand_code, year, sum(persons_trained_ytd) as persons_trained
            from mart_academy_progress inner join last_months using (month) group by all
        )
        select brand_code, year as metric_time__year, persons_trained,
            sum(training_events) as training_events, sum(passed_events) as passed_events,
            sum(passed_events) / nullif(sum(training_events), 0) as training_pass_rate
        from mart_academy_progress
        inner join trained using (brand_code)
        where date_trunc('year', month)::date = year
        group by all
        """,
        "persons_trained,training_events,passed_events,training_pass_rate",
        "brand_code,metric_time__year",
    ),
    asked(
        "IT readiness by month",
        """
        select month as metric_time__month, count(*) filter (where is_ready) as it_ready_months,
            count(*) as it_months, count(*) filter (where is_ready) / count(*) as it_ready_rate
        from mart_it_readiness group by all
        """,
        "it_ready_months,it_months,it_ready_rate",
        "metric_time__month",
    ),
)

BRAND = (
    saved(
        "campaigns_by_band",
        3,
        """
        select brand_code, individualisation_band as local_campaign__individualisation_band,
            status as local_campaign__status, count(*) as local_campaigns,
            sum(changed_weight) / nullif(sum(total_weight), 0) as individualisation_rate
        from mart_campaign_individualisation
        left join (
            select local_campaign_id, individualisation_band from mart_campaign_performance
        ) using (local_campaign_id)
        group by all
        """,
    ),
    asked(
        "weights of campaigns by quarter",
        """
        select date_trunc('quarter', submitted_on)::date as metric_time__quarter,
            sum(changed_weight) as changed_weight, sum(total_weight) as total_weight
        from mart_campaign_individualisation group by all
        """,
        "changed_weight,total_weight",
        "metric_time__quarter",
    ),
    asked(
        "discounts that conflict with the brand",
        """
        select brand_code, sum(invoices) as compared_invoices,
            sum(conflict_invoices) as conflict_invoices,
            sum(conflict_invoices) / nullif(sum(invoices), 0) as conflict_rate,
            sum(discount_eur) as discounts
        from mart_brand_conflict_summary group by all
        """,
        "compared_invoices,conflict_invoices,conflict_rate,discounts",
        "brand_code",
    ),
    asked(
        "contracts below their benchmark",
        """
        select quarter_start as metric_time__quarter, count(*) as judged_quarters,
            count(*) filter (where is_breach) as breached_quarters,
            count(*) filter (where is_breach) / count(*) as benchmark_breach_rate
        from mart_escalations group by all
        """,
        "judged_quarters,breached_quarters,benchmark_breach_rate",
        "metric_time__quarter",
    ),
)

QUESTIONS = (*MONEY, *SERVICE, *QUALITY, *BRAND)
