{% macro cards_issue_date(payment, unknown) -%}
    coalesce(
        case
            when
                issue_dates.dt_emissao
                >= date_trunc('month', {{ payment }}.dt_pagamento) - interval '{{ var('cards_reach_months') }}' month
                or {{ payment }}.dt_pagamento < newest.dt_mes
                then issue_dates.dt_emissao
        end,
        {{ unknown }}
    )
{%- endmacro %}
