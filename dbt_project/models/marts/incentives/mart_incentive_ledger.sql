select
    posting_id,
    dealer_id,
    brand_code,
    program_id,
    program_version,
    period_start,
    posted_in_month,
    posting_type,
    amount_eur,
    credits_refinancing,
    as_known_at
from {{ ref('stg_ledger__incentive_postings') }}
