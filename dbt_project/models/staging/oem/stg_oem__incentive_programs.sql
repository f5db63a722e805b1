{%- set key = ['program_id', 'version'] -%}
{{ config(unique_key=key) }}

with incentive_programs as {{ streamed_cte() }} (
    select
        program_id,
        version,
        brand_code,
        program_name,
        period_grain,
        measure,
        measure_kpi_code,
        payout_basis,
        tier_mode,
        segment_code,
        powertrain_code,
        requires_strong_market,
        gate_kpi_code,
        gate_min_value,
        cap_eur,
        hold_days,
        grace_days,
        payment_days,
        credits_refinancing,
        valid_from,
        valid_to,
        announced_on,
        consented_on,
        approved_by_1,
        approved_by_2,
        coalesce(is_deleted, false) as is_deleted,
        {{ lineage_columns() }}
    from {{ delivered(source('oem', 'incentive_programs')) }}
)
{{ latest_by_key('incentive_programs', key) }}
