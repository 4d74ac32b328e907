{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        partitioned_by=['year(dt_ref)'],
    )
}}

with

{{ b3_answer_records(staged=ref('stg_b3__index_portfolio'), entity='index_portfolio') }},

final as (
    select
        records.cd_indice,
        records.ds_tipo_carteira,
        records.dt_ref,
        records.ticker,
        records.ds_nome,
        records.ds_especificacao,
        records.ds_setor,
        records.pc_participacao,
        records.qt_teorica,
        records.vl_redutor,
        records.pc_participacao_total,
        records.qt_teorica_total,
        cast(records.ts_recebimento as timestamp(6)) as ts_recebimento,
        records.id_arquivo,
        records.nr_linha,
        files.nr_carga
    from records
    inner join files
        on records.id_arquivo = files.id_arquivo
    where records.ds_motivo_recusa is null
)

select * from final
