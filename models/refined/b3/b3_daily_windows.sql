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
{%- set loads = ref('b3_indicator_loads') %}
{%- set stale_sessions = b3_stale_sessions() %}
{%- set window_sessions = b3_window_sessions(stale_sessions) %}
{%- set is_stale = b3_is_stale(stale_sessions) %}
{%- set of_the_paper = 'over (partition by ticker, ds_classe order by dt_ref)' %}
{%- set of_the_year -%}
    over (
        partition by ticker, ds_classe, year(dt_ref) order by dt_ref rows between unbounded preceding and current row
    )
{%- endset %}
{%- set squares_of_returns = deviations('pc_soma_quadrados_21', 'pc_soma_21', 'pc_soma_21', 21) %}
{%- set products_with_index = deviations('pc_soma_produtos_60', 'pc_soma_60', 'pc_soma_ibov_60', 60) %}
{%- set squares_of_index = deviations('pc_soma_quadrados_ibov_60', 'pc_soma_ibov_60', 'pc_soma_ibov_60', 60) %}
{%- set periods = [1, 5, 21, 'ano'] %}

with

sessions as (
    {{ stale_sessions }}
),

quotes as (
    select *
    from {{ ref('b3_quotes') }}
    where {{ is_stale }}
),

index_levels as (
    select * from {{ ref('b3_index_levels') }}
    where
        cd_indice = 'IBOV'
        and {{ is_stale }}
),

corporate_action_days as (
    select * from {{ ref('b3_corporate_action_days') }}
),

spot as (
    select
        quotes.*,
        index_levels.vl_nivel as vl_ibov,
        substr(quotes.ticker, 1, 4) as cd_empresa,
        {{ b3_paper_class('quotes.cd_isin', "split_part(quotes.ds_especificacao, ' ', 1)") }} as ds_classe,
        sessions.nr_carga as nr_carga_da_janela
    from quotes
    inner join sessions
        on quotes.dt_ref = sessions.dt_ref
    left join index_levels
        on quotes.dt_ref = index_levels.dt_ref
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
            'vl_ibov',
            'ds_classe',
            'nr_distribuicao',
            'pc_fator_provento',
            'dt_ref in (select sessions.dt_ref from sessions) as fl_a_gravar',
        ],
        where=one_of('dt_ref', window_sessions, data_type='date', reads=[loads]),
        like='(select *, cast(1 as decimal(24, 14)) as pc_fator_provento from spot)'
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
        vl_volume,
        vl_ibov,
        ds_classe,
        nr_distribuicao,
        cast(null as decimal(24, 14)) as pc_fator_provento,
        cd_empresa,
        cd_isin
    from spot
    union all
    select
        dt_ref,
        ticker,
        vl_fechamento,
        vl_volume,
        vl_ibov,
        ds_classe,
        nr_distribuicao,
        pc_fator_provento,
        null as cd_empresa,
        null as cd_isin
    from former
    where not fl_a_gravar
),

pairs as (
    select
        *,
        lag(dt_ref) {{ of_the_paper }} as dt_anterior,
        lag(dt_ref) {{ of_the_paper }} >= date_add('day', -{{ reach }}, dt_ref) as fl_em_alcance,
        lag(vl_fechamento) {{ of_the_paper }} as vl_anterior,
        lag(vl_ibov) {{ of_the_paper }} as vl_ibov_anterior,
        lag(nr_distribuicao) {{ of_the_paper }} as nr_distribuicao_anterior
    from series
),

-- the price without the rights over the one with them
ex_prices as (
    {{ b3_ex_prices(pairs='pairs', actions='corporate_action_days') }}
),

factored as (
    select
        pairs.*,
        coalesce(
            pairs.pc_fator_provento,
            cast(if(ex_prices.pc_fator > 0, ex_prices.pc_fator) as decimal(24, 14)),
            1
        ) as pc_fator,
        ex_prices.ds_proventos,
        ex_prices.ts_proventos,
        ex_prices.nr_carga_proventos,
        ex_prices.fl_sem_regra or ex_prices.pc_fator <= 0 as fl_provento_sem_ajuste,
        ex_prices.dt_ref is null
        and pairs.nr_distribuicao != pairs.nr_distribuicao_anterior
        and pairs.fl_em_alcance as fl_provento_desconhecido
    from pairs
    left join ex_prices
        on
            pairs.dt_ref = ex_prices.dt_ref
            and pairs.ticker = ex_prices.ticker
),

-- logarithms are rounded, so that a sum of them is the same in whatever order the engine adds
steps as (
    select
        *,
        cast(ln(cast(pc_fator as double)) as decimal(18, 12)) as pc_fator_log,
        cast(
            ln(
                cast(nullif(vl_fechamento, 0) as double)
                / cast(nullif(vl_anterior, 0) as double)
                / cast(pc_fator as double)
            ) as decimal(18, 12)
        ) as pc_retorno_log,
        cast(
            ln(cast(nullif(vl_ibov, 0) as double) / cast(nullif(vl_ibov_anterior, 0) as double)) as decimal(18, 12)
        ) as pc_ibov_log,
        coalesce(
            first_value(dt_anterior) {{ of_the_year }} >= date_add('day', -{{ reach }}, dt_ref),
            false
        ) as fl_ano_anterior
    from factored
),

