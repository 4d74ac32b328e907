{% macro cards_status_ctes() -%}
{#- What the payments to an invoice had come to on each day does not depend on the month from which it is seen. -#}
running_payments as (
    select
        payments.id_fatura,
        payments.dt_emissao,
        payments.dt_pagamento,
        payments.vl_pagamento,
        payments.ts_recebimento,
        sum(payments.vl_pagamento) over (
            partition by payments.id_fatura, payments.dt_emissao
            order by payments.dt_pagamento
        ) >= invoices.vl_pagamento_minimo as fl_minimo_coberto
    from payments
    inner join invoices
        on
            payments.id_fatura = invoices.id_fatura
            and payments.dt_emissao = invoices.dt_emissao
),

payments_seen as (
    select
        safras.safra,
        running_payments.id_fatura,
        cast(sum(running_payments.vl_pagamento) as decimal(18, 2)) as vl_pago,
        -- a payment of 0 is none
        count_if(running_payments.vl_pagamento > 0) as qt_pagamentos,
        min(if(running_payments.vl_pagamento > 0, running_payments.dt_pagamento)) as dt_primeiro_pagamento,
        max(if(running_payments.vl_pagamento > 0, running_payments.dt_pagamento)) as dt_ultimo_pagamento,
        min(case when running_payments.fl_minimo_coberto then running_payments.dt_pagamento end) as dt_minimo_coberto,
        max(running_payments.ts_recebimento) as ts_recebimento
    from running_payments
    inner join safras
        on
            running_payments.dt_pagamento <= safras.dt_referencia
            and running_payments.dt_emissao between safras.dt_inicio and safras.dt_referencia
    group by
        safras.safra,
        running_payments.id_fatura
),

invoices_seen as (
    select
        safras.safra,
        safras.dt_mes,
        safras.dt_referencia,
        safras.nr_carga,
        invoices.id_fatura,
        invoices.id_cliente,
        invoices.dt_emissao,
        invoices.dt_vencimento,
        invoices.vl_fatura,
        invoices.vl_pagamento_minimo,
        date_diff('month', date_trunc('month', invoices.dt_emissao), safras.dt_mes) as qt_meses_desde_emissao,
        coalesce(payments_seen.vl_pago, 0) as vl_pago,
        coalesce(payments_seen.qt_pagamentos, 0) as qt_pagamentos,
        payments_seen.dt_primeiro_pagamento,
        payments_seen.dt_ultimo_pagamento,
        case
            when invoices.vl_pagamento_minimo = 0 then invoices.dt_emissao
            else payments_seen.dt_minimo_coberto
        end as dt_minimo_coberto,
        greatest(
            invoices.ts_recebimento, coalesce(payments_seen.ts_recebimento, invoices.ts_recebimento)
        ) as ts_fato_mais_recente,
        invoices.dt_vencimento <= safras.dt_referencia and invoices.vl_fatura > 0 as fl_vencida
    from invoices
    inner join safras
        on invoices.dt_emissao between safras.dt_inicio and safras.dt_referencia
    left join payments_seen
        on
            invoices.id_fatura = payments_seen.id_fatura
            and safras.safra = payments_seen.safra
),

invoice_days as (
    select
        *,
        case
            when fl_vencida
                then greatest(date_diff('day', dt_vencimento, coalesce(dt_primeiro_pagamento, dt_referencia)), 0)
            else 0
        end as qt_dias_atraso,
        case
            when fl_vencida
                then greatest(date_diff('day', dt_vencimento, coalesce(dt_minimo_coberto, dt_referencia)), 0)
            else 0
        end as qt_dias_atraso_minimo,
        -- an invoice of 0 asks for nothing, so that nothing is early or late for it
        if(vl_fatura > 0, date_diff('day', dt_vencimento, dt_primeiro_pagamento)) as qt_dias_pagamento,
        fl_vencida and vl_pago < vl_pagamento_minimo as fl_abaixo_minimo,
        qt_pagamentos > 0 and vl_pago < vl_fatura and abs(vl_pago - vl_pagamento_minimo) <= 0.01 as fl_pago_no_minimo,
        greatest(vl_fatura - vl_pago, 0) as vl_em_aberto
    from invoices_seen
),

-- a clock stands still once the minimum is covered: the days that run are those of an invoice below it
invoice_arrears as (
    select
        *,
        if(fl_abaixo_minimo, qt_dias_atraso_minimo, 0) as qt_dias_em_atraso
    from invoice_days
),

invoice_status as (
    select
        safra,
        dt_mes,
        dt_referencia,
        nr_carga,
        id_fatura,
        id_cliente,
        dt_emissao,
        dt_vencimento,
        qt_meses_desde_emissao,
        vl_fatura,
        vl_pagamento_minimo,
        vl_pago,
        cast(cast(vl_pago as decimal(38, 8)) / nullif(vl_fatura, 0) as decimal(28, 8)) as pc_pago,
        vl_em_aberto,
        if(fl_abaixo_minimo, vl_em_aberto, 0) as vl_em_atraso,
        if(qt_dias_em_atraso > 30, vl_em_aberto, 0) as vl_over30,
        qt_pagamentos,
        dt_primeiro_pagamento,
        dt_ultimo_pagamento,
        dt_minimo_coberto,
        qt_dias_atraso,
        qt_dias_atraso_minimo,
        qt_dias_em_atraso,
        qt_dias_pagamento,
        if(qt_dias_pagamento < 0, -qt_dias_pagamento) as qt_dias_antecipacao,
        fl_vencida,
        coalesce(qt_dias_pagamento <= 0, false) as fl_pago_em_dia,
        coalesce(qt_dias_pagamento < 0, false) as fl_pago_antecipado,
        coalesce(qt_dias_pagamento > 0, false) as fl_pago_atrasado,
        qt_dias_atraso > 0 as fl_atraso,
        fl_abaixo_minimo,
        fl_vencida and qt_pagamentos = 0 as fl_sem_pagamento,
        vl_fatura > 0 and vl_pago >= vl_fatura as fl_pago_total,
        vl_fatura > 0 and qt_pagamentos >= 2 as fl_parcial,
        fl_pago_no_minimo,
        -- where the minimum is 0 and nothing was paid, the whole revolves
        fl_vencida and vl_pago >= vl_pagamento_minimo and vl_pago < vl_fatura as fl_rotativo,
        case
            when qt_dias_pagamento < 0 then 'ANTECIPADO'
            when qt_dias_pagamento = 0 then 'NO_PRAZO'
            when qt_dias_pagamento > 0 then 'ATRASADO'
            when fl_vencida then 'SEM_PAGAMENTO'
        end as ds_pagamento_por_data,
        case
            when vl_fatura = 0 or (qt_pagamentos = 0 and not fl_vencida) then null
            when vl_pago > vl_fatura then 'ACIMA'
            when vl_pago = vl_fatura then 'TOTAL'
            when fl_pago_no_minimo then 'MINIMO'
            when vl_pago < vl_pagamento_minimo or vl_pago = 0 then 'INSUFICIENTE'
            else 'PARCIAL'
        end as ds_pagamento_por_valor,
        {{ cards_faixa('qt_dias_em_atraso') }} as nr_faixa,
        ts_fato_mais_recente
    from invoice_arrears
)
{%- endmacro %}
