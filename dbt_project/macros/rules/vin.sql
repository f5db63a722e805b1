{#
  Whether the check digit (position 9) of a VIN is right. Compulsory in North America only, so this is
  a flag and never a rejection. Letters become digits, the VIN one number of 17 digits, and its
  weighted sum modulo 11 is compared with position 9, where X stands for 10.
#}
{% macro vin_check_digit_is_valid(vin) -%}
  {%- set weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2] -%}
  {%- set number = "try_cast(translate(" ~ vin ~ ", 'ABCDEFGHJKLMNPRSTUVWXYZ', '12345678123457923456789') as bigint)" -%}
  coalesce(
    (
      {%- for weight in weights %}
      {{ '+ ' if not loop.first }}{{ weight }} * ({{ whole_quotient(number, 10 ** (16 - loop.index0)) }} % 10)
      {%- endfor %}
    ) % 11
    = case substr({{ vin }}, 9, 1) when 'X' then 10 else try_cast(substr({{ vin }}, 9, 1) as int) end,
    false
  )
{%- endmacro %}
