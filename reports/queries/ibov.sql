with levels as (
    select
        dt_ref,
        vl_ibov,
        avg(vl_ibov) over (order by dt_ref rows between 20 preceding and current row) as vl_media_21,
        avg(vl_ibov) over (order by dt_ref rows between 199 preceding and current row) as vl_media_200,
        row_number() over (order by dt_ref) as nr_nivel,
        row_number() over (order by dt_ref desc) as nr_do_fim
    from b3_market_daily
    where
        dt_ref between :first and :day
        and vl_ibov is not null
)

select
    dt_ref,
    vl_ibov,
    if(nr_nivel >= 21, vl_media_21) as vl_media_21,
    if(nr_nivel >= 200, vl_media_200) as vl_media_200
from levels
where nr_do_fim <= 252
order by dt_ref
