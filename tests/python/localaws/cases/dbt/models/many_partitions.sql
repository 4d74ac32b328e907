{{ config(materialized='table', partitioned_by=['n']) }}

select n, 'x' as text from unnest(sequence(1, 120)) as t (n)
