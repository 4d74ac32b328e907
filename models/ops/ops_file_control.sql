with

landings as (
    select * from {{ ref('stg_ops__landings') }}
),

-- a file that was landed is landed, whatever was tried with it afterwards
ranked as (
    select
        *,
        row_number() over (
            partition by ds_dominio, ds_entidade, id_arquivo
            order by ds_situacao = 'landed' desc, ts_recebimento desc, id_tentativa desc
        ) as nr_ordem,
        count(*) over (partition by ds_dominio, ds_entidade, id_arquivo) as qt_tentativas,
        count_if(ds_situacao = 'refused') over (partition by ds_dominio, ds_entidade, id_arquivo) as qt_recusas,
        count_if(ds_situacao = 'duplicate') over (partition by ds_dominio, ds_entidade, id_arquivo) as qt_repeticoes,
        max(ts_recebimento) over (partition by ds_dominio, ds_entidade, id_arquivo) as ts_ultima_tentativa
    from landings
),

final as (
    select
        ds_dominio,
        ds_entidade,
        id_arquivo,
        ds_arquivo,
        ds_situacao,
        ds_motivo,
        ds_detalhe,
        dt_cabecalho,
        dt_mes,
        qt_linhas_esperadas,
        qt_linhas,
        qt_linhas_malformadas,
        qt_bytes,
        ds_origem,
        ds_uri,
        qt_tentativas,
        qt_recusas,
        qt_repeticoes,
        ts_recebimento,
        ts_ultima_tentativa
    from ranked
    where nr_ordem = 1
)

select * from final
