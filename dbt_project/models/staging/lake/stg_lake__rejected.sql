select
    feed,
    source_file,
    sender,
    delivered_at,
    batch_id,
    reason_code,
    message
from {{ source('lake', 'rejected') }}
