{{ config(materialized='table', partitioned_by=['month(since)', 'bucket(code, 4)']) }}

select code, name, amount, since, cast('2024-01-01 00:00:00.123456' as timestamp(6)) as seen_at from {{ ref('codes') }}
