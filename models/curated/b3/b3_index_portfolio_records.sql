{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        partitioned_by=['year(dt_ref)'],
    )
}}

{%- set ledger = ref('b3_answer_files') %}
{%- set expected -%}
    (
        select
            id_arquivo,
            nr_carga
        from {{ ledger }}
        where
            ds_entidade = 'index_portfolio'
            and qt_validas > 0
    )
{%- endset %}
{%- set new_files = stale(expected, loads=ledger) %}

with

files as (
    {{ new_files }}
),

index_portfolio as (
    select * from {{ ref('stg_b3__index_portfolio') }}
    where {{ one_of('id_arquivo', 'select id_arquivo from (' ~ new_files ~ ')', reads=[ledger]) }}
),

final as (
    select
        index_portfolio.cd_indice,
        index_portfolio.dt_ref,
        index_portfolio.ticker,
        index_portfolio.ds_nome,
        index_portfolio.ds_especificacao,
        index_portfolio.ds_setor,
        index_portfolio.pc_participacao,
        index_portfolio.qt_teorica,
        index_portfolio.vl_redutor,
        index_portfolio.pc_participacao_total,
        index_portfolio.qt_teorica_total,
        cast(index_portfolio.ts_recebimento as timestamp(6)) as ts_recebimento,
        index_portfolio.id_arquivo,
        index_portfolio.nr_linha,
        files.nr_carga
    from index_portfolio
    inner join files
        on index_portfolio.id_arquivo = files.id_arquivo
    where index_portfolio.ds_motivo_recusa is null
)

select * from final
