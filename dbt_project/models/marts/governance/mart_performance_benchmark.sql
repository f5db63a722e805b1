{%- set tenths = {'q10': 100000, 'q25': 250000, 'q50': 500000, 'q75': 750000, 'q90': 900000} -%}

with figures as (
    select
        dealer_id,
        brand_code,
        peer_group,
        score_month,
        'SCORE' as kpi_code,
        score as figure
    from {{ ref('mart_partner_scorecard') }}
    where score is not null
    union all
    select
        kpis.dealer_id,
        kpis.brand_code,
        scorecards.peer_group,
        kpis.score_month,
        kpis.kpi_code,
        kpis.actual_value
    from {{ ref('mart_partner_scorecard_kpi') }} as kpis
    inner join {{ ref('mart_partner_scorecard') }} as scorecards
        on {{ same_key('kpis', 'scorecards', ['dealer_id', 'brand_code', 'score_month']) }}
    where kpis.status = 'SCORED'
)

, sums as (
    select
        dealer_id,
        brand_code,
        peer_group,
        {{ quarter_of('score_month') }} as quarter_start,
        kpi_code,
        sum({{ millionths('figure') }}) as figure_millionths,
        count(*) as month_count
    from figures
    group by dealer_id, brand_code, peer_group, {{ quarter_of('score_month') }}, kpi_code
)

, means as (
    select *, {{ exact_rate('figure_millionths', '1000000 * month_count') }} as figure_mean from sums
)

, ranked as (
    select
        *,
        {{ millionths('figure_mean') }} as mean_millionths,
        row_number() over (
            partition by brand_code, peer_group, quarter_start, kpi_code order by figure_mean, dealer_id
        ) as figure_rank,
        count(*) over (partition by brand_code, peer_group, quarter_start, kpi_code) as size
    from means
)

, weighed as (
    select
        brand_code,
        peer_group,
        quarter_start,
        kpi_code,
        count(*) as dealer_count
        {%- for name, quantile in tenths.items() %},
        sum(mean_millionths * {{ quantile_millionths('figure_rank', 'size', quantile) }}) as {{ name }}_sum
        {%- endfor %}
    from ranked
    group by brand_code, peer_group, quarter_start, kpi_code
)

select
    brand_code,
    peer_group,
    quarter_start,
    kpi_code,
    dealer_count
    {%- for name in tenths %},
    {{ exact_rate(name ~ '_sum', 10 ** 12) }} as {{ name }}
    {%- endfor %}
from weighed
