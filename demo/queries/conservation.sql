with

files as (
    select
        *,
        if(qt_curadas = qt_linhas, 'whole', ds_arquivo) as ds_grupo
    from finlake_ops.ops_row_conservation
),

lines as (
    select
        if(
            max(ds_grupo) = 'whole',
            concat(cast(count(*) as varchar), ' files of ', ds_dominio, ', all of it curated'),
            max(ds_grupo)
        ) as file,
        if(max(ds_grupo) = 'whole', 2, 1) as part,
        sum(qt_linhas) as qt_linhas,
        sum(qt_curadas) as qt_curadas,
        sum(qt_substituidas) as qt_substituidas,
        sum(qt_duplicadas) as qt_duplicadas,
        sum(qt_quarentena) as qt_quarentena,
        sum(qt_pendentes) as qt_pendentes,
        sum(qt_diferenca) as qt_diferenca
    from files
    group by
        ds_dominio,
        ds_grupo
    union all
    select
        'all' as file,
        3 as part,
        sum(qt_linhas) as qt_linhas,
        sum(qt_curadas) as qt_curadas,
        sum(qt_substituidas) as qt_substituidas,
        sum(qt_duplicadas) as qt_duplicadas,
        sum(qt_quarentena) as qt_quarentena,
        sum(qt_pendentes) as qt_pendentes,
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
    qt_pendentes as waiting,
    qt_diferenca as missing
from lines
order by
    part,
    file
