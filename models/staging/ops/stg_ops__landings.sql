with

file_control as (
    select * from {{ source('ops', 'file_control') }}
),

final as (
    select
        attempt_id as id_tentativa,
        domain as ds_dominio,
        entity as ds_entidade,
        status as ds_situacao,
        reason as ds_motivo,
        detail as ds_detalhe,
        file_name as ds_arquivo,
        file_hash as id_arquivo,
        file_size as qt_bytes,
        origin as ds_origem,
        s3_uri as ds_uri,
        {{ yyyymmdd('header_date') }} as dt_cabecalho,
        {{ yyyymmdd("period || '01'") }} as dt_mes,
        rows_expected as qt_linhas_esperadas,
        rows_landed as qt_linhas,
        rows_malformed as qt_linhas_malformadas,
        cast(landed_at as timestamp(6)) as ts_recebimento
    from file_control
)

select * from final
