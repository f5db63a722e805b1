-- Neither the value nor the raw row: both may hold personal data, which stays in the lake.
select
    feed,
    source_file,
    source_row,
    reason_code,
    column_name,
    batch_id,
    delivered_at
from {{ source('lake', 'quarantine') }}
