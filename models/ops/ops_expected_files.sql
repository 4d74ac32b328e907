with

cards_files as (
    select * from {{ ref('cards_files') }}
),

entities as (
    select
        'cards' as ds_dominio,
        kinds.ds_entidade
    from unnest(array['tb_faturas', 'tb_pagamentos']) as kinds (ds_entidade)
),

span as (
    select
        min(dt_mes) as dt_primeiro_mes,
        cast(date_trunc('month', {{ run_date() }}) as date) - interval '1' month as dt_ultimo_mes
    from cards_files
),

-- the months, first and last among them
months as (
    select calendar.dt_mes
    from span
    cross join unnest(sequence(span.dt_primeiro_mes, span.dt_ultimo_mes, interval '1' month)) as calendar (dt_mes)
    where span.dt_primeiro_mes <= span.dt_ultimo_mes
),

-- a file without a single valid record brings nothing of its month
came as (
    select
        ds_entidade,
        dt_mes,
        min(ts_recebimento) as ts_recebimento,
        count(*) as qt_arquivos
    from cards_files
    where qt_validas > 0
    group by
        ds_entidade,
        dt_mes
),

expected as (
    select
        entities.ds_dominio,
        entities.ds_entidade,
        months.dt_mes,
        cast(months.dt_mes + interval '1' month as date)
        + {{ var('cards_files_due_day') - 1 }} * interval '1' day as dt_esperada
    from entities
    cross join months
),

final as (
    select
        expected.ds_dominio,
        expected.ds_entidade,
        expected.dt_mes,
        cast(expected.dt_esperada as date) as dt_esperada,
        case
            when came.ts_recebimento < expected.dt_esperada + interval '1' day then 'came'
            when came.ts_recebimento is not null then 'late'
            when {{ run_date() }} > expected.dt_esperada then 'missing'
            else 'awaited'
        end as ds_situacao,
        came.ts_recebimento,
        coalesce(came.qt_arquivos, 0) as qt_arquivos
    from expected
    left join came
        on
            expected.ds_entidade = came.ds_entidade
            and expected.dt_mes = came.dt_mes
)

select * from final
