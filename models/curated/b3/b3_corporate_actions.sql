{{ config(materialized='view') }}

with

corporate_action_versions as (
    select * from {{ ref('b3_corporate_action_versions') }}
),

corporate_action_kinds as (
    select * from {{ ref('b3_corporate_action_kinds') }}
),

holidays as (
    select * from {{ ref('b3_holidays') }}
),

-- an action that both answers tell is one; where they differ, what came later counts
merged as (
    select
        cd_empresa,
        ds_classe,
        ds_evento,
        dt_aprovacao,
        dt_ultimo_com,
        nr_parcela,
        max(cd_isin) as cd_isin,
        max(dt_pagamento) as dt_pagamento,
        max(ds_periodo) as ds_periodo,
        max_by(vl_provento, ts_recebimento) as vl_provento,
        max_by(qt_fator, ts_recebimento) as qt_fator,
        max_by(pc_subscricao, ts_recebimento) as pc_subscricao,
        max_by(vl_subscricao, ts_recebimento) as vl_subscricao,
        max(vl_fechamento_com) as vl_fechamento_com,
        max(ts_recebimento) as ts_recebimento,
        max_by(id_arquivo, ts_recebimento) as id_arquivo,
        max_by(nr_linha, ts_recebimento) as nr_linha,
        max(nr_carga) as nr_carga
    from corporate_action_versions
    where ds_situacao = 'current'
    group by
        cd_empresa,
        ds_classe,
        ds_evento,
        dt_aprovacao,
        dt_ultimo_com,
        nr_parcela
),

-- the answer with all cash dividends tells no ISIN: that of the company's other actions of the class
identified as (
    select
        *,
        coalesce(
            cd_isin,
            max_by(cd_isin, if(cd_isin is not null, dt_ultimo_com)) over (partition by cd_empresa, ds_classe)
        ) as cd_isin_da_classe
    from merged
),

-- the first session without the right, by the exchange's calendar
days as (
    select
        last_days.dt_ultimo_com,
        cast(calendar.dt_dia as date) as dt_dia
    from (select distinct merged.dt_ultimo_com from merged) as last_days
    cross join unnest(
        sequence(last_days.dt_ultimo_com + interval '1' day, last_days.dt_ultimo_com + interval '10' day)
    ) as calendar (dt_dia)
),

ex_dates as (
    select
        days.dt_ultimo_com,
        min(days.dt_dia) as dt_ex
    from days
    left join holidays
        on days.dt_dia = holidays.dt_feriado
    where
        day_of_week(days.dt_dia) <= 5
        and holidays.dt_feriado is null
    group by days.dt_ultimo_com
),

final as (
    select
        identified.cd_empresa,
        identified.ds_classe,
        identified.ds_evento,
        identified.dt_aprovacao,
        identified.dt_ultimo_com,
        identified.nr_parcela,
        coalesce(corporate_action_kinds.cd_tipo, 'desconhecido') as cd_tipo,
        identified.cd_isin_da_classe as cd_isin,
        ex_dates.dt_ex,
        identified.dt_pagamento,
        identified.ds_periodo,
        identified.vl_provento,
        identified.qt_fator,
        case
            when corporate_action_kinds.ds_leitura_fator = 'percentual'
                then cast(1 + identified.qt_fator / 100 as decimal(24, 12))
            when corporate_action_kinds.ds_leitura_fator = 'razao' then identified.qt_fator
        end as qt_multiplicador,
        identified.pc_subscricao,
        identified.vl_subscricao,
        identified.vl_fechamento_com,
        cast(identified.ts_recebimento as timestamp(6)) as ts_recebimento,
        identified.id_arquivo,
        identified.nr_linha,
        identified.nr_carga
    from identified
    inner join ex_dates
        on identified.dt_ultimo_com = ex_dates.dt_ultimo_com
    left join corporate_action_kinds
        on identified.ds_evento = corporate_action_kinds.ds_evento
)

select * from final
