{{ config(materialized='view') }}

{%- set of_the_paper = 'partition by ticker, ds_classe order by dt_ref' %}
{%- set from_here_on = 'over (' ~ of_the_paper ~ ' rows between current row and unbounded following)' %}

with

daily_windows as (
    select * from {{ ref('b3_daily_windows') }}
),

price_adjustments as (
    select * from {{ ref('b3_price_adjustments') }}
),

-- what the actions of a paper from a session on do to the prices between the action before and that session
factors as (
    select
        ticker,
        ds_classe,
        coalesce(lag(dt_ref) over ({{ of_the_paper }}), date '1900-01-01') as dt_inicio,
        dt_ref as dt_fim,
        {{ product_of('array_agg(cast(pc_fator_provento as double)) ' ~ from_here_on) }} as pc_fator,
        max(ts_proventos) {{ from_here_on }} as ts_proventos
    from price_adjustments
),

final as (
    select
        daily_windows.dt_ref,
        daily_windows.ticker,
        daily_windows.ds_nome,
        daily_windows.ds_tipo,
        daily_windows.ds_especificacao,
        daily_windows.ds_marcador_ex,
        daily_windows.nr_distribuicao,
        daily_windows.cd_isin,
        daily_windows.ds_classe,
        daily_windows.cd_bdi,
        daily_windows.vl_abertura,
        daily_windows.vl_maximo,
        daily_windows.vl_minimo,
        daily_windows.vl_medio,
        daily_windows.vl_fechamento,
        cast(daily_windows.vl_fechamento * coalesce(factors.pc_fator, 1) as decimal(19, 8)) as vl_fechamento_ajustado,
        cast(coalesce(factors.pc_fator, 1) as decimal(24, 14)) as pc_fator_ajuste,
        factors.ts_proventos as ts_ajuste,
        daily_windows.vl_oferta_compra,
        daily_windows.vl_oferta_venda,
        daily_windows.vl_volume,
        daily_windows.qt_titulos,
        daily_windows.qt_negocios,
        daily_windows.fl_negocios_suspeitos,
        daily_windows.vl_ibov,
        daily_windows.pc_fator_provento,
        daily_windows.ds_proventos,
        daily_windows.ts_proventos,
        daily_windows.fl_provento_sem_ajuste,
        daily_windows.fl_provento_desconhecido,
        daily_windows.dt_sessao_anterior,
        daily_windows.qt_dias_desde_anterior,
        daily_windows.pc_retorno_1,
        daily_windows.pc_retorno_ajustado_1,
        daily_windows.pc_retorno_relativo_1,
        daily_windows.pc_retorno_5,
        daily_windows.pc_retorno_ajustado_5,
        daily_windows.pc_retorno_relativo_5,
        daily_windows.pc_retorno_21,
        daily_windows.pc_retorno_ajustado_21,
        daily_windows.pc_retorno_relativo_21,
        daily_windows.pc_retorno_ano,
        daily_windows.pc_retorno_ajustado_ano,
        daily_windows.pc_retorno_relativo_ano,
        daily_windows.pc_beta_60,
        daily_windows.vl_media_movel_5,
        daily_windows.vl_media_movel_10,
        daily_windows.vl_media_movel_20,
        daily_windows.vl_media_movel_50,
        daily_windows.vl_media_movel_200,
        daily_windows.pc_volatilidade_21,
        daily_windows.vl_maxima_20,
        daily_windows.vl_minima_20,
        daily_windows.pc_distancia_maxima_20,
        daily_windows.pc_distancia_minima_20,
        daily_windows.vl_maxima_252,
        daily_windows.vl_minima_252,
        daily_windows.pc_distancia_maxima_252,
        daily_windows.pc_distancia_minima_252,
        daily_windows.fl_maxima_252,
        daily_windows.fl_minima_252,
        daily_windows.vl_volume_medio_21,
        daily_windows.nr_carga
    from daily_windows
    left join factors
        on
            daily_windows.ticker = factors.ticker
            and daily_windows.ds_classe = factors.ds_classe
            and daily_windows.dt_ref >= factors.dt_inicio
            and daily_windows.dt_ref < factors.dt_fim
)

select * from final
