with levels as (
    select
        dt_ref,
        vl_nivel,
        vl_media_movel_21,
        vl_media_movel_200,
        row_number() over (order by dt_ref desc) as nr_do_fim
    from b3_index_daily
    where
        cd_indice = :index
        and dt_ref between :first and :day
)

select
    dt_ref,
    vl_nivel,
    vl_media_movel_21,
    vl_media_movel_200
from levels
where nr_do_fim <= 252
order by dt_ref
