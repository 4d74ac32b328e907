{{ config(materialized='incremental', incremental_strategy='append') }}

select id, dt from {{ ref('rows_so_far') }}
