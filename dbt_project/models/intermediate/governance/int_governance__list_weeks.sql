with weeks as (
    select
        {{ each_week(days_later(week_of(today()), -7 * 53), days_later(week_of(today()), -7)) }} as week_start
)

, numbered as (
    select
        week_start,
        {{ days_later('week_start', 6) }} as week_end,
        {{ iso_year('week_start') }} as iso_year,
        {{ iso_week('week_start') }} as iso_week,
        {{ quarter_of(days_later('week_start', 3)) }} as quarter_start,
        {{ week_of_year_before('week_start') }} as before_week_start
    from weeks
)

select * from numbered
