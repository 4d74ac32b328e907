with

monthly_summary as (
    select * from {{ ref('b3_monthly_summary') }}
)

select
    dt_mes,
    qt_sessoes,
    vl_fechamento,
    pc_retorno_ajustado,
    pc_retorno_maior,
    pc_retorno_menor,
    vl_volume_medio
from monthly_summary
where
    ticker = 'VALE3'
    and dt_mes >= (select date_add('month', -12, max(latest.dt_mes)) from monthly_summary as latest)
order by dt_mes
