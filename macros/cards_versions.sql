{% macro cards_versions(staged, entity, key, date, content) -%}
{%- set ledger = ref('cards_files') -%}
{%- set last_load = own_load(ledger) if is_incremental() else 0 -%}
{%- set is_new_file = "ds_entidade = '" ~ entity ~ "' and qt_validas > 0 and nr_carga > " ~ last_load -%}
{%- set is_new = one_of('id_arquivo', 'select id_arquivo from ' ~ ledger ~ ' where ' ~ is_new_file, reads=[ledger]) -%}
{%- set in_reach = between_months(
    date, 'select dt_mes from ' ~ ledger ~ ' where ' ~ is_new_file,
    before=var('cards_reach_months'), after=var('cards_reach_months'), reads=[ledger]
) if is_incremental() -%}
{#- The months in which an arriving record is known: most often none, and then nothing of the history is read. -#}
{%- set is_known = between_months(
    date,
    'select ' ~ date ~ ' from ' ~ this ~ ' where ' ~ in_reach
    ~ ' and ' ~ key ~ ' in (select ' ~ key ~ ' from ' ~ staged ~ ' where ' ~ is_new ~ ')',
    reads=[this, ledger]
) if is_incremental() else 'false' -%}
new_files as (
    select id_arquivo
    from files
    where {{ is_new_file }}
),

arriving as (
    select *
    from {{ staged }}
    where
        {{ is_new }}
        and ds_motivo_recusa is null
        and id_arquivo in (select new_files.id_arquivo from new_files)
),

known as (
    {%- if is_incremental() %}
    select *
    from {{ this }}
    where
        {{ is_known }}
        and {{ key }} in (select arriving.{{ key }} from arriving)
        and id_arquivo not in (select new_files.id_arquivo from new_files)
    {%- else %}
    select
        *,
        cast(null as integer) as nr_versao,
        cast(null as varchar) as ds_situacao,
        cast(null as timestamp(6)) as ts_substituicao
    from arriving
    where false
    {%- endif %}
),

-- nothing, unless a run was cut after this table and its files are read again: what has not changed stays
written as (
    select
        id_arquivo,
        nr_linha,
        nr_versao,
        ds_situacao,
        ts_substituicao
    from {{ this if is_incremental() else 'known' }}
    {%- if is_incremental() %}
    where nr_carga > {{ last_load }}
    {%- endif %}
),

records as (
    {%- for relation in ['arriving', 'known'] %}
    select
        {%- for column in [key] + content + ['ts_recebimento', 'id_arquivo', 'nr_linha'] %}
        {{ relation }}.{{ column }},
        {%- endfor %}
        {%- for column in ['nr_versao', 'ds_situacao', 'ts_substituicao'] %}
        {{ 'written' if relation == 'arriving' else relation }}.{{ column }} as {{ column }}_anterior{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ relation }}
    {%- if relation == 'arriving' %}
    left join written
        on
            arriving.id_arquivo = written.id_arquivo
            and arriving.nr_linha = written.nr_linha
    union all
    {%- endif %}
    {%- endfor %}
),

-- a record that says what the one before it said makes no version
compared as (
    select
        *,
        row({{ content | join(', ') }}) is distinct from
        lag(row({{ content | join(', ') }})) over (
            partition by {{ key }}
            order by ts_recebimento, id_arquivo, nr_linha
        ) as fl_versao
    from records
),

-- numbers go on from those of the known records: the first of them are not in reach any more, when a key was moved
numbered as (
    select
        *,
        count_if(fl_versao) over (
            partition by {{ key }}
            order by ts_recebimento, id_arquivo, nr_linha
            rows between unbounded preceding and current row
        ) + coalesce(min(nr_versao_anterior) over (partition by {{ key }}) - 1, 0) as nr_versao,
        lead(ts_recebimento) over (
            partition by {{ key }}, fl_versao
            order by ts_recebimento, id_arquivo, nr_linha
        ) as ts_seguinte
    from compared
),

judged as (
    select
        *,
        case when fl_versao then ts_seguinte end as ts_substituicao,
        case
            when not fl_versao then 'duplicate'
            when ts_seguinte is not null then 'superseded'
            else 'current'
        end as ds_situacao,
        {{ load_number(ledger) }} as nr_carga
    from numbered
),

changed as (
    select *
    from judged
    where
        ds_situacao is distinct from ds_situacao_anterior
        or nr_versao is distinct from nr_versao_anterior
        or ts_substituicao is distinct from ts_substituicao_anterior
)
{%- endmacro %}
