with

session_files as (
    select * from {{ ref('b3_session_files') }}
),

versions as (
    select
        *,
        row_number() over (partition by dt_ref order by ts_recebimento desc, id_arquivo desc) as nr_versao,
        count(*) over (partition by dt_ref) as qt_arquivos,
        max(nr_carga) over (partition by dt_ref) as nr_carga_da_sessao
    from session_files
    where dt_ref is not null
),

final as (
    select
        dt_ref,
        row_number() over (order by dt_ref) as nr_sessao,
        lag(dt_ref) over (order by dt_ref) as dt_sessao_anterior,
        lead(dt_ref) over (order by dt_ref) as dt_sessao_seguinte,
        id_arquivo,
        ts_recebimento,
        qt_arquivos,
        qt_linhas,
        qt_vista,
        vl_volume,
        nr_carga_da_sessao as nr_carga
    from versions
    where nr_versao = 1
)

select * from final
