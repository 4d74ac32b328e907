{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key='id',
    on_schema_change='append_new_columns',
    post_hook='optimize {{ this }} rewrite data using bin_pack',
) }}

select
    id,
    value,
    dt
    {% if is_incremental() %}
    , 'late' as extra
    {% endif %}
from {{ ref('rows_so_far') }}
{% if is_incremental() %}
where dt > (select max(dt) from {{ this }})
{% endif %}
