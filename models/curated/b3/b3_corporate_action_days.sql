{{ config(materialized='view') }}

with

corporate_actions as (
    select * from {{ ref('b3_corporate_actions') }}
),

sessions as (
    select * from {{ ref('b3_sessions') }}
),

-- a company may have several BDRs or funds, which their ISIN alone tells apart; the close that B3 tells stands in for a
-- session that is not here
terms as (
    select
        corporate_actions.*,
        if(corporate_actions.ds_classe in ('BDR', 'CI'), corporate_actions.cd_isin) as cd_isin_do_papel,
        if(sessions.dt_ref is null, nullif(corporate_actions.vl_fechamento_com, 0)) as vl_fechamento,
        greatest(
            corporate_actions.nr_carga,
            if(corporate_actions.ds_classe in ('BDR', 'CI'), coalesce(corporate_actions.nr_carga_isin, 0), 0),
            if(sessions.dt_ref is null, coalesce(corporate_actions.nr_carga_fechamento, 0), 0)
        ) as nr_carga_dos_termos
    from corporate_actions
    left join sessions
        on corporate_actions.dt_ultimo_com = sessions.dt_ref
),

final as (
    select
        cd_empresa,
        ds_classe,
        cd_isin_do_papel as cd_isin,
        dt_ultimo_com,
        cast(coalesce(sum(vl_provento), 0) as decimal(38, 12)) as vl_dinheiro,
        {{ product_of(
            'array_agg(cast(coalesce(qt_multiplicador, 1) as double) order by ds_evento, dt_aprovacao, nr_parcela)'
        ) }} as qt_papeis,
        cast(coalesce(sum(pc_subscricao), 0) as decimal(38, 14)) as pc_direito,
        coalesce(
            cast(sum(pc_subscricao * vl_subscricao) as double) / cast(sum(pc_subscricao) as double), 0
        ) as vl_direito,
        max(vl_fechamento) as vl_fechamento_com,
        array_join(array_agg(distinct ds_evento order by ds_evento), ', ') as ds_eventos,
        bool_or(vl_provento is null and qt_multiplicador is null and pc_subscricao is null) as fl_sem_regra,
        cast(max(ts_recebimento) as timestamp(6)) as ts_recebimento,
        max(nr_carga_dos_termos) as nr_carga
    from terms
    group by
        cd_empresa,
        ds_classe,
        cd_isin_do_papel,
        dt_ultimo_com
)

select * from final
