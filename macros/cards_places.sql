{% macro cards_places(touched, ledger, invoices, invoice_versions, last_load, unknown) -%}
    {%- if not can_look_up([invoices, ledger]) -%}
        {{ return(('true', 'true')) }}
    {%- endif -%}

    {%- set newest = run_query(
        "select coalesce(cast(max(dt_mes) as varchar), '0001-01-01'),"
        ~ " coalesce(cast(max(case when nr_carga <= " ~ last_load ~ " then dt_mes end) as varchar), '0001-01-01')"
        ~ ' from ' ~ ledger ~ " where ds_entidade = 'tb_faturas' and qt_validas > 0"
    ).rows[0] -%}
    {%- set in_reach = between_months(
        'dt_emissao', 'select dt_pagamento from (' ~ touched ~ ')', before=var('cards_reach_months'), after=1
    ) -%}
    {%- set beyond = run_query(
        'select count(*) as qt_pagamentos from ('
        ~ 'select id_fatura from (' ~ touched ~ ") where dt_pagamento < date '" ~ newest[0] ~ "'"
        ~ " or ds_situacao = 'superseded' union all"
        ~ ' select id_fatura from ' ~ this ~ ' where dt_emissao = ' ~ unknown
        ~ " and dt_pagamento >= date '" ~ newest[1] ~ "' and dt_pagamento < date '" ~ newest[0] ~ "'"
        ~ ') where id_fatura not in (select id_fatura from ' ~ invoices ~ ' where ' ~ in_reach ~ ')'
        ~ ' and id_fatura not in (select id_fatura from ' ~ invoices ~ ' where nr_carga > ' ~ last_load ~ ')'
    ) -%}
    {%- set is_near = in_reach if beyond.rows[0][0] == 0 else 'true' -%}

    {#- A payment may stand at its invoice's day, at a former day of it, or wait. -#}
    {%- set places -%}
        select {{ unknown }} as dt_emissao
        union all
        select invoices.dt_emissao
        from {{ invoices }} as invoices
        inner join ({{ touched }}) as payments
            on invoices.id_fatura = payments.id_fatura
        where
            payments.ds_situacao = 'superseded'
            and {{ is_near }}
        union all
        select former.dt_emissao
        from {{ invoice_versions }} as former
        inner join {{ invoice_versions }} as latest
            on
                former.id_fatura = latest.id_fatura
                and former.dt_emissao != latest.dt_emissao
        where
            former.ds_situacao = 'superseded'
            and former.nr_carga > {{ last_load }}
            and latest.ds_situacao = 'current'
            and latest.nr_carga > {{ last_load }}
    {%- endset -%}
    {{ return((is_near, one_of('dt_emissao', places, data_type='date'))) }}
{%- endmacro %}
