{% snapshot history %}
{{ config(target_schema=target.schema, unique_key='id', strategy='check', check_cols=['value'], table_type='iceberg') }}
select id, value from {{ ref('rows_so_far') }}
{% endsnapshot %}
