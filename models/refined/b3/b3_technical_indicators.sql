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

{%- set loads = ref('b3_indicator_loads') %}
{%- set stale_sessions = b3_stale_sessions(held_by=ref('b3_daily_windows')) %}
{%- set is_stale = b3_is_stale(stale_sessions) %}
{%- set of_the_paper = 'partition by daily_windows.ticker, daily_windows.ds_classe order by daily_windows.dt_ref' %}
{%- set session -%}
    row(
        dt_ref date,
        nr_carga bigint,
        qt_sessoes bigint,
        pc_fator_log decimal(17, 12),
        vl_fechamento double,
        vl_variacao double,
        vl_amplitude double
    )
{%- endset %}
{%- set to_units_of_the_row = 'exp(cast(pc_fator_log - sessao.pc_fator_log as double))' %}
{%- set last_20 = 'slice(vl_fechamentos, -20, 20)' %}
{%- set first_26 = 'slice(vl_fechamentos, 1, 26)' %}
{#- of an exponential mean over n sessions, and of Wilder's -#}
{%- set of_9, of_12, of_26, wilder_s_14 = '2e0 / 10', '2e0 / 13', '2e0 / 27', '1e0 / 14' %}
{%- set fast_next = 'state[1] + ' ~ of_12 ~ ' * (value - state[1])' %}
{%- set slow_next = 'state[2] + ' ~ of_26 ~ ' * (value - state[2])' %}

with

sessions as (
    {{ stale_sessions }}
),

-- the sessions to write, and those before them that their windows reach back to
daily_windows as (
    select * from {{ ref('b3_daily_windows') }}
    where {{ one_of('dt_ref', b3_window_sessions(stale_sessions), data_type='date', reads=[loads]) }}
),

former as (
    {{ former(
        ['dt_ref', 'ticker'],
        where='dt_ref in (select sessions.dt_ref from sessions) and ' ~ is_stale,
        like='daily_windows'
    ) }}
),

-- each session beside the one before it, whose close is put in units of this one; differences of the logarithms' sums
-- are exact, wherever the sums begin
pairs as (
    select
        daily_windows.dt_ref,
        daily_windows.ticker,
        daily_windows.ds_classe,
        cast(daily_windows.vl_maximo as double) as vl_maximo,
        cast(daily_windows.vl_minimo as double) as vl_minimo,
        cast(daily_windows.vl_fechamento as double) as vl_fechamento,
        cast(lag(daily_windows.vl_fechamento) over ({{ of_the_paper }}) as double)
        * cast(daily_windows.pc_fator_provento as double) as vl_anterior,
        cast(
            sum(
                cast(ln(cast(daily_windows.pc_fator_provento as double)) as decimal(18, 12))
            ) over ({{ of_the_paper }}) as decimal(17, 12)
        ) as pc_fator_log,
        least(
            count(*) over (
                {{ of_the_paper }}
                range between interval '{{ var("b3_reach_days") }}' day preceding and current row
            ),
            252
        ) as qt_sessoes,
        sessions.nr_carga
    from daily_windows
    left join sessions
        on daily_windows.dt_ref = sessions.dt_ref
),

-- one array a paper, of which each window is a slice: a window function would copy 252 sessions for each row
series as (
    select
        ticker,
        array_agg(
            cast(
                row(
                    dt_ref,
                    nr_carga,
                    qt_sessoes,
                    pc_fator_log,
                    vl_fechamento,
                    -- rounded, so that a price that followed its corporate action to the cent has not moved
                    cast(cast(vl_fechamento - vl_anterior as decimal(28, 10)) as double),
                    greatest(vl_maximo, vl_anterior) - least(vl_minimo, vl_anterior)
                ) as {{ session }}
            ) order by dt_ref
        ) as sessoes
    from pairs
    group by
        ticker,
        ds_classe
),

windows as (
    select
        sessao.dt_ref,
        series.ticker,
        sessao.nr_carga,
        sessao.pc_fator_log,
        slice(series.sessoes, sessao.nr_sessao - sessao.qt_sessoes + 1, sessao.qt_sessoes) as sessoes
    from series
    cross join
        unnest(series.sessoes) with ordinality as sessao (
            dt_ref, nr_carga, qt_sessoes, pc_fator_log, vl_fechamento, vl_variacao, vl_amplitude, nr_sessao
        )
    where sessao.nr_carga is not null
),

-- what a session changed against the one before is of the window from its second session on
in_units_of_the_row as (
    select
        dt_ref,
        ticker,
        nr_carga,
        transform(sessoes, sessao -> sessao.vl_fechamento * {{ to_units_of_the_row }}) as vl_fechamentos,
        transform(
            slice(sessoes, 2, 252), sessao -> greatest(sessao.vl_variacao, 0) * {{ to_units_of_the_row }}
        ) as vl_altas,
        transform(
            slice(sessoes, 2, 252), sessao -> greatest(-sessao.vl_variacao, 0) * {{ to_units_of_the_row }}
        ) as vl_baixas,
        transform(slice(sessoes, 2, 252), sessao -> sessao.vl_amplitude * {{ to_units_of_the_row }}) as vl_amplitudes
    from windows
),

means as (
    select
        dt_ref,
        ticker,
        nr_carga,
        vl_fechamentos,
        {{ smoothed('vl_fechamentos', 12, of_12) }} as vl_media_12,
        {{ smoothed('vl_fechamentos', 26, of_26) }} as vl_media_26,
        {{ smoothed(first_26, 12, of_12) }} as vl_primeira_12,
        {{ smoothed(first_26, 26, of_26) }} as vl_primeira_26,
        {{ smoothed('vl_altas', 14, wilder_s_14) }} as vl_alta_media,
        {{ smoothed('vl_baixas', 14, wilder_s_14) }} as vl_baixa_media,
        if(cardinality(vl_fechamentos) >= 20, {{ mean_of(last_20) }}) as vl_media_20,
        {{ smoothed('vl_amplitudes', 14, wilder_s_14) }} as vl_atr
    from in_units_of_the_row
),

indicators as (
    select
        dt_ref,
        ticker,
        nr_carga,
        cast(vl_media_12 as decimal(19, 8)) as vl_media_exponencial_12,
        cast(vl_media_26 as decimal(19, 8)) as vl_media_exponencial_26,
        -- the two means go on together from the 26th session, and with them the mean of their differences: state holds
        -- these three and how many differences there were, of which the first nine count the same
        reduce(
            slice(vl_fechamentos, 27, 252),
            row(vl_primeira_12, vl_primeira_26, vl_primeira_12 - vl_primeira_26, 1),
            (state, value) -> row(
                {{ fast_next }},
                {{ slow_next }},
                state[3] + if(state[4] < 9, 1e0 / (state[4] + 1), {{ of_9 }})
                * ({{ fast_next }} - ({{ slow_next }}) - state[3]),
                state[4] + 1
            ),
            state -> if(state[4] >= 9, cast(state[3] as decimal(19, 8)))
        ) as vl_macd_sinal,
        cast(100 * vl_alta_media / nullif(vl_alta_media + vl_baixa_media, 0) as decimal(11, 8)) as vl_rsi_14,
        vl_media_20,
        sqrt({{ mean_of('transform(' ~ last_20 ~ ', value -> power(value - vl_media_20, 2))') }}) as vl_desvio_20,
        cast(vl_atr as decimal(19, 8)) as vl_atr_14
    from means
),

final as (
    select
        coalesce(indicators.dt_ref, former.dt_ref) as dt_ref,
        coalesce(indicators.ticker, former.ticker) as ticker,
        indicators.vl_media_exponencial_12,
        indicators.vl_media_exponencial_26,
        cast(indicators.vl_media_exponencial_12 - indicators.vl_media_exponencial_26 as decimal(19, 8)) as vl_macd,
        indicators.vl_macd_sinal,
        cast(
            indicators.vl_media_exponencial_12 - indicators.vl_media_exponencial_26 - indicators.vl_macd_sinal
            as decimal(19, 8)
        ) as vl_macd_histograma,
        indicators.vl_rsi_14,
        cast(indicators.vl_media_20 as decimal(19, 8)) as vl_bollinger_media_20,
        cast(indicators.vl_media_20 + 2 * indicators.vl_desvio_20 as decimal(19, 8)) as vl_bollinger_superior_20,
        cast(indicators.vl_media_20 - 2 * indicators.vl_desvio_20 as decimal(19, 8)) as vl_bollinger_inferior_20,
        indicators.vl_atr_14,
        indicators.nr_carga
    from indicators
    -- what the former version of a session had and the latest has not: without a load number, deleted by the merge
    full outer join former
        on
            indicators.dt_ref = former.dt_ref
            and indicators.ticker = former.ticker
)

select * from final
