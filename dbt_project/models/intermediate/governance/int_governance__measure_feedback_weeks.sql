with partner_weeks as (
    select * from {{ ref('int_governance__list_partner_weeks') }}
)

, partners as (
    select distinct dealer_id, brand_code from partner_weeks
)

, weeks as (
    select distinct week_start, before_week_start from partner_weeks
)

-- The week itself, and the one that it is compared with.
, spans as (
    select week_start, week_start as last_week, false as is_before from weeks
    union all
    select week_start, before_week_start, true from weeks
)

-- Each with the twelve weeks before it.
, windows as (
    select
        week_start,
        is_before,
        {{ each_week(days_later('last_week', -84), 'last_week') }} as counted_week
    from spans
)

, beginning as (
    select {{ days_later('min(before_week_start)', -84) }} as first_day from weeks
)

, answers as (
    select
        surveys.dealer_id,
        surveys.brand_code,
        {{ week_of(berlin_date('surveys.answered_at')) }} as answered_week,
        count(*) as answer_count,
        sum(surveys.score) as score_sum,
        count(*) filter (where surveys.score >= 9) - count(*) filter (where surveys.score <= 6) as net_promoter_count
    from {{ ref('fct_survey') }} as surveys
    inner join partners
        on surveys.dealer_id = partners.dealer_id and surveys.brand_code = partners.brand_code
    where
        surveys.answered_at is not null
        and surveys.score is not null
        and {{ berlin_date('surveys.answered_at') }} >= (select first_day from beginning)
    group by surveys.dealer_id, surveys.brand_code, {{ week_of(berlin_date('surveys.answered_at')) }}
)

, opinions as (
    select
        answers.dealer_id,
        answers.brand_code,
        windows.week_start
        {%- for span, condition in [('', 'not windows.is_before'), ('_before', 'windows.is_before')] %},
        sum(case when {{ condition }} then answers.answer_count end) as answer_count{{ span }},
        sum(case when {{ condition }} then answers.score_sum end) as score_sum{{ span }},
        sum(case when {{ condition }} then answers.net_promoter_count end) as net_promoter_count{{ span }}
        {%- endfor %}
    from windows
    inner join answers
        on windows.counted_week = answers.answered_week
    group by answers.dealer_id, answers.brand_code, windows.week_start
)

, cases as (
    select
        dealer_id,
        brand_code,
        case_type,
        {{ week_of(berlin_date('opened_at')) }} as opened_week,
        {{ week_of(berlin_date('resolved_at')) }} as resolved_week,
        {{ microseconds_between('opened_at', 'resolved_at') }} as duration_us
    from {{ ref('fct_case') }}
    where
        {{ berlin_date('opened_at') }} >= (select first_day from beginning)
        or {{ berlin_date('resolved_at') }} >= (select first_day from beginning)
)

, complaint_weeks as (
    select dealer_id, brand_code, opened_week, count(*) as complaint_count
    from cases
    where case_type = 'COMPLAINT'
    group by dealer_id, brand_code, opened_week
)

, complaints as (
    select
        partner_weeks.dealer_id,
        partner_weeks.brand_code,
        partner_weeks.week_start,
        coalesce(sum(case when not spans.is_before then complaint_weeks.complaint_count end), 0) as complaint_count,
        coalesce(sum(case when spans.is_before then complaint_weeks.complaint_count end), 0) as complaint_count_before
    from partner_weeks
    inner join spans
        on partner_weeks.week_start = spans.week_start
    left join complaint_weeks
        on
            partner_weeks.dealer_id = complaint_weeks.dealer_id
            and partner_weeks.brand_code = complaint_weeks.brand_code
            and spans.last_week = complaint_weeks.opened_week
    where partner_weeks.has_cases
    group by partner_weeks.dealer_id, partner_weeks.brand_code, partner_weeks.week_start
)

-- A case resolved before it was opened says nothing of how long one takes.
, resolved as {{ streamed_cte() }} (
    select
        cases.dealer_id,
        cases.brand_code,
        cases.case_type,
        windows.week_start,
        cases.duration_us
    from windows
    inner join cases
        on windows.counted_week = cases.resolved_week
    where
        not windows.is_before
        and cases.duration_us >= 0
)

, network as (
    select brand_code, case_type, week_start, {{ doubled_median('duration_us') }} as doubled_us
    from resolved
    group by brand_code, case_type, week_start
)

, partner_medians as (
    select
        resolved.dealer_id,
        resolved.brand_code,
        resolved.case_type,
        resolved.week_start,
        {{ doubled_median('resolved.duration_us') }} as doubled_us
    from resolved
    inner join partners
        on resolved.dealer_id = partners.dealer_id and resolved.brand_code = partners.brand_code
    group by resolved.dealer_id, resolved.brand_code, resolved.case_type, resolved.week_start
)

, ranked as (
    select
        *,
        row_number() over (
            partition by dealer_id, brand_code, week_start order by doubled_us desc, case_type
        ) as slowness
    from partner_medians
)

{%- for code, figure in [('CSI', '10 * score_sum'), ('NPS', '100 * net_promoter_count')] %}
{%- set figure_before = figure ~ '_before' %}

select
    opinions.dealer_id,
    opinions.brand_code,
    opinions.week_start,
    '{{ code }}' as finding_code,
    cast(null as {{ text_type() }}) as subject,
    {{ exact_rate(figure, 'answer_count') }} as value,
    {{ exact_rate(figure_before, 'answer_count_before') }} as comparison_value,
    'YEAR_BEFORE' as comparison
from opinions
inner join partner_weeks
    on {{ same_key('opinions', 'partner_weeks', ['dealer_id', 'brand_code', 'week_start']) }}
where opinions.answer_count > 0 and partner_weeks.has_surveys
union all
{%- endfor %}
select
    dealer_id,
    brand_code,
    week_start,
    'COMPLAINTS',
    null,
    cast(complaint_count as decimal(18, 6)),
    cast(complaint_count_before as decimal(18, 6)),
    'YEAR_BEFORE'
from complaints
union all
select
    ranked.dealer_id,
    ranked.brand_code,
    ranked.week_start,
    'WORST_CASE_TYPE',
    ranked.case_type,
    {{ exact_rate('ranked.doubled_us', '7200000000') }},
    {{ exact_rate('network.doubled_us', '7200000000') }},
    'NETWORK'
from ranked
inner join partner_weeks
    on {{ same_key('ranked', 'partner_weeks', ['dealer_id', 'brand_code', 'week_start']) }}
inner join network
    on
        ranked.brand_code = network.brand_code
        and ranked.case_type = network.case_type
        and ranked.week_start = network.week_start
where ranked.slowness = 1 and partner_weeks.has_cases
