{{ config(materialized='table', contract={'enforced': true}) }}

select code, name, cast(amount as decimal(10, 2)) as amount, since from {{ ref('iceberg_table') }}
