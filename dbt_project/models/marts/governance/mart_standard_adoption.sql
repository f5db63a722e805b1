with standards as (
    select * from {{ ref('stg_oem__technology_standards') }}
    where not is_deleted
)

, mandatory as (
    select
        brand_code,
        standard_code,
        version,
        row_number() over (
            partition by brand_code, standard_code order by published_on desc, version desc
        ) as recency
    from standards
    where
        mandatory_from <= {{ today() }}
        and (withdrawn_on is null or withdrawn_on > {{ today() }})
)

, codes as (
    select distinct brand_code, standard_code from standards
)

, contracts as (
    select contracts.contract_id, contracts.brand_code
    from {{ ref('stg_oem__contracts') }} as contracts
    {{ semi_join() }} {{ ref('dim_dealer') }} as dealers
        on contracts.dealer_id = dealers.dealer_id and contracts.brand_code = dealers.brand_code
    where
        not contracts.is_deleted
        and {{ holds_on(today(), 'contracts.valid_from', 'contracts.valid_to') }}
)

, counted as (
    select
        codes.brand_code,
        codes.standard_code,
        mandatory.version as current_version,
        count(contracts.contract_id) as contracts,
        count(case when states.status = 'IN_FORCE' then 1 end) as contracts_on_current,
        count(case when states.status = 'IN_FORCE' and states.is_automatic then 1 end) as automatic_contracts
    from codes
    left join mandatory
        on
            codes.brand_code = mandatory.brand_code
            and codes.standard_code = mandatory.standard_code
            and mandatory.recency = 1
    left join contracts
        on codes.brand_code = contracts.brand_code
    left join {{ ref('mart_contract_standards') }} as states
        on
            contracts.contract_id = states.contract_id
            and codes.standard_code = states.standard_code
            and mandatory.version = states.version
    group by codes.brand_code, codes.standard_code, mandatory.version
)

select
    brand_code,
    standard_code,
    current_version,
    contracts,
    contracts_on_current,
    case when current_version is not null then {{ exact_rate('contracts_on_current', 'contracts') }} end as adoption_rate,
    automatic_contracts,
    case when current_version is not null then {{ exact_rate('automatic_contracts', 'contracts') }} end as automatic_rate
from counted
