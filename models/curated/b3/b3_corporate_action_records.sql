{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        partitioned_by=['year(dt_ultimo_com)'],
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
            ds_entidade = 'corporate_actions'
            and qt_validas > 0
    )
{%- endset %}
{%- set new_files = stale(expected, loads=ledger) %}

with

files as (
    {{ new_files }}
),

corporate_actions as (
    select * from {{ ref('stg_b3__corporate_actions') }}
    where {{ one_of('id_arquivo', 'select id_arquivo from (' ~ new_files ~ ')', reads=[ledger]) }}
),

final as (
    select
        corporate_actions.ds_secao,
        corporate_actions.cd_empresa,
        corporate_actions.cd_isin,
        corporate_actions.ds_classe,
        corporate_actions.ds_evento,
        corporate_actions.dt_aprovacao,
        corporate_actions.dt_ultimo_com,
        corporate_actions.dt_pagamento,
        corporate_actions.ds_periodo,
        corporate_actions.vl_provento,
        corporate_actions.qt_fator,
        corporate_actions.pc_subscricao,
        corporate_actions.vl_subscricao,
        corporate_actions.vl_fechamento_com,
        cast(corporate_actions.ts_recebimento as timestamp(6)) as ts_recebimento,
        corporate_actions.id_arquivo,
        corporate_actions.nr_linha,
        files.nr_carga
    from corporate_actions
    inner join files
        on corporate_actions.id_arquivo = files.id_arquivo
    where corporate_actions.ds_motivo_recusa is null
)

select * from final
