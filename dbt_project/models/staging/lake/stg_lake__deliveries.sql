select
    feed,
    source_file,
    sender,
    delivered_at,
    {{ berlin_month('delivered_at') }} as delivery_month,
    loaded_at,
    batch_id,
    status,
    reason_code,
    message,
    delivered_rows,
    accepted_rows,
    quarantined_rows,
    file_bytes,
    warnings
from {{ source('lake', 'deliveries') }}
