{{ config(materialized='view') }}

select code, name from {{ ref('contracted') }} where amount > 2
