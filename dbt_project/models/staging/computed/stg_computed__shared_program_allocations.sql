select
    program_id,
    dealer_id,
    brand_code,
    allocation_weight,
    partner_share_eur,
    program_partner_total_eur,
    program_oem_total_eur
from {{ source('computed', 'shared_program_allocations') }}
