-- prices in units of the paper as it is at the last session: without the actions that came after it
with prices as (
    select
        *,
        cast(vl_fechamento_ajustado as double)
        / cast(max_by(pc_fator_ajuste, dt_ref) over () as double) as vl_ajustado,
        row_number() over (order by dt_ref) as nr_sessao,
        row_number() over (order by dt_ref desc) as nr_do_fim
    from b3_daily_indicators
    where
        ticker = :ticker
        and dt_ref between :first and :day
),

windows as (
    select
        *,
        avg(vl_ajustado) over (order by dt_ref rows between 19 preceding and current row) as vl_media_20,
        avg(vl_ajustado) over (order by dt_ref rows between 49 preceding and current row) as vl_media_50,
        avg(vl_ajustado) over (order by dt_ref rows between 199 preceding and current row) as vl_media_200,
        max(vl_ajustado) over (order by dt_ref rows between 251 preceding and current row) as vl_topo
    from prices
)

select
    dt_ref,
    ticker,
    ds_nome,
    ds_tipo,
    vl_fechamento,
    vl_ajustado,
    if(nr_sessao >= 20, vl_media_20) as vl_media_20,
    if(nr_sessao >= 50, vl_media_50) as vl_media_50,
    if(nr_sessao >= 200, vl_media_200) as vl_media_200,
    vl_ajustado / vl_topo - 1 as pc_queda,
    vl_volume,
    vl_volume_medio_21,
    qt_negocios,
    fl_negocios_suspeitos,
    ds_proventos,
    pc_fator_provento,
    fl_provento_sem_ajuste,
    pc_retorno_ajustado_1,
    pc_retorno_ajustado_21,
    pc_retorno_ajustado_ano,
    pc_retorno_relativo_21,
    pc_volatilidade_21,
    pc_beta_60
from windows
where nr_do_fim <= 252
order by dt_ref
