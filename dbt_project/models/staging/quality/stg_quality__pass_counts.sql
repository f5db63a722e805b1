select
    dealer_id,
    feed,
    rule_code,
    month,
    checked_rows,
    passed_rows
from {{ source('quality', 'pass_counts') }}
