"""Questions about scores, the market, sales and dealers."""

from __future__ import annotations

from tests.pipeline.metric_question import WITH_DEALER, asked, saved

SCORES = (
    saved(
        "scores_by_month",
        3,
        """
        select brand_code, peer_group as scorecard__peer_group, score_month as metric_time__month,
            avg(score) as score, median(score) as median_score, count(score) as scored_dealers,
            sum(missing_count) / sum(kpi_count) as missing_kpi_rate
        from mart_partner_scorecard group by all
        """,
    ),
    saved(
        "points_by_kpi",
        3,
        """
        select brand_code, kpi_code, owner_side as kpi_code__owner_side,
            sum(points) / sum(weight) filter (where points is not null) as points_rate,
            count(*) filter (where missing_reason is not null) as missing_figures
        from mart_partner_scorecard_kpi inner join dim_kpi using (kpi_code) group by all
        """,
    ),
    asked(
        "a score by a dealer's attribute, of one brand only",
        f"""
        select dealers.contract_model as dealer__contract_model,
            date_trunc('quarter', score_month)::date as metric_time__quarter, avg(score) as score
        from mart_partner_scorecard {WITH_DEALER}
        where brand_code = (select min(brand_code) from dim_dealer)
        group by all
        """,
        "score",
        "dealer__contract_model,metric_time__quarter",
        "{{ Entity('brand_code') }} = (select min(brand_code) from marts.main.dim_dealer)",
    ),
    asked(
        "dealers are counted once, however many months are asked for",
        f"""
        select dealers.group_id as dealer__group_id, avg(score) as score,
            count(distinct (dealer_id, brand_code)) filter (where score is not null)
                as scored_dealers
        from mart_partner_scorecard {WITH_DEALER} where dealers.contract_model = 'DEALER'
        group by all
        """,
        "score,scored_dealers",
        "dealer__group_id",
        "{{ Dimension('dealer__contract_model') }} = 'DEALER'",
    ),
    asked(
        "goals that diverge",
        """
        select score_month as metric_time__month,
            count(*) filter (where is_diverging) as diverging_scorecards,
            count(is_diverging) as compared_scorecards,
            count(*) filter (where is_diverging) / nullif(count(is_diverging), 0) as diverging_rate
        from mart_partner_scorecard group by all
        """,
        "diverging_scorecards,compared_scorecards,diverging_rate",
        "metric_time__month",
    ),
    asked(
        "missing figures, counted on the scorecard and one by one",
        """
        select sum(missing_count) as missing_kpis, sum(kpi_count) as all_kpis,
            (select count(*) from mart_partner_scorecard_kpi where status = 'MISSING')
                as missing_figures,
            (select sum(points) from mart_partner_scorecard_kpi) as reached_points,
            (select sum(weight) from mart_partner_scorecard_kpi where points is not null)
                as scored_weight
        from mart_partner_scorecard
        """,
        "missing_kpis,all_kpis,missing_figures,reached_points,scored_weight",
    ),
)

MARKET = (
    saved(
        "penetration_by_segment",
        3,
        """
        select brand_code, segment_code, registration_month as metric_time__month,
            sum(brand_units) / nullif(sum(market_units), 0) as penetration,
            sum(counted_registrations) / nullif(sum(expected_units), 0) as sales_effectiveness
        from mart_market_penetration group by all
        """,
    ),
    asked(
        "penetration is a quotient of sums, with what it is made of",
        f"""
        select dealers.peer_group as dealer__peer_group,
            date_trunc('year', registration_month)::date as metric_time__year,
            sum(brand_units) as brand_units, sum(market_units) as market_units,
            sum(brand_units) / nullif(sum(market_units), 0) as penetration,
            sum(expected_units) as expected_units,
            sum(counted_registrations) as own_registrations
        from mart_market_penetration {WITH_DEALER} group by all
        """,
        "brand_units,market_units,penetration,expected_units,own_registrations",
        "dealer__peer_group,metric_time__year",
    ),
)

