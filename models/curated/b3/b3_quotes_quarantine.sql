{{
    config(
        materialized='incremental',
        incremental_strategy='append',
    )
}}

{%- set session_files = ref('b3_session_files') %}
{%- set faulty_files -%}
    select
        session_files.id_arquivo,
        session_files.nr_carga
    from {{ session_files }} as session_files
    where
        session_files.dt_ref is null
        and session_files.qt_linhas > 0
        {% if is_incremental() %}
        and session_files.id_arquivo not in (select known.id_arquivo from {{ this }} as known)
        {% endif %}
{%- endset %}

with

files as (
    {{ faulty_files }}
),

quotes as (
    select *
    from {{ ref('stg_b3__quotes') }}
    where
        {{ one_of(
            'id_arquivo', 'select id_arquivo from (' ~ faulty_files ~ ')', reads=[session_files], at_first=true
        ) }}
),

final as (
    select
        quotes.id_arquivo,
        quotes.nr_linha,
        quotes.ds_arquivo,
        quotes.ds_motivo_recusa,
        quotes.dt_cabecalho,
        quotes.dt_ref,
        quotes.ticker,
        quotes.cd_mercado,
        quotes.ds_prazo,
        quotes.ds_linha,
        cast(quotes.ts_recebimento as timestamp(6)) as ts_recebimento,
        files.nr_carga
    from quotes
    inner join files
        on quotes.id_arquivo = files.id_arquivo
    where quotes.ds_motivo_recusa is not null
)

select * from final
