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

-- where no answer tells the ISIN, that of the company's other actions of the class; BDRs and funds may be several
current_actions as (
    select
        *,
        case
            when cd_isin is not null or ds_classe in ('BDR', 'CI') then cd_isin
            else max_by(cd_isin, if(cd_isin is not null, dt_ultimo_com)) over (partition by cd_empresa, ds_classe)
        end as cd_isin_da_classe
    from corporate_action_versions
    where ds_situacao = 'current'
),

closed_days as (
    select array_agg(dt_feriado) as dts_feriado
    from holidays
),

final as (
    select
        current_actions.cd_empresa,
        current_actions.ds_classe,
        current_actions.ds_evento,
        current_actions.dt_aprovacao,
        current_actions.dt_ultimo_com,
        current_actions.nr_parcela,
        coalesce(corporate_action_kinds.cd_tipo, 'desconhecido') as cd_tipo,
        current_actions.cd_isin_da_classe as cd_isin,
        -- the first session without the right, by the exchange's calendar
        {{ b3_next_session('current_actions.dt_ultimo_com', 'closed_days.dts_feriado') }} as dt_ex,
        current_actions.dt_pagamento,
        current_actions.ds_periodo,
        current_actions.vl_provento,
        current_actions.qt_fator,
        case
            when corporate_action_kinds.ds_leitura_fator = 'percentual'
                then cast(1 + current_actions.qt_fator / 100 as decimal(24, 12))
            when corporate_action_kinds.ds_leitura_fator = 'razao' then current_actions.qt_fator
        end as qt_multiplicador,
        current_actions.pc_subscricao,
        current_actions.vl_subscricao,
        current_actions.vl_fechamento_com,
        cast(current_actions.ts_recebimento as timestamp(6)) as ts_recebimento,
        current_actions.id_arquivo,
        current_actions.nr_linha,
        current_actions.nr_carga,
        current_actions.nr_carga_isin,
        current_actions.nr_carga_fechamento
    from current_actions
    cross join closed_days
    left join corporate_action_kinds
        on current_actions.ds_evento = corporate_action_kinds.ds_evento
)

select * from final