-- closes in units that no corporate action changes, as logarithms: within a paper, the highest of them is the highest
-- adjusted close, whatever session its sum begins at
levels as (
    select
        *,
        cast(
            cast(ln(cast(nullif(vl_fechamento, 0) as double)) as decimal(18, 12))
            - sum(pc_fator_log) {{ of_the_paper }} as decimal(18, 12)
        ) as nr_preco
    from steps
),

windows as (
    select
        dt_ref,
        ticker,
        {{ full_window('min(dt_ref)', 2) }} as dt_sessao_anterior,
        pc_fator,
        ds_proventos,
        ts_proventos,
        nr_carga_proventos,
        fl_provento_sem_ajuste,
        fl_provento_desconhecido,
        {%- for sessions in periods[:3] %}
        {{ full_window('first_value(vl_fechamento)', sessions + 1) }} as vl_fechamento_{{ sessions }},
        {{ full_window('first_value(vl_ibov)', sessions + 1) }} as vl_ibov_{{ sessions }},
        {{ full_window('sum(pc_fator_log)', sessions, before=1) }} as pc_fator_log_{{ sessions }},
        {%- endfor %}
        if(fl_ano_anterior, first_value(vl_anterior) {{ of_the_year }}) as vl_fechamento_ano,
        if(fl_ano_anterior, first_value(vl_ibov_anterior) {{ of_the_year }}) as vl_ibov_ano,
        sum(pc_fator_log) {{ of_the_year }} as pc_fator_log_ano,
        {%- for rows in [5, 10, 20, 50, 200] %}
        {{ full_window('avg(vl_fechamento)', rows) }} as vl_media_movel_{{ rows }},
        {%- endfor %}
        {%- for rows in [20, 252] %}
        {{ full_window('max(vl_fechamento)', rows) }} as vl_maxima_{{ rows }},
        {{ full_window('min(vl_fechamento)', rows) }} as vl_minima_{{ rows }},
        {%- endfor %}
        -- to ten digits: a close that equals an earlier one but for a factor is as high as that, whatever the rounding
        {{ full_window('max(nr_preco)', 252) }} - nr_preco < 0.0000000001 as fl_maxima_252,
        nr_preco - {{ full_window('min(nr_preco)', 252) }} < 0.0000000001 as fl_minima_252,
        {{ full_window('avg(vl_volume)', 21) }} as vl_volume_medio_21,
        {{ full_window('count(pc_retorno_log)', 21, before=1) }} as qt_retornos_21,
        {{ full_window('sum(pc_retorno_log)', 21, before=1) }} as pc_soma_21,
        {{ full_window('sum(pc_retorno_log * pc_retorno_log)', 21, before=1) }} as pc_soma_quadrados_21,
        {{ full_window('count(pc_retorno_log + pc_ibov_log)', 60, before=1) }} as qt_pares_60,
        {{ full_window('sum(pc_retorno_log)', 60, before=1) }} as pc_soma_60,
        {{ full_window('sum(pc_ibov_log)', 60, before=1) }} as pc_soma_ibov_60,
        {{ full_window('sum(pc_ibov_log * pc_ibov_log)', 60, before=1) }} as pc_soma_quadrados_ibov_60,
        {{ full_window('sum(pc_retorno_log * pc_ibov_log)', 60, before=1) }} as pc_soma_produtos_60
    from levels
),

indicators as (
    select
        *,
        case
            when qt_retornos_21 = 21
                then cast(
                    sqrt(
                        252 / cast(20 as double) * cast(
                            greatest({{ squares_of_returns }}, 0) as double
                        )
                    ) as decimal(18, 8)
                )
        end as pc_volatilidade_21,
        case
            when qt_pares_60 = 60
                then cast(
                    cast({{ products_with_index }} as double)
                    / nullif(
                        cast({{ squares_of_index }} as double),
                        0
                    ) as decimal(18, 8)
                )
        end as pc_beta_60
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
        spot.ds_classe,
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
        spot.vl_ibov,
        indicators.pc_fator as pc_fator_provento,
        indicators.ds_proventos,
        cast(indicators.ts_proventos as timestamp(6)) as ts_proventos,
        indicators.nr_carga_proventos,
        coalesce(indicators.fl_provento_sem_ajuste, false) as fl_provento_sem_ajuste,
        coalesce(indicators.fl_provento_desconhecido, false) as fl_provento_desconhecido,
        indicators.dt_sessao_anterior,
        date_diff('day', indicators.dt_sessao_anterior, spot.dt_ref) as qt_dias_desde_anterior,
        {%- for period in periods %}
        {%- set former_close = 'indicators.vl_fechamento_' ~ period %}
        {%- set adjusted = 'cast(' ~ former_close ~ ' as double) * exp(indicators.pc_fator_log_' ~ period ~ ')' %}
        {%- set as_index = adjusted ~ ' * cast(spot.vl_ibov as double) / indicators.vl_ibov_' ~ period %}
        {{ change('spot.vl_fechamento', former_close) }} as pc_retorno_{{ period }},
        {{ change('spot.vl_fechamento', 'cast(' ~ adjusted ~ ' as decimal(28, 12))') }}
            as pc_retorno_ajustado_{{ period }},
        {{ change('spot.vl_fechamento', 'cast(' ~ as_index ~ ' as decimal(28, 12))') }}
            as pc_retorno_relativo_{{ period }},
        {%- endfor %}
        indicators.pc_beta_60,
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
        indicators.fl_maxima_252,
        indicators.fl_minima_252,
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
