{{ config(materialized='view') }}

{%- set of_the_stretch = 'partition by cd_indice, nr_trecho order by dt_ref' %}

with

index_levels as (
    select * from {{ ref('b3_index_levels') }}
),

holidays as (
    select * from {{ ref('b3_holidays') }}
),

closed_days as (
    select array_agg(dt_feriado) as dts_feriado
    from holidays
),

pairs as (
    select
        *,
        lag(dt_ref) over (partition by cd_indice order by dt_ref) as dt_anterior
    from index_levels
),

-- what follows the session before; of years before 2000 the calendar knows no holidays: there, within a week of it
compared as (
    select
        pairs.*,
        {{ b3_next_session('pairs.dt_anterior', 'closed_days.dts_feriado') }} >= pairs.dt_ref
        or (
            pairs.dt_ref < date '2000-01-01'
            and pairs.dt_ref <= pairs.dt_anterior + interval '7' day
        ) as fl_seguida
    from pairs
    cross join closed_days
),

-- sessions without one that is missing among them: neither a return nor a mean reaches out of its stretch
stretches as (
    select
        *,
        count_if(not fl_seguida) over (partition by cd_indice order by dt_ref) as nr_trecho
    from compared
),

windows as (
    select
        *,
        lag(vl_nivel) over ({{ of_the_stretch }}) as vl_nivel_anterior,
        row_number() over ({{ of_the_stretch }}) as nr_nivel,
        avg(vl_nivel) over ({{ of_the_stretch }} rows between 20 preceding and current row) as vl_media_21,
        avg(vl_nivel) over ({{ of_the_stretch }} rows between 199 preceding and current row) as vl_media_200
    from stretches
),

final as (
    select
        cd_indice,
        dt_ref,
        vl_nivel,
        vl_nivel_anterior,
        {{ change('vl_nivel', 'vl_nivel_anterior') }} as pc_retorno_1,
        cast(if(nr_nivel >= 21, vl_media_21) as decimal(24, 12)) as vl_media_movel_21,
        cast(if(nr_nivel >= 200, vl_media_200) as decimal(24, 12)) as vl_media_movel_200
    from windows
)

select * from final
