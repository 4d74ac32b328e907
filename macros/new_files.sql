{% macro new_files(domain, entities=[]) -%}
    {%- set landings -%}
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
    {%- endset -%}
    {%- if not is_incremental() or not can_look_up([ref('stg_ops__landings')]) -%}
        {{ return({'query': landings, 'is_of_them': 'true'}) }}
    {%- endif -%}

    {%- set limit = var('new_files_limit') -%}
    {%- set found = run_query(
        "select id_arquivo, format('(''%s'', ''%s'', ''%s'', timestamp ''%s'', bigint ''%s'')', id_arquivo, ds_entidade,"
        ~ " replace(ds_arquivo, '''', ''''''), cast(ts_recebimento as varchar), qt_linhas) as ds_literal"
        ~ ' from (' ~ landings ~ ') order by id_arquivo limit ' ~ (limit + 1)
    ) -%}
    {%- if found.rows | length > limit -%}
        {{ return({'query': landings, 'is_of_them': 'true'}) }}
    {%- endif -%}
    {%- set names = 'id_arquivo, ds_entidade, ds_arquivo, ts_recebimento, qt_linhas' -%}
    {%- if not found.rows -%}
        {{ return({'query': 'select ' ~ names ~ ' from (' ~ landings ~ ') where false', 'is_of_them': 'false'}) }}
    {%- endif -%}
    {{ return({
        'query': 'select ' ~ names ~ ' from (values ' ~ found.columns['ds_literal'].values() | join(', ')
            ~ ') as files (' ~ names ~ ')',
        'is_of_them': "id_arquivo in ('" ~ found.columns['id_arquivo'].values() | join("', '") ~ "')",
    }) }}
{%- endmacro %}
