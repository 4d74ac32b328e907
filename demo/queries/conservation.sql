with

files as (
    select *
    from finlake_ops.ops_row_conservation
),

lines as (
    select
        ds_arquivo as file,
        1 as part,
        qt_linhas,
        qt_curadas,
        qt_substituidas,
        qt_duplicadas,
        qt_quarentena,
        qt_diferenca
    from files
    where qt_curadas != qt_linhas
    union all
    select
        concat(cast(count(*) as varchar), ' files, all of it curated') as file,
        2 as part,
        coalesce(sum(qt_linhas), 0) as qt_linhas,
        coalesce(sum(qt_curadas), 0) as qt_curadas,
        coalesce(sum(qt_substituidas), 0) as qt_substituidas,
        coalesce(sum(qt_duplicadas), 0) as qt_duplicadas,
        coalesce(sum(qt_quarentena), 0) as qt_quarentena,
        coalesce(sum(qt_diferenca), 0) as qt_diferenca
    from files
    where qt_curadas = qt_linhas
    union all
    select
        'all' as file,
        3 as part,
        sum(qt_linhas) as qt_linhas,
        sum(qt_curadas) as qt_curadas,
        sum(qt_substituidas) as qt_substituidas,
        sum(qt_duplicadas) as qt_duplicadas,
        sum(qt_quarentena) as qt_quarentena,
        sum(qt_diferenca) as qt_diferenca
    from files
)

select
    file,
    qt_linhas as "rows",
    qt_curadas as curated,
    qt_substituidas as superseded,
    qt_duplicadas as duplicates,
    qt_quarentena as quarantined,
    qt_diferenca as missing
from lines
order by part, file
