{% macro new_files(domain, entities=[]) -%}
    select
        landings.id_arquivo,
        landings.ds_entidade,
        landings.ds_arquivo,
        landings.ts_recebimento,
        landings.qt_linhas
    from {{ ref('stg_ops__landings') }} as landings
    where
        landings.ds_dominio = '{{ domain }}'
        {%- if entities %}
        and landings.ds_entidade in ('{{ entities | join("', '") }}')
        {%- endif %}
        and landings.ds_situacao = 'landed'
        {%- if is_incremental() %}
        and landings.id_arquivo not in (select known.id_arquivo from {{ this }} as known)
        {%- endif %}
{%- endmacro %}
