{#
  What a changed vehicle event touches beyond its own month. `cancellations` remembers every dealer and
  VIN that an event has ever cancelled, since staging no longer knows where a corrected one came from.
#}

{% macro changed_event_ids(events) -%}
  {{ changed_rows(events, ['event_id']) }}
{%- endmacro %}

{% macro changed_cancellations(events, cancellations, key) -%}
  {{ changed_rows(events, key, "event_type = 'CANCELLATION' and not is_deleted") }}
  union
  select {{ key | join(', ') }} from {{ cancellations }} where event_id in ({{ changed_event_ids(events) }})
{%- endmacro %}

{# The months in which the fact holds the dealers and VINs that a changed cancellation concerns. #}
{% macro months_of_changed_cancellations(events, cancellations, held_month) -%}
  select {{ held_month }} from {{ this }}
  where (dealer_id, vin) in ({{ changed_cancellations(events, cancellations, ['dealer_id', 'vin']) }})
{%- endmacro %}

{#
  A VIN whose registrations or cancellations changed may now be held in the month of any of its
  registrations, and was held in the month that the fact has. Of its registrations only the one that
  the fact shows needs to be remembered: another one that goes away cannot have decided anything.
#}
{% macro months_of_changed_registrations(events, cancellations) -%}
  {%- set changed_vins -%}
    {{ changed_rows(events, ['vin'], "event_type = 'REGISTRATION' and not is_deleted") }}
    union
    select vin from {{ this }} where event_id in ({{ changed_event_ids(events) }})
    union
    {{ changed_cancellations(events, cancellations, ['vin']) }}
  {%- endset -%}
  select registration_month from {{ this }} where vin in ({{ changed_vins }})
  union
  select event_month from {{ events }}
  where event_type = 'REGISTRATION' and not is_deleted and vin in ({{ changed_vins }})
{%- endmacro %}

{# The latest list of models counts for all months. #}
{% macro months_of_changed_models(models) -%}
  select held.registration_month
  from {{ this }} as held
  left join {{ models }} as models on held.model_code = models.model_code
  where
    held.segment_code is distinct from models.segment_code
    or held.powertrain_code is distinct from models.powertrain_code
{%- endmacro %}
