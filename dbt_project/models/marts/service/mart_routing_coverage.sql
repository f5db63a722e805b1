{%- set case_types = ['WARRANTY', 'COMPLAINT', 'SERVICE_REQUEST'] -%}

with rules as (
    select * from {{ ref('int_service__list_rules') }}
)

, cases as (
    select distinct brand_code, product_category, customer_postal_code
    from {{ ref('fct_case') }}
)

-- A brand without rules is not covered anywhere.
, brands as (
    select brand_code from {{ ref('stg_oem__dealers') }}
    union
    select brand_code from rules
    union
    select brand_code from cases
)

, postal_codes as (
    select brands.brand_code, areas.postal_code
    from brands
    cross join (select distinct postal_code from {{ ref('stg_oem__postal_areas') }}) as areas
    union
    select brand_code, customer_postal_code
    from cases
    where
        length(customer_postal_code) = 5
        and translate(customer_postal_code, '0123456789', '') = ''
)

, named_categories as (
    select brand_code, product_category from rules where product_category is not null
    union
    select brand_code, product_category from cases
)

-- A brand of which neither a rule nor a case names a category may get cases of any that others have.
, categories as (
    select brand_code, product_category from named_categories
    union all
    select brands.brand_code, any_category.product_category
    from (
        select brands.brand_code from brands
        {{ anti_join() }} named_categories
            on brands.brand_code = named_categories.brand_code
    ) as brands
    cross join (select distinct product_category from named_categories) as any_category
)

-- Which kinds of case the rules of a prefix take, by the category they name or of any.
, rules_today as (
    select
        brand_code,
        postal_prefix,
        product_category
        {%- for case_type in case_types %}
        , max(case when coalesce(case_type, '{{ case_type }}') = '{{ case_type }}' then 1 else 0 end) as takes_{{ loop.index }}
        {%- endfor %}
    from rules
    where
        fits_from <= {{ berlin_date(as_of()) }}
        and fits_to >= {{ berlin_date(as_of()) }}
    group by brand_code, postal_prefix, product_category
)

, prefixes as (
    select
        postal_codes.brand_code,
        postal_codes.postal_code,
        substr(postal_codes.postal_code, 1, lengths.prefix_length) as postal_prefix
    from postal_codes
    cross join (select prefix_length from (values (0), (1), (2), (3), (4), (5)) as numbers(prefix_length)) as lengths
)

, matched as (
    select
        prefixes.brand_code,
        prefixes.postal_code,
        rules_today.product_category
        {%- for case_type in case_types %}
        , max(rules_today.takes_{{ loop.index }}) as takes_{{ loop.index }}
        {%- endfor %}
    from prefixes
    inner join rules_today
        on
            prefixes.brand_code = rules_today.brand_code
            and prefixes.postal_prefix = rules_today.postal_prefix
    group by prefixes.brand_code, prefixes.postal_code, rules_today.product_category
)

, covered as (
    select
        postal_codes.brand_code,
        postal_codes.postal_code,
        categories.product_category,
        cast(
            {%- for case_type in case_types %}
            {{ '+ ' if not loop.first }}greatest(coalesce(named.takes_{{ loop.index }}, 0), coalesce(general.takes_{{ loop.index }}, 0))
            {%- endfor %}
            as bigint
        ) as covered_case_types
    from postal_codes
    inner join categories
        on postal_codes.brand_code = categories.brand_code
    left join matched as named
        on
            postal_codes.brand_code = named.brand_code
            and postal_codes.postal_code = named.postal_code
            and categories.product_category = named.product_category
    left join matched as general
        on
            postal_codes.brand_code = general.brand_code
            and postal_codes.postal_code = general.postal_code
            and general.product_category is null
)

select
    brand_code,
    postal_code,
    product_category,
    covered_case_types > 0 as is_covered,
    covered_case_types
from covered
