{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key=['dt_referencia'],
        partitioned_by=['month(dt_referencia)'],
        delete_condition='src.nr_carga is null',
        insert_condition='src.nr_carga is not null',
    )
}}

{%- set stale_safras = cards_stale_safras(ref('cards_customer_months')) %}
{%- set buckets = ['em_dia', '1_30', '31_60', '61_90', 'acima_90'] %}
{%- set rolls = cards_rolls(buckets, left='saida') %}

with

customer_months as (
    select * from {{ ref('cards_customer_months') }}
    where {{ cards_among('dt_referencia', stale_safras) }}
),

payment_versions as (
    select * from {{ ref('cards_payment_versions') }}
    where {{ cards_within('dt_pagamento', stale_safras, months=1) }}
),

-- money is received on its day, whatever invoice it is for, and whether or not that is known yet
received as (
    select
        last_day_of_month(dt_pagamento) as dt_referencia,
        count_if(vl_pagamento > 0) as qt_pagamentos,
        sum(vl_pagamento) as vl_recebido
    from payment_versions
    where ds_situacao = 'current'
    group by last_day_of_month(dt_pagamento)
),

monthly as (
    select
        safra,
        dt_referencia,
        max(nr_carga) as nr_carga,
        count_if(fl_no_livro) as qt_clientes,
        sum(qt_faturas_no_mes) as qt_faturas,
        sum(vl_faturado_no_mes) as vl_faturado,
        sum(vl_em_aberto) as vl_em_aberto,
        sum(vl_em_atraso) as vl_em_atraso,
        {%- for bucket in buckets %}
        count_if(fl_no_livro and nr_faixa = {{ loop.index0 }}) as qt_clientes_{{ bucket }},
        sum(if(nr_faixa = {{ loop.index0 }}, vl_em_atraso, 0)) as vl_em_atraso_{{ bucket }},
        count_if(nr_faixa_anterior = {{ loop.index0 }} and nr_faixa_rolagem is not null) as qt_vindos_{{ bucket }},
        {%- endfor %}
        {%- for roll in rolls %}
        count_if(nr_faixa_anterior = {{ roll.origin }} and nr_faixa_rolagem = {{ roll.destination }})
            as qt_rolagem_{{ roll.name }},
        {%- endfor %}
        count(nr_faixa_rolagem) as qt_vindos
    from customer_months
    group by
        safra,
        dt_referencia
),

latest as (
    select
        monthly.*,
        coalesce(received.qt_pagamentos, 0) as qt_pagamentos,
        coalesce(received.vl_recebido, 0) as vl_recebido
    from monthly
    left join received
        on monthly.dt_referencia = received.dt_referencia
),

former as (
    {{ former(['dt_referencia'], where=cards_among('dt_referencia', stale_safras), like='latest') }}
),

final as (
    select
        latest.safra,
        coalesce(latest.dt_referencia, former.dt_referencia) as dt_referencia,
        latest.nr_carga,
        latest.qt_clientes,
        cast(latest.qt_faturas as bigint) as qt_faturas,
        cast(latest.vl_faturado as decimal(28, 2)) as vl_faturado,
        cast(latest.qt_pagamentos as bigint) as qt_pagamentos,
        cast(latest.vl_recebido as decimal(28, 2)) as vl_recebido,
        {{ cards_ratio('latest.vl_recebido', 'latest.vl_faturado', 'decimal(28,8)') }} as pc_recebido_sobre_faturado,
        cast(latest.vl_em_aberto as decimal(28, 2)) as vl_em_aberto,
        cast(latest.vl_em_atraso as decimal(28, 2)) as vl_em_atraso,
        {{ cards_ratio('latest.vl_em_atraso', 'latest.vl_em_aberto', 'decimal(18,8)') }} as pc_em_atraso,
        {%- for bucket in buckets %}
        latest.qt_clientes_{{ bucket }},
        {{ cards_ratio('latest.qt_clientes_' ~ bucket, 'latest.qt_clientes', 'decimal(18,8)') }}
            as pc_clientes_{{ bucket }},
        cast(latest.vl_em_atraso_{{ bucket }} as decimal(28, 2)) as vl_em_atraso_{{ bucket }},
        {%- endfor %}
        {%- for roll in rolls %}
        {{ cards_ratio('latest.qt_rolagem_' ~ roll.name, 'latest.qt_vindos_' ~ roll.from, 'decimal(18,8)') }}
            as pc_rolagem_{{ roll.name }},
        {%- endfor %}
        latest.qt_vindos as qt_clientes_do_mes_anterior
    from latest
    full outer join former
        on latest.dt_referencia = former.dt_referencia
)

select * from final
