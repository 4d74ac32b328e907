{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key=['dt_referencia', 'dt_mes_emissao'],
        partitioned_by=['month(dt_referencia)'],
        delete_condition='src.nr_carga is null',
        insert_condition='src.nr_carga is not null',
    )
}}

{%- set stale_safras = cards_stale_safras(ref('cards_customer_months')) %}

with

invoices as (
    select * from {{ ref('cards_invoices') }}
    where {{ cards_within('dt_emissao', stale_safras) }}
),

payments as (
    select * from {{ ref('cards_payments') }}
    where {{ cards_within('dt_emissao', stale_safras) }}
),

safras as (
    {{ cards_safras(stale_safras) }}
),

{{ cards_status_ctes() }},

latest as (
    select
        safra,
        dt_referencia,
        nr_carga,
        cast(date_trunc('month', dt_emissao) as date) as dt_mes_emissao,
        qt_meses_desde_emissao,
        count(*) as qt_faturas,
        sum(vl_fatura) as vl_faturado,
        count_if(fl_vencida) as qt_vencidas,
        sum(qt_pagamentos) as qt_pagamentos,
        sum(vl_pago) as vl_pago,
        count_if(fl_vencida and fl_pago_em_dia) as qt_vencidas_em_dia,
        count_if(fl_abaixo_minimo) as qt_abaixo_minimo,
        count_if(fl_atraso) as qt_atrasos,
        sum(qt_dias_atraso) as qt_dias_atraso,
        max(if(fl_atraso, qt_dias_atraso)) as qt_dias_atraso_max,
        sum(vl_em_atraso) as vl_em_atraso,
        {%- for days in [30, 60, 90] %}
        count_if(qt_dias_em_atraso > {{ days }}) as qt_over{{ days }},
        sum(if(qt_dias_em_atraso > {{ days }}, vl_em_aberto, 0)) as vl_over{{ days }},
        count_if(qt_dias_atraso_minimo > {{ days }}) as qt_ever{{ days }}{% if not loop.last %},{% endif %}
        {%- endfor %}
    from invoice_status
    group by
        safra,
        dt_referencia,
        nr_carga,
        cast(date_trunc('month', dt_emissao) as date),
        qt_meses_desde_emissao
),

former as (
    {{ former(
        ['dt_referencia', 'dt_mes_emissao'],
        where=cards_among('dt_referencia', stale_safras),
        like='latest'
    ) }}
),

final as (
    select
        latest.safra,
        coalesce(latest.dt_referencia, former.dt_referencia) as dt_referencia,
        coalesce(latest.dt_mes_emissao, former.dt_mes_emissao) as dt_mes_emissao,
        latest.nr_carga,
        latest.qt_meses_desde_emissao,
        latest.qt_faturas,
        cast(latest.vl_faturado as decimal(28, 2)) as vl_faturado,
        latest.qt_vencidas,
        latest.qt_pagamentos,
        cast(latest.vl_pago as decimal(28, 2)) as vl_pago,
        {{ cards_ratio('latest.vl_pago', 'latest.vl_faturado', 'decimal(28,8)') }} as pc_pago,
        latest.qt_vencidas_em_dia,
        latest.qt_abaixo_minimo,
        latest.qt_atrasos,
        latest.qt_dias_atraso,
        latest.qt_dias_atraso_max,
        {%- for days in [30, 60, 90] %}
        latest.qt_over{{ days }},
        {{ cards_ratio('latest.qt_over' ~ days, 'latest.qt_faturas', 'decimal(18,8)') }} as pc_over{{ days }},
        {{ cards_ratio('latest.vl_over' ~ days, 'latest.vl_faturado', 'decimal(18,8)') }} as pc_valor_over{{ days }},
        latest.qt_ever{{ days }},
        {{ cards_ratio('latest.qt_ever' ~ days, 'latest.qt_faturas', 'decimal(18,8)') }}
            as pc_ever{{ days }},
        {%- endfor %}
        cast(latest.vl_em_atraso as decimal(28, 2)) as vl_em_atraso
    from latest
    full outer join former
        on
            latest.dt_referencia = former.dt_referencia
            and latest.dt_mes_emissao = former.dt_mes_emissao
)

select * from final
