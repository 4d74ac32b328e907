{{ config(materialized='view') }}

with

fact_months as (
    select * from {{ ref('cards_fact_months') }}
),

invoices as (
    select * from {{ ref('cards_invoices') }}
),

payments as (
    select * from {{ ref('cards_payments') }}
),

touched_months as (
    select
        date_parse(cast(safra as varchar), '%Y%m') as dt_mes,
        nr_carga
    from fact_months
),

calendar as (
    select sequence(min(dt_mes), max(dt_mes), interval '1' month) as dt_meses
    from touched_months
),

safras as (
    select
        cast(year(months.dt_mes) * 100 + month(months.dt_mes) as integer) as safra,
        cast(months.dt_mes as date) as dt_mes,
        cast(date_add('month', -11, months.dt_mes) as date) as dt_inicio,
        cast(last_day_of_month(months.dt_mes) as date) as dt_referencia,
        max(touched_months.nr_carga) over (order by months.dt_mes) as nr_carga
    from calendar
    cross join unnest(calendar.dt_meses) as months (dt_mes)
    left join touched_months
        on months.dt_mes = touched_months.dt_mes
),

{{ cards_status_ctes() }},

final as (
    select
        safra,
        dt_referencia,
        id_fatura,
        id_cliente,
        dt_emissao,
        dt_vencimento,
        qt_meses_desde_emissao,
        vl_fatura,
        vl_pagamento_minimo,
        vl_pago,
        pc_pago,
        vl_em_aberto,
        vl_em_atraso,
        qt_pagamentos,
        dt_primeiro_pagamento,
        dt_ultimo_pagamento,
        dt_minimo_coberto,
        qt_dias_atraso,
        qt_dias_atraso_minimo,
        qt_dias_em_atraso,
        fl_vencida,
        fl_pago_em_dia,
        fl_abaixo_minimo,
        fl_sem_pagamento,
        ds_pagamento_por_data,
        ds_pagamento_por_valor,
        {{ cards_faixa_nome('nr_faixa') }} as ds_faixa,
        nr_carga
    from invoice_status
)

select * from final
