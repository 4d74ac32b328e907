{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key=['dt_referencia', 'ds_variavel'],
        partitioned_by=['month(dt_referencia)'],
        delete_condition='src.nr_carga is null',
        insert_condition='src.nr_carga is not null',
    )
}}

{%- set stale_safras = cards_stale_safras(ref('cards_invoice_book')) %}
{%- set smallest_share = '1e-4' %}

with

invoice_book as (
    select * from {{ ref('cards_invoice_book') }}
    where {{ cards_among('dt_referencia', stale_safras, before=1) }}
),

safras as (
    {{ cards_safras(stale_safras) }}
),

histograms as (
    select
        dt_referencia,
        count(*) as qt_clientes,
        {{ cards_histograms() }}
    from invoice_book
    group by dt_referencia
),

bins as (
    select
        histograms.dt_referencia,
        histograms.qt_clientes,
        variables.ds_variavel,
        bins.nr_faixa,
        cast(bins.qt_na_faixa as double) / histograms.qt_clientes as nr_parte
    from histograms
    cross join
        unnest(
            {{ cards_histogram_names() }}
        ) as variables (ds_variavel, mp_faixas)
    cross join unnest(variables.mp_faixas) as bins (nr_faixa, qt_na_faixa)
),

-- each month's shares beside those of the month before
compared as (
    select
        safras.safra,
        safras.dt_referencia,
        safras.nr_carga,
        bins.ds_variavel,
        bins.nr_faixa,
        max(if(bins.dt_referencia = safras.dt_referencia, bins.nr_parte)) as nr_parte,
        max(if(bins.dt_referencia < safras.dt_referencia, bins.nr_parte)) as nr_parte_anterior
    from bins
    inner join safras
        on
            bins.dt_referencia = safras.dt_referencia
            or bins.dt_referencia = date_add('day', -1, safras.dt_mes)
    group by
        safras.safra,
        safras.dt_referencia,
        safras.nr_carga,
        bins.ds_variavel,
        bins.nr_faixa
),

terms as (
    select
        *,
        -- rounded before they are added, so that the order of addition does not show
        cast(
            (
                greatest(coalesce(nr_parte, 0), {{ smallest_share }})
                - greatest(coalesce(nr_parte_anterior, 0), {{ smallest_share }})
            ) * ln(
                greatest(coalesce(nr_parte, 0), {{ smallest_share }})
                / greatest(coalesce(nr_parte_anterior, 0), {{ smallest_share }})
            ) as decimal(18, 8)
        ) as pc_termo
    from compared
),

latest as (
    select
        safra,
        dt_referencia,
        nr_carga,
        ds_variavel,
        cast(sum(pc_termo) as decimal(18, 8)) as pc_psi,
        count(*) as qt_faixas
    from terms
    group by
        safra,
        dt_referencia,
        nr_carga,
        ds_variavel
    -- the first month of the book has none before it
    having
        count(nr_parte) > 0
        and count(nr_parte_anterior) > 0
),

former as (
    {{ former(
        ['dt_referencia', 'ds_variavel'],
        where=cards_among('dt_referencia', stale_safras),
        like='latest'
    ) }}
),

final as (
    select
        latest.safra,
        coalesce(latest.dt_referencia, former.dt_referencia) as dt_referencia,
        coalesce(latest.ds_variavel, former.ds_variavel) as ds_variavel,
        latest.nr_carga,
        latest.pc_psi,
        latest.qt_faixas,
        case
            when latest.pc_psi < 0.1 then 'estavel'
            when latest.pc_psi < 0.25 then 'atencao'
            when latest.pc_psi is not null then 'instavel'
        end as ds_estabilidade
    from latest
    full outer join former
        on
            latest.dt_referencia = former.dt_referencia
            and latest.ds_variavel = former.ds_variavel
)

select * from final
