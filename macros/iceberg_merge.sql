{% macro iceberg_merge(
    on_schema_change, tmp_relation, target_relation, unique_key, incremental_predicates, existing_relation,
    delete_condition, update_condition, insert_condition, force_batch, statement_name='main'
) -%}
    {%- set keys = [unique_key] if unique_key is string else unique_key -%}
    {%- set predicates = (incremental_predicates or []) | list -%}
    {%- for partition in config.get('partitioned_by', default=[]) -%}
        {%- set date = modules.re.match('(?:day|month|year)\\((\\w+)\\)$', partition) -%}
        {#- A date that is not merged by may be another in the target. -#}
        {%- if date and date.group(1) in keys -%}
            {%- do predicates.append(
                between_months('target.' ~ date.group(1), 'select ' ~ date.group(1) ~ ' from ' ~ tmp_relation)
            ) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(dbt.iceberg_merge(
        on_schema_change=on_schema_change,
        tmp_relation=tmp_relation,
        target_relation=target_relation,
        unique_key=unique_key,
        incremental_predicates=predicates or none,
        existing_relation=existing_relation,
        delete_condition=delete_condition,
        update_condition=update_condition,
        insert_condition=insert_condition,
        force_batch=force_batch,
        statement_name=statement_name
    )) }}
{%- endmacro %}
