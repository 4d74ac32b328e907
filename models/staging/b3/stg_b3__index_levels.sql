with

b3_index_levels as (
    select * from {{ source('b3', 'b3_index_levels') }}
),

typed as (
    select
        file_hash as id_arquivo,
        line_number as nr_linha,
        file_name as ds_arquivo,
        cast(landed_at as timestamp(6)) as ts_recebimento,
        nullif(upper(trim(index_code)), '') as cd_indice,
        case
            when regexp_like(trim(refdate), '^[0-9]{4}-[0-9]{2}-[0-9]{2}$') then try_cast(trim(refdate) as date)
        end as dt_ref,
        {{ b3_number('ratevalue', 'decimal(24, 12)') }} as vl_nivel,
        malformed_line,
        coalesce(
            malformed_line,
            json_format(cast(map(
                array['index_code', 'refdate', 'ratevalue'],
                array[index_code, refdate, ratevalue]
            ) as json))
        ) as ds_linha
    from b3_index_levels
),

judged as (
    select
        *,
        case
            when malformed_line is not null then 'malformed_line'
            when cd_indice is null then 'missing_key'
            -- the IBOV, the oldest of the indices, begins on 1968-01-02
            when dt_ref is null or dt_ref < date '1968-01-01' then 'bad_date:refdate'
            when dt_ref > cast(ts_recebimento as date) then 'date_to_come'
            when vl_nivel is null then 'bad_number:ratevalue'
            when vl_nivel <= 0 then 'not_positive'
        end as ds_recusa_da_linha
    from typed
),

numbered as (
    select
        *,
        row_number() over (
            partition by id_arquivo, cd_indice, dt_ref, ds_recusa_da_linha is null
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
        dt_ref,
        vl_nivel,
        coalesce(
            ds_recusa_da_linha,
            case when nr_ocorrencia > 1 then 'duplicate_key' end
        ) as ds_motivo_recusa,
        ds_linha
    from numbered
)

select * from final
