with contracts as (
    select
        contracts.*,
        least({{ today() }}, contracts.valid_to) as judged_on
    from {{ ref('stg_oem__contracts') }} as contracts
    {{ semi_join() }} {{ ref('dim_dealer') }} as dealers
        on contracts.dealer_id = dealers.dealer_id and contracts.brand_code = dealers.brand_code
    where not contracts.is_deleted
)

-- `applies_from` is the day from which a version applies by itself.
, pairs as (
    select
        contracts.contract_id,
        contracts.dealer_id,
        contracts.brand_code,
        contracts.valid_from,
        contracts.valid_to,
        contracts.auto_adopt_standards,
        contracts.judged_on,
        standards.standard_code,
        standards.version,
        standards.published_on,
        standards.withdrawn_on,
        {{ days_later('standards.published_on', 'contracts.objection_days') }} as objection_until,
        greatest(
            {{ days_later('standards.published_on', 'contracts.objection_days + 1') }},
            standards.mandatory_from,
            contracts.valid_from
        ) as applies_from
    from contracts
    inner join {{ ref('stg_oem__technology_standards') }} as standards
        on contracts.brand_code = standards.brand_code
    where
        not standards.is_deleted
        and (contracts.valid_to is null or contracts.valid_to >= standards.published_on)
)

, events as (
    select contract_id, standard_code, version, event_type, event_on
    from {{ ref('stg_oem__contract_events') }}
    where not is_deleted
)

-- The last objection in the window decides: what was resolved before it does not end it.
, objected as (
    select
        pairs.contract_id,
        pairs.standard_code,
        pairs.version,
        max(
            case
                when events.event_type = 'OBJECTION' and events.event_on between pairs.published_on and pairs.objection_until
                    then events.event_on
            end
        ) as objected_on,
        min(
            case
                when events.event_type = 'ADOPTION' and events.event_on >= pairs.published_on then events.event_on
            end
        ) as adopted_on
    from pairs
    inner join events
        on {{ same_key('pairs', 'events', ['contract_id', 'standard_code', 'version']) }}
    where events.event_on <= pairs.judged_on
    group by pairs.contract_id, pairs.standard_code, pairs.version
)

, resolved as (
    select
        pairs.contract_id,
        pairs.standard_code,
        pairs.version,
        min(events.event_on) as resolved_on
    from pairs
    inner join objected
        on {{ same_key('pairs', 'objected', ['contract_id', 'standard_code', 'version']) }}
    inner join events
        on {{ same_key('pairs', 'events', ['contract_id', 'standard_code', 'version']) }}
    where
        events.event_type = 'OBJECTION_RESOLVED'
        and events.event_on between objected.objected_on and pairs.judged_on
    group by pairs.contract_id, pairs.standard_code, pairs.version
)

, joined as (
    select
        pairs.*,
        objected.objected_on,
        resolved.resolved_on,
        objected.adopted_on,
        objected.objected_on is not null and resolved.resolved_on is null as is_objection_standing
    from pairs
    left join objected
        on {{ same_key('pairs', 'objected', ['contract_id', 'standard_code', 'version']) }}
    left join resolved
        on {{ same_key('pairs', 'resolved', ['contract_id', 'standard_code', 'version']) }}
)

, dated as (
    select
        *,
        auto_adopt_standards and not is_objection_standing as is_automatic,
        case
            when auto_adopt_standards and not is_objection_standing then greatest(applies_from, resolved_on)
            when adopted_on is not null then greatest(adopted_on, valid_from)
        end as effect_day
    from joined
)

, effective as (
    select
        *,
        case when withdrawn_on is null or withdrawn_on > effect_day then effect_day end as effective_on,
        coalesce(withdrawn_on <= judged_on, false) as is_withdrawn
    from dated
)

, in_effect as (
    select
        *,
        coalesce(effective_on <= judged_on, false) and not is_withdrawn as is_in_effect
    from effective
)

-- What was published last supersedes the rest, however late they took effect.
, ranked as (
    select
        *,
        row_number() over (
            partition by contract_id, standard_code, is_in_effect
            order by published_on desc, version desc
        ) as recency
    from in_effect
)

select
    contract_id,
    standard_code,
    version,
    dealer_id,
    brand_code,
    effective_on,
    case
        when is_withdrawn then 'WITHDRAWN'
        when is_in_effect and recency > 1 then 'SUPERSEDED'
        when is_in_effect then 'IN_FORCE'
        when effect_day > judged_on then 'PENDING_WINDOW'
        when is_objection_standing then 'OBJECTED'
        else 'NEEDS_SIGNATURE'
    end as status,
    is_automatic,
    objected_on,
    resolved_on,
    adopted_on,
    withdrawn_on,
    valid_to,
    {{ holds_on(today(), 'valid_from', 'valid_to') }} as is_contract_valid
from ranked
