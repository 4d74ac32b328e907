with

refused as (
    select
        ds_motivo_recusa,
        ds_arquivo,
        nr_linha
    from finlake_curated.b3_quotes_quarantine
    union all
    select
        ds_motivo_recusa,
        ds_arquivo,
        nr_linha
    from finlake_curated.cards_quarantine
)

select
    ds_motivo_recusa as reason,
    count(*) as "rows",
    min_by(concat(ds_arquivo, ':', cast(nr_linha as varchar)), nr_linha) as "first, file:line"
from refused
group by ds_motivo_recusa
order by 2 desc, 1
