{{ config(materialized='table', table_type='hive', partitioned_by=['since'], write_compression='snappy') }}

select code, name, amount, since from {{ ref('codes') }}
