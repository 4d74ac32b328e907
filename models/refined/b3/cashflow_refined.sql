{{
    config(
        materialized='view',
        schema='cashflow',
        alias='refined',
    )
}}

with

daily_indicators as (
    select * from {{ ref('b3_daily_indicators') }}
),

final as (
    select
        dt_ref,
        ticker,
        ds_nome,
        ds_tipo,
        ds_especificacao,
        ds_marcador_ex,
        nr_distribuicao,
        cd_isin,
        ds_classe,
        cd_bdi,
        vl_abertura,
        vl_maximo,
        vl_minimo,
        vl_medio,
        vl_fechamento,
        vl_fechamento_ajustado,
        pc_fator_ajuste,
        ts_ajuste,
        vl_oferta_compra,
        vl_oferta_venda,
        vl_volume,
        qt_titulos,
        qt_negocios,
        fl_negocios_suspeitos,
        vl_ibov,
        pc_fator_provento,
        ds_proventos,
        ts_proventos,
        fl_provento_sem_ajuste,
        fl_provento_desconhecido,
        dt_sessao_anterior,
        qt_dias_desde_anterior,
        pc_retorno_1,
        pc_retorno_ajustado_1,
        pc_retorno_relativo_1,
        pc_retorno_5,
        pc_retorno_ajustado_5,
        pc_retorno_relativo_5,
        pc_retorno_21,
        pc_retorno_ajustado_21,
        pc_retorno_relativo_21,
        pc_retorno_ano,
        pc_retorno_ajustado_ano,
        pc_retorno_relativo_ano,
        pc_beta_60,
        vl_media_movel_5,
        vl_media_movel_10,
        vl_media_movel_20,
        vl_media_movel_50,
        vl_media_movel_200,
        pc_volatilidade_21,
        vl_maxima_20,
        vl_minima_20,
        pc_distancia_maxima_20,
        pc_distancia_minima_20,
        vl_maxima_252,
        vl_minima_252,
        pc_distancia_maxima_252,
        pc_distancia_minima_252,
        fl_maxima_252,
        fl_minima_252,
        vl_volume_medio_21,
        nr_carga
    from daily_indicators
)

select * from final
