with

landings as (
    select * from {{ ref('stg_ops__landings') }}
),

session_files as (
    select * from {{ ref('b3_session_files') }}
),

sessions as (
    select * from {{ ref('b3_sessions') }}
),

quotes as (
    select * from {{ ref('b3_quotes') }}
),

quarantine as (
    select * from {{ ref('b3_quotes_quarantine') }}
),

files as (
    select
        ds_dominio,
        ds_entidade,
        id_arquivo,
        ds_arquivo,
        qt_linhas,
        ts_recebimento
    from landings
    where
        ds_dominio = 'b3'
        and ds_entidade = 'cotahist'
        and ds_situacao = 'landed'
),

curated as (
    select
        id_arquivo,
        count(*) as qt_linhas
    from quotes
    group by id_arquivo
),

superseded as (
    select
        session_files.id_arquivo,
        sum(session_files.qt_linhas) as qt_linhas
    from session_files
    inner join sessions
        on
            session_files.dt_ref = sessions.dt_ref
            and session_files.id_arquivo != sessions.id_arquivo
    group by session_files.id_arquivo
),

refused as (
    select
        id_arquivo,
        count_if(ds_motivo_recusa = 'duplicate_key') as qt_duplicadas,
        count_if(ds_motivo_recusa != 'duplicate_key') as qt_quarentena
    from quarantine
    group by id_arquivo
),

counted as (
    select
        files.*,
        coalesce(curated.qt_linhas, 0) as qt_curadas,
        coalesce(superseded.qt_linhas, 0) as qt_substituidas,
        coalesce(refused.qt_duplicadas, 0) as qt_duplicadas,
        coalesce(refused.qt_quarentena, 0) as qt_quarentena
    from files
    left join curated
        on files.id_arquivo = curated.id_arquivo
    left join superseded
        on files.id_arquivo = superseded.id_arquivo
    left join refused
        on files.id_arquivo = refused.id_arquivo
),

final as (
    select
        ds_dominio,
        ds_entidade,
        id_arquivo,
        ds_arquivo,
        ts_recebimento,
        qt_linhas,
        qt_curadas,
        qt_substituidas,
        qt_duplicadas,
        qt_quarentena,
        qt_linhas - qt_curadas - qt_substituidas - qt_duplicadas - qt_quarentena as qt_diferenca
    from counted
)

select * from final
