{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key=['dt_ref', 'ticker'],
        partitioned_by=['month(dt_ref)'],
        delete_condition='src.nr_carga is null',
        insert_condition='src.nr_carga is not null',
    )
}}

{%- set reach = var('b3_reach_days') %}
{%- set session_files = ref('b3_session_files') %}
{#- Of the loads that are in the quotes: a session that the ledger knows better is not read yet, and stays stale. -#}
{%- set loaded_sessions -%}
    (
        select
            dt_ref,
            max(nr_carga) as nr_carga
        from {{ session_files }}
        where
            dt_ref is not null
            and nr_carga <= {{ latest_load(ref('b3_quotes'), session_files) }}
        group by dt_ref
    )
{%- endset %}
{#- A row depends on the sessions within reach before it: the latest load of any of them is its load number. -#}
{%- set expected -%}
    (
        select
            dt_ref,
            max(nr_carga) over (
                order by dt_ref range between interval '{{ reach }}' day preceding and current row
            ) as nr_carga
        from {{ loaded_sessions }}
    )
{%- endset %}
{%- set stale_sessions = stale(expected, loads=session_files) %}
{%- set stale_dates = 'select dt_ref from (' ~ stale_sessions ~ ')' %}
{%- set window_sessions -%}
    select reached.dt_ref
    from (
        select
            calendar.dt_ref,
            min(written.dt_ref) over (
                order by calendar.dt_ref rows between current row and unbounded following
            ) as dt_a_gravar
        from {{ loaded_sessions }} as calendar
        left join ({{ stale_sessions }}) as written
            on calendar.dt_ref = written.dt_ref
    ) as reached
    where reached.dt_a_gravar <= date_add('day', {{ reach }}, reached.dt_ref)
{%- endset %}

with

sessions as (
    {{ stale_sessions }}
),

quotes as (
    select *
    from {{ ref('b3_quotes') }}
    where {{ one_of('dt_ref', stale_dates, data_type='date', reads=[session_files]) }}
),

spot as (
    select
        quotes.*,
        sessions.nr_carga as nr_carga_da_janela
    from quotes
    inner join sessions
        on quotes.dt_ref = sessions.dt_ref
    where
        quotes.cd_mercado = '010'
        and not quotes.fl_indice
),

former as (
    {{ former(
        [
            'dt_ref',
            'ticker',
            'vl_fechamento',
            'vl_volume',
            'dt_ref in (select sessions.dt_ref from sessions) as fl_a_gravar',
        ],
        where=one_of('dt_ref', window_sessions, data_type='date', reads=[session_files]),
        like='spot'
    ) }}
),

overwritten as (
    select
        dt_ref,
        ticker
    from former
    where fl_a_gravar
),

-- the sessions to write, and those before them that their windows reach back to
series as (
    select
        dt_ref,
        ticker,
        vl_fechamento,
        vl_volume
    from spot
    union all
    select
        dt_ref,
        ticker,
        vl_fechamento,
        vl_volume
    from former
    where not fl_a_gravar
),

steps as (
    select
        *,
        -- rounded, so that a sum of them is the same in whatever order the engine adds
        cast(
            ln(
                cast(nullif(vl_fechamento, 0) as double)
                / cast(nullif(lag(vl_fechamento) over (partition by ticker order by dt_ref), 0) as double)
            ) as decimal(18, 12)
        ) as pc_retorno_log
    from series
),

windows as (
    select
        dt_ref,
        ticker,
        {{ full_window('min(dt_ref)', 2) }} as dt_sessao_anterior,
        {{ full_window('first_value(vl_fechamento)', 2) }} as vl_fechamento_anterior,
        {{ full_window('first_value(vl_fechamento)', 6) }} as vl_fechamento_5,
        {{ full_window('first_value(vl_fechamento)', 22) }} as vl_fechamento_21,
        {%- for rows in [5, 10, 20, 50, 200] %}
        {{ full_window('avg(vl_fechamento)', rows) }} as vl_media_movel_{{ rows }},
        {%- endfor %}
        {%- for rows in [20, 252] %}
        {{ full_window('max(vl_fechamento)', rows) }} as vl_maxima_{{ rows }},
        {{ full_window('min(vl_fechamento)', rows) }} as vl_minima_{{ rows }},
        {%- endfor %}
        {{ full_window('avg(vl_volume)', 21) }} as vl_volume_medio_21,
        {{ full_window('count(pc_retorno_log)', 21, before=1) }} as qt_retornos_21,
        {{ full_window('sum(pc_retorno_log)', 21, before=1) }} as pc_soma_21,
        {{ full_window('sum(pc_retorno_log * pc_retorno_log)', 21, before=1) }} as pc_soma_quadrados_21
    from steps
),

indicators as (
    select
        *,
        case
            when qt_retornos_21 = 21
                then cast(
                    sqrt(
                        252 / cast(20 as double) * cast(
                            greatest(
                                pc_soma_quadrados_21
                                - cast(pc_soma_21 as decimal(18, 12)) * cast(pc_soma_21 as decimal(18, 12)) / 21,
                                0
                            ) as double
                        )
                    ) as decimal(18, 8)
                )
        end as pc_volatilidade_21
    from windows
),

final as (
    select
        coalesce(spot.dt_ref, overwritten.dt_ref) as dt_ref,
        coalesce(spot.ticker, overwritten.ticker) as ticker,
        spot.ds_nome,
        spot.ds_tipo,
        spot.ds_especificacao,
        spot.ds_marcador_ex,
        spot.nr_distribuicao,
        spot.cd_isin,
        spot.cd_bdi,
        spot.vl_abertura,
        spot.vl_maximo,
        spot.vl_minimo,
        spot.vl_medio,
        spot.vl_fechamento,
        spot.vl_oferta_compra,
        spot.vl_oferta_venda,
        spot.vl_volume,
        spot.qt_titulos,
        spot.qt_negocios,
        spot.fl_negocios_suspeitos,
        indicators.dt_sessao_anterior,
        date_diff('day', indicators.dt_sessao_anterior, spot.dt_ref) as qt_dias_desde_anterior,
        {{ change('spot.vl_fechamento', 'indicators.vl_fechamento_anterior') }} as pc_retorno_1,
        {{ change('spot.vl_fechamento', 'indicators.vl_fechamento_5') }} as pc_retorno_5,
        {{ change('spot.vl_fechamento', 'indicators.vl_fechamento_21') }} as pc_retorno_21,
        {%- for rows in [5, 10, 20, 50, 200] %}
        indicators.vl_media_movel_{{ rows }},
        {%- endfor %}
        indicators.pc_volatilidade_21,
        {%- for rows in [20, 252] %}
        indicators.vl_maxima_{{ rows }},
        indicators.vl_minima_{{ rows }},
        {{ change('spot.vl_fechamento', 'indicators.vl_maxima_' ~ rows) }} as pc_distancia_maxima_{{ rows }},
        {{ change('spot.vl_fechamento', 'indicators.vl_minima_' ~ rows) }} as pc_distancia_minima_{{ rows }},
        {%- endfor %}
        indicators.vl_volume_medio_21,
        spot.nr_carga_da_janela as nr_carga
    from spot
    inner join indicators
        on
            spot.dt_ref = indicators.dt_ref
            and spot.ticker = indicators.ticker
    -- what the former version of a session had and the latest has not: without a load number, deleted by the merge
    full outer join overwritten
        on
            spot.dt_ref = overwritten.dt_ref
            and spot.ticker = overwritten.ticker
)

select * from final
