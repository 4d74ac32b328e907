{%- set raw_fields = ['cod', 'asset', 'type', 'segment', 'part', 'partacum', 'theoricalqty', 'other_columns'] -%}

with

b3_index_portfolio as (
    select * from {{ source('b3', 'b3_index_portfolio') }}
),

typed as (
    select
        file_hash as id_arquivo,
        line_number as nr_linha,
        file_name as ds_arquivo,
        cast(landed_at as timestamp(6)) as ts_recebimento,
        nullif(upper(trim(index_code)), '') as cd_indice,
        case when header_date is null then 'teorica' else 'dia' end as ds_tipo_carteira,
        {{ yyyymmdd('coalesce(header_date, name_date)') }} as dt_ref,
        nullif(trim(cod), '') as ticker,
        trim(asset) as ds_nome,
        trim(type) as ds_especificacao,
        nullif(trim(segment), '') as ds_setor,
        cast({{ b3_number('part', 'decimal(12, 6)') }} / 100 as decimal(14, 8)) as pc_participacao,
        {{ b3_number('theoricalqty', 'bigint') }} as qt_teorica,
        {{ b3_number('header_reductor', 'decimal(28, 8)') }} as vl_redutor,
        cast({{ b3_number('header_part', 'decimal(12, 6)') }} / 100 as decimal(14, 8)) as pc_participacao_total,
        {{ b3_number('header_theoricalqty', 'bigint') }} as qt_teorica_total,
        malformed_line,
        coalesce(
            malformed_line,
            json_format(cast(map(
                array['{{ raw_fields | join("', '") }}'],
                array[{{ raw_fields | join(', ') }}]
            ) as json))
        ) as ds_linha
    from b3_index_portfolio
),

judged as (
    select
        *,
        case
            when malformed_line is not null then 'malformed_line'
            when ticker is null then 'missing_key'
            when pc_participacao is null then 'bad_number:part'
            when qt_teorica is null then 'bad_number:theoricalqty'
            when pc_participacao not between 0 and 1 or qt_teorica < 0 then 'out_of_range'
        end as ds_recusa_da_linha
    from typed
),

numbered as (
    select
        *,
        row_number() over (
            partition by id_arquivo, ticker, ds_recusa_da_linha is null
            order by nr_linha
        ) as nr_ocorrencia
    from judged
),

final as (
    select
        id_arquivo,
        nr_linha,
        ds_arquivo,
        ts_recebimento,
        cd_indice,
        ds_tipo_carteira,
        dt_ref,
        ticker,
        ds_nome,
        ds_especificacao,
        ds_setor,
        pc_participacao,
        qt_teorica,
        vl_redutor,
        pc_participacao_total,
        qt_teorica_total,
        coalesce(
            ds_recusa_da_linha,
            case when nr_ocorrencia > 1 then 'duplicate_key' end
        ) as ds_motivo_recusa,
        ds_linha
    from numbered
)

select * from final
