{{
    config(
        materialized='incremental',
        incremental_strategy='append',
    )
}}

{%- set kinds = ['cotacoes', 'indice', 'proventos'] %}
{%- set ledger = ref('b3_session_files') %}

with

-- of the loads that are in the quotes: a session that the ledger knows better is not read yet
session_files as (
    select * from {{ ref('b3_session_files') }}
    where
        dt_ref is not null
        and nr_carga <= {{ latest_load(ref('b3_quotes'), ledger) }}
),

index_levels as (
    select * from {{ ref('b3_index_levels') }}
    where cd_indice = 'IBOV'
),

corporate_action_days as (
    select * from {{ ref('b3_corporate_action_days') }}
),

corporate_action_versions as (
    select * from {{ ref('b3_corporate_action_versions') }}
    where nr_carga_fim is not null
),

-- what indicators are made of, each with the first day whose indicators it can change
facts as (
    select
        dt_ref,
        true as fl_sessao,
        nr_carga as nr_carga_cotacoes,
        0 as nr_carga_indice,
        0 as nr_carga_proventos
    from session_files
    union all
    select
        dt_ref,
        false as fl_sessao,
        0 as nr_carga_cotacoes,
        nr_carga as nr_carga_indice,
        0 as nr_carga_proventos
    from index_levels
    union all
    select
        date_add('day', 1, dt_ultimo_com) as dt_ref,
        false as fl_sessao,
        0 as nr_carga_cotacoes,
        0 as nr_carga_indice,
        nr_carga as nr_carga_proventos
    from corporate_action_days
    union all
    select
        date_add('day', 1, dt_ultimo_com) as dt_ref,
        false as fl_sessao,
        0 as nr_carga_cotacoes,
        0 as nr_carga_indice,
        nr_carga_fim as nr_carga_proventos
    from corporate_action_versions
),

reached as (
    select
        dt_ref,
        {%- for kind in kinds %}
        max(nr_carga_{{ kind }}) over (
            order by dt_ref range between interval '{{ var("b3_reach_days") }}' day preceding and current row
        ) as nr_carga_{{ kind }},
        {%- endfor %}
        fl_sessao
    from facts
),

sessions as (
    select distinct
        dt_ref,
        nr_carga_cotacoes,
        nr_carga_indice,
        nr_carga_proventos
    from reached
    where fl_sessao
),

known as (
    select
        dt_ref,
        max(nr_carga_cotacoes) as nr_carga_cotacoes,
        max(nr_carga_indice) as nr_carga_indice,
        max(nr_carga_proventos) as nr_carga_proventos
    {%- if is_incremental() %}
    from {{ this }}
    {%- else %}
    from sessions
    where false
    {%- endif %}
    group by dt_ref
),

load as (
    {{ new_load() }}
),

final as (
    select
        sessions.dt_ref,
        if(
            known.dt_ref is null,
            'cotacoes',
            array_join(
                array[
                    {%- for kind in kinds %}
                    if(sessions.nr_carga_{{ kind }} > known.nr_carga_{{ kind }}, '{{ kind }}')
                    {{- ',' if not loop.last }}
                    {%- endfor %}
                ],
                ', '
            )
        ) as ds_motivo,
        sessions.nr_carga_cotacoes,
        sessions.nr_carga_indice,
        sessions.nr_carga_proventos,
        cast(load.nr_carga as bigint) as nr_carga
    from sessions
    left join known
        on sessions.dt_ref = known.dt_ref
    cross join load
    where
        known.dt_ref is null
        or sessions.nr_carga_cotacoes > known.nr_carga_cotacoes
        or sessions.nr_carga_indice > known.nr_carga_indice
        or sessions.nr_carga_proventos > known.nr_carga_proventos
)

select * from final
