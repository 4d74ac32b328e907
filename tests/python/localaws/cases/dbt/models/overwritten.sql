{{ config(materialized='incremental', table_type='hive', incremental_strategy='insert_overwrite', partitioned_by=['dt']) }}

select id, cast(value as varchar) as value, dt from {{ ref('rows_so_far') }}