SALES = (
    saved(
        "sales_by_month",
        2,
        """
        with registered as (
            select brand_code, registration_month as month,
                count(*) filter (where is_counted) as units,
                count(*) filter (where is_counted and powertrain_code = 'BEV')
                    / nullif(count(*) filter (where is_counted and powertrain_code is not null), 0)
                    as electric_share
            from fct_registration group by all
        )
        , months as (
            select brand_code, month from (select distinct brand_code from registered), dim_month
        )
        , to_date as (
            select brand_code, months.month, sum(registered.units) as units_year_to_date
            from months inner join registered using (brand_code)
            where year(registered.month) = year(months.month) and registered.month <= months.month
            group by all
        )
        , revenue as (
            select brand_code, revenue_month as month, sum(net_revenue_eur) as net_revenue,
                sum(net_revenue_eur) / nullif(sum(prior_year_net_revenue_eur), 0) - 1
                    as net_revenue_growth
            from mart_segment_growth group by all
        )
        , asked_for as (
            select brand_code, created_month as month,
                count(*) filter (where is_sold) / count(*) as closing_rate
            from fct_lead group by all
        )
        select brand_code, month as metric_time__month, units, units_year_to_date, electric_share,
            net_revenue, net_revenue_growth, closing_rate
        from registered
        full join to_date using (brand_code, month)
        full join revenue using (brand_code, month)
        full join asked_for using (brand_code, month)
        """,
    ),
    saved(
        "targets_by_quarter",
        3,
        """
        select brand_code, segment_code, quarter_start as metric_time__quarter,
            sum(target_units) as target_units,
            sum(counted_registrations) filter (where target_units is not null)
                as targeted_registrations,
            sum(counted_registrations) filter (where target_units is not null)
                / nullif(sum(target_units), 0) as target_attainment
        from mart_target_attainment group by all
        """,
    ),
    asked(
        "units of two tables beside each other, by a key that both have",
        """
        with registered as (
            select segment_code, date_trunc('quarter', registration_date)::date as quarter,
                count(*) filter (where is_counted) as units
            from fct_registration group by all
        )
        , planned as (
            select segment_code, quarter_start as quarter, sum(target_units) as target_units,
                sum(undelivered_backlog_units) as undelivered_backlog
            from mart_target_attainment group by all
        )
        select coalesce(registered.segment_code, planned.segment_code) as segment_code,
            quarter as metric_time__quarter, units, target_units, undelivered_backlog
        from registered full join planned using (segment_code, quarter)
        where quarter >= date '2025-01-01' and segment_code is not null
        """,
        "units,target_units,undelivered_backlog",
        "segment_code,metric_time__quarter",
        "{{ TimeDimension('metric_time', 'quarter') }} >= '2025-01-01'",
        "{{ Entity('segment_code') }} is not null",
    ),
    asked(
        "kinds of units by who holds them, by day",
        """
        select holder_type as vehicle__holder_type, registration_date as metric_time__day,
            count(*) filter (where is_counted) as units,
            count(*) filter (where is_counted and powertrain_code is not null) as known_units,
            count(*) filter (where is_counted and powertrain_code = 'BEV') as electric_units
        from fct_registration group by all
        """,
        "units,known_units,electric_units",
        "vehicle__holder_type,metric_time__day",
    ),
    asked(
        "growth of revenue by dealer",
        """
        select dealer_id, sum(net_revenue_eur) as net_revenue,
            sum(prior_year_net_revenue_eur) as prior_year_net_revenue,
            sum(net_revenue_eur) / nullif(sum(prior_year_net_revenue_eur), 0) - 1
                as net_revenue_growth,
            sum(invoiced_units) as invoiced_units
        from mart_segment_growth group by all
        """,
        "net_revenue,prior_year_net_revenue,net_revenue_growth,invoiced_units",
        "dealer_id",
    ),
    asked(
        "leads by channel",
        """
        select channel as lead__channel, count(*) as leads,
            count(*) filter (where is_sold) as sold_leads,
            count(*) filter (where is_answered_in_24h) as answered_leads_24h,
            count(*) filter (where is_answered_in_24h) / count(*) as lead_response_rate_24h
        from fct_lead group by all
        """,
        "leads,sold_leads,answered_leads_24h,lead_response_rate_24h",
        "lead__channel",
    ),
)

DEALERS = (
    saved(
        "dealers_by_quarter",
        3,
        f"""
        with earned as (
            select brand_code, contract_model, date_trunc('quarter', fiscal_month)::date as quarter,
                sum(operating_result_eur) / sum(
                    new_vehicle_revenue_eur + used_vehicle_revenue_eur + service_revenue_eur
                ) as return_on_sales
            from fct_dealer_financials {WITH_DEALER} group by all
        )
        , last_snapshots as (
            select dealer_id, date_trunc('quarter', snapshot_date)::date as quarter,
                max(snapshot_date) as snapshot_date
            from fct_stock group by all
        )
        , held as (
            select brand_code, contract_model, quarter,
                count(*) filter (where stock_status = 'IN_STOCK') as stock_units,
                count(*) filter (where stock_status = 'IN_STOCK' and stock_age_days > 180)
                    / nullif(count(*) filter (where stock_status = 'IN_STOCK'), 0) as old_stock_rate
            from fct_stock inner join last_snapshots using (dealer_id, snapshot_date) {WITH_DEALER}
            group by all
        )
        , said as (
            select brand_code, contract_model,
                date_trunc('quarter', answered_month)::date as quarter,
                10 * avg(score) as customer_satisfaction,
                100.0 * count(*) filter (where score >= 9) / count(*)
                    - 100.0 * count(*) filter (where score <= 6) / count(*) as net_promoter_score
            from fct_survey {WITH_DEALER}
            where answered_month is not null and score is not null
            group by all
        )
        select brand_code, contract_model as dealer__contract_model,
            quarter as metric_time__quarter, return_on_sales, stock_units, old_stock_rate,
            customer_satisfaction, net_promoter_score
        from earned
        full join held using (brand_code, contract_model, quarter)
        full join said using (brand_code, contract_model, quarter)
        """,
    ),
    asked(
        "stock is that of each dealer's last snapshot",
        """
        select count(*) filter (where stock_status = 'IN_STOCK') as stock_units,
            count(*) filter (where stock_status = 'IN_STOCK' and stock_age_days > 180)
                as old_stock_units
        from fct_stock
        where (dealer_id, snapshot_date)
            in (select (dealer_id, max(snapshot_date)) from fct_stock group by dealer_id)
        """,
        "stock_units,old_stock_units",
    ),
    asked(
        "what dealers earn",
        """
        select brand_code, sum(operating_result_eur) as operating_result,
            sum(new_vehicle_revenue_eur + used_vehicle_revenue_eur + service_revenue_eur)
                as dealer_revenue
        from fct_dealer_financials group by all
        """,
        "operating_result,dealer_revenue",
        "brand_code",
    ),
)

QUESTIONS = (*SCORES, *MARKET, *SALES, *DEALERS)
