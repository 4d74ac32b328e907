select
    ticker,
    ds_nome,
    ds_setor_economico,
    dt_carteira,
    pc_participacao,
    pc_retorno_ajustado_1,
    vl_contribuicao,
    vl_nivel,
    vl_nivel_anterior
from b3_index_contributions
where
    cd_indice = :index
    and dt_ref = :day
    and vl_contribuicao is not null
order by
    vl_contribuicao desc,
    ticker asc
