{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key=['dt_referencia', 'ds_janela'],
        partitioned_by=['month(dt_referencia)'],
        delete_condition='src.nr_carga is null',
        insert_condition='src.nr_carga is not null',
    )
}}

{%- set stale_safras = cards_stale_safras(ref('cards_customer_months')) %}
{%- set windows = [1, 3, 6, 9, 12] %}

with

vintages as (
    select * from {{ ref('cards_vintages') }}
    where {{ cards_among('dt_referencia', stale_safras) }}
),

customer_months as (
    select * from {{ ref('cards_customer_months') }}
    where {{ cards_among('dt_referencia', stale_safras) }}
),

invoice_book as (
    select * from {{ ref('cards_invoice_book') }}
    where {{ cards_among('dt_referencia', stale_safras) }}
),

safras as (
    {{ cards_safras(stale_safras) }}
),

windows as (
    select qt_meses
    from (
        values ({{ windows | join('), (') }})
    ) as list (qt_meses)
),

customers as (
    select
        dt_referencia,
        {%- for months in windows %}
        count_if(qt_faturas_u{{ months }}m > 0) as qt_clientes_u{{ months }}m{% if not loop.last %},{% endif %}
        {%- endfor %}
    from invoice_book
    group by dt_referencia
),

-- every month from the first invoice on has its windows, with zeros where no invoice was issued in one
totals as (
    select
        safras.safra,
        safras.dt_referencia,
        safras.nr_carga,
        windows.qt_meses,
        {%- for column in [
            'qt_faturas', 'vl_faturado', 'qt_vencidas', 'qt_pagamentos', 'vl_pago', 'qt_vencidas_em_dia',
            'qt_abaixo_minimo', 'qt_atrasos', 'qt_dias_atraso', 'vl_em_atraso'
        ] %}
        coalesce(sum(vintages.{{ column }}), 0) as {{ column }},
        {%- endfor %}
        max(vintages.qt_dias_atraso_max) as qt_dias_atraso_max
    from safras
    cross join windows
    left join vintages
        on
            safras.dt_referencia = vintages.dt_referencia
            and windows.qt_meses > vintages.qt_meses_desde_emissao
    where safras.dt_referencia in (select customer_months.dt_referencia from customer_months)
    group by
        safras.safra,
        safras.dt_referencia,
        safras.nr_carga,
        windows.qt_meses
),

latest as (
    select
        totals.*,
        'U' || cast(totals.qt_meses as varchar) || 'M' as ds_janela,
        coalesce(
            case totals.qt_meses
                {%- for months in windows %}
                when {{ months }} then customers.qt_clientes_u{{ months }}m
                {%- endfor %}
            end,
            0
        ) as qt_clientes
    from totals
    left join customers
        on totals.dt_referencia = customers.dt_referencia
),

former as (
    {{ former(
        ['dt_referencia', 'ds_janela'],
        where=cards_among('dt_referencia', stale_safras),
        like='latest'
    ) }}
),

final as (
    select
        latest.safra,
        coalesce(latest.dt_referencia, former.dt_referencia) as dt_referencia,
        coalesce(latest.ds_janela, former.ds_janela) as ds_janela,
        latest.nr_carga,
        cast(latest.qt_faturas as bigint) as total_faturas,
        cast(latest.vl_faturado as decimal(28, 2)) as valor_total_faturas,
        {{ cards_ratio('latest.vl_faturado', 'latest.qt_faturas', 'decimal(18,2)') }} as valor_medio_faturas,
        cast(latest.qt_pagamentos as bigint) as total_pagamentos,
        cast(latest.vl_pago as decimal(28, 2)) as valor_total_pagamentos,
        {{ cards_ratio('latest.vl_pago', 'latest.qt_pagamentos', 'decimal(18,2)') }} as valor_medio_pagamentos,
        {{ cards_ratio('latest.qt_vencidas_em_dia', 'latest.qt_vencidas', 'decimal(18,8)') }}
            as percentual_pagamento_prazo,
        {{ cards_ratio('latest.qt_abaixo_minimo', 'latest.qt_vencidas', 'decimal(18,8)') }}
            as percentual_inadimplencia,
        cast(latest.qt_atrasos as bigint) as total_atrasos,
        {{ cards_ratio('latest.qt_atrasos', 'latest.qt_vencidas', 'decimal(18,8)') }} as percentual_atrasos,
        {{ cards_ratio('latest.qt_dias_atraso', 'latest.qt_atrasos', 'decimal(18,8)') }} as media_dias_atraso,
        cast(latest.qt_dias_atraso_max as bigint) as max_dias_atraso,
        cast(latest.vl_em_atraso as decimal(28, 2)) as valor_inadimplente,
        {{ cards_ratio('latest.vl_pago', 'latest.vl_faturado', 'decimal(28,8)') }} as percentual_valor_pago,
        cast(latest.qt_clientes as bigint) as total_clientes,
        {{ cards_ratio('latest.vl_faturado', 'latest.qt_clientes', 'decimal(18,2)') }} as media_fatura_por_cliente,
        {{ cards_ratio('latest.vl_pago', 'latest.qt_clientes', 'decimal(18,2)') }} as media_pagamento_por_cliente
    from latest
    full outer join former
        on
            latest.dt_referencia = former.dt_referencia
            and latest.ds_janela = former.ds_janela
)

select * from final
