with standards as (
    select
        *,
        row_number() over (
            partition by brand_code, standard_code order by published_on, version
        ) as publication_number
    from {{ ref('stg_oem__technology_standards') }}
    where not is_deleted
)

, mandatory as (
    select
        brand_code,
        standard_code,
        version,
        publication_number,
        row_number() over (
            partition by brand_code, standard_code order by publication_number desc
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

, in_force as (
    select
        states.contract_id,
        states.standard_code,
        states.is_automatic and states.adopted_on is null as is_unsigned,
        standards.publication_number
    from {{ ref('mart_contract_standards') }} as states
    inner join standards
        on {{ same_key('states', 'standards', ['standard_code', 'version']) }}
    where states.status = 'IN_FORCE'
)

-- Who has gone on to a version that is not asked for yet is not behind.
, joined as (
    select
        codes.brand_code,
        codes.standard_code,
        mandatory.version as current_version,
        contracts.contract_id,
        coalesce(in_force.publication_number >= mandatory.publication_number, false) as is_on_current,
        coalesce(in_force.is_unsigned, false) as is_unsigned
    from codes
    left join mandatory
        on
            codes.brand_code = mandatory.brand_code
            and codes.standard_code = mandatory.standard_code
            and mandatory.recency = 1
    left join contracts
        on codes.brand_code = contracts.brand_code
    left join in_force
        on
            contracts.contract_id = in_force.contract_id
            and codes.standard_code = in_force.standard_code
)

, counted as (
    select
        brand_code,
        standard_code,
        current_version,
        count(contract_id) as contracts,
        count(case when is_on_current then 1 end) as contracts_on_current,
        count(case when is_on_current and is_unsigned then 1 end) as automatic_contracts
    from joined
    group by brand_code, standard_code, current_version
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
