with

sessions as (
    select * from {{ ref('b3_sessions') }}
),

holidays as (
    select * from {{ ref('b3_holidays') }}
),

-- the calendar knows the holidays of these years, and no others
span as (
    select
        greatest(min(dt_ref), date '2000-01-01') as dt_primeira,
        least({{ run_date() }}, date '2035-12-31') as dt_ultima
    from sessions
),

months as (
    select
        span.dt_primeira,
        span.dt_ultima,
        calendar.dt_mes
    from span
    cross join
        unnest(
            sequence(cast(date_trunc('month', span.dt_primeira) as date), span.dt_ultima, interval '1' month)
        ) as calendar (dt_mes)
    where span.dt_primeira <= span.dt_ultima
),

weekdays as (
    select cast(calendar.dt_dia as date) as dt_ref
    from months
    cross join
        unnest(
            sequence(months.dt_mes, months.dt_mes + interval '1' month - interval '1' day, interval '1' day)
        ) as calendar (dt_dia)
    where
        calendar.dt_dia between months.dt_primeira and months.dt_ultima
        and day_of_week(calendar.dt_dia) <= 5
),

expected as (
    select weekdays.dt_ref
    from weekdays
    left join holidays
        on weekdays.dt_ref = holidays.dt_feriado
    where holidays.dt_feriado is null
),

came as (
    select
        sessions.dt_ref,
        sessions.ts_recebimento,
        sessions.qt_linhas
    from sessions
    cross join span
    where sessions.dt_ref between span.dt_primeira and span.dt_ultima
),

final as (
    select
        coalesce(expected.dt_ref, came.dt_ref) as dt_ref,
        case
            when expected.dt_ref is null then 'unexpected'
            when came.dt_ref is not null then 'came'
            when expected.dt_ref < {{ run_date() }} then 'missing'
            else 'awaited'
        end as ds_situacao,
        came.ts_recebimento,
        coalesce(came.qt_linhas, 0) as qt_linhas
    from expected
    full outer join came
        on expected.dt_ref = came.dt_ref
)

select * from final
