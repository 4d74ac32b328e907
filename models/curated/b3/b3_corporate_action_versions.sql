{{ config(materialized='view') }}

{%- set key = ['cd_empresa', 'ds_classe', 'ds_evento', 'dt_aprovacao', 'dt_ultimo_com'] %}
{%- set action = key | join(', ') %}
{%- set amounts = ['vl_provento', 'qt_fator', 'pc_subscricao', 'vl_subscricao'] %}
{%- set details = ['cd_isin', 'dt_pagamento', 'ds_periodo', 'vl_fechamento_com'] %}
{%- set content = 'row(' ~ (amounts + details) | join(', ') ~ ')' %}
{%- set same = action ~ ', ' ~ amounts | join(', ') ~ ', nr_igual' %}
{%- set part = 'partition by ' ~ action ~ ', nr_parcela order by nr_resposta' %}

with

corporate_action_records as (
    select * from {{ ref('b3_corporate_action_records') }}
),

-- what is paid in parts has the same key for each: an answer's parts are told apart by their amounts, the largest first
parted as (
    select
        *,
        row_number() over (
            partition by id_arquivo, {{ action }}
            order by {{ amounts | join(' desc, ') }} desc, dt_pagamento asc, nr_linha asc
        ) as nr_parcela,
        row_number() over (
            partition by id_arquivo, {{ action }}, {{ amounts | join(', ') }}
            order by dt_pagamento asc, nr_linha asc
        ) as nr_igual
    from corporate_action_records
),

-- what a record leaves out is as one before it, of the same amount, told it
completed as (
    select
        {%- for column in key + amounts + ['ds_secao', 'nr_parcela', 'ts_recebimento', 'id_arquivo', 'nr_linha'] %}
        {{ column }},
        {%- endfor %}
        {%- for column in details %}
        last_value({{ column }}) ignore nulls over (
            partition by {{ same }}
            order by ts_recebimento, id_arquivo
            rows between unbounded preceding and current row
        ) as {{ column }},
        {%- endfor %}
        -- of what completes it too, since a load may bring what was landed before
        max(nr_carga) over (
            partition by {{ same }}
            order by ts_recebimento, id_arquivo
            rows between unbounded preceding and current row
        ) as nr_carga
    from parted
),

-- the answer with all cash dividends of a company is whole
lists as (
    select distinct
        cd_empresa,
        ts_recebimento,
        id_arquivo,
        nr_carga
    from corporate_action_records
    where ds_secao = 'results'
),

cash_actions as (
    select
        {{ key | join(',\n        ') }},
        array_agg(distinct id_arquivo) as ids_arquivo,
        min(case when ds_secao = 'results' then ts_recebimento end) as ts_primeira_lista
    from corporate_action_records
    where ds_secao in ('results', 'cashDividends')
    group by {{ action }}
),

-- so it takes back what it leaves out: what a list before it held, or what went ex and only the supplement told
omissions as (
    select
        {%- for column in key %}
        cash_actions.{{ column }},
        {%- endfor %}
        lists.ts_recebimento,
        lists.id_arquivo,
        lists.nr_carga
    from cash_actions
    inner join lists
        on cash_actions.cd_empresa = lists.cd_empresa
    where
        not contains(cash_actions.ids_arquivo, lists.id_arquivo)
        and (
            lists.ts_recebimento >= cash_actions.ts_primeira_lista
            or cast(lists.ts_recebimento as date) > cash_actions.dt_ultimo_com
        )
),

-- the answers that say something of an action, one after the other: each tells it whole
answers as (
    select distinct
        {{ key | join(',\n        ') }},
        ts_recebimento,
        id_arquivo,
        nr_carga
    from corporate_action_records
    union all
    select *
    from omissions
),

ordered as (
    select
        {{ key | join(',\n        ') }},
        id_arquivo,
        row_number() over (partition by {{ action }} order by ts_recebimento, id_arquivo) as nr_resposta,
        lead(nr_carga) over (partition by {{ action }} order by ts_recebimento, id_arquivo) as nr_carga_seguinte
    from answers
),

answered as (
    select
        completed.*,
        ordered.nr_resposta,
        ordered.nr_carga_seguinte
    from completed
    inner join ordered
        on
            completed.id_arquivo = ordered.id_arquivo
            {%- for column in key if column != 'dt_aprovacao' %}
            and completed.{{ column }} = ordered.{{ column }}
            {%- endfor %}
            and completed.dt_aprovacao is not distinct from ordered.dt_aprovacao
),

-- a record that says what the answer before it said makes no version
compared as (
    select
        *,
        lag(nr_resposta) over ({{ part }}) = nr_resposta - 1
        and {{ content }} is not distinct from lag({{ content }}) over ({{ part }}) as fl_repeticao
    from answered
),

numbered as (
    select
        *,
        count_if(not fl_repeticao) over (
            {{ part }}
            rows between unbounded preceding and current row
        ) as nr_versao
    from compared
),

ended as (
    select
        *,
        max_by(nr_carga_seguinte, nr_resposta) over (partition by {{ action }}, nr_parcela, nr_versao) as nr_carga_fim
    from numbered
),

final as (
    select
        ds_secao,
        cd_empresa,
        ds_classe,
        ds_evento,
        dt_aprovacao,
        dt_ultimo_com,
        nr_parcela,
        nr_versao,
        case
            when fl_repeticao then 'duplicate'
            when nr_carga_fim is not null then 'superseded'
            else 'current'
        end as ds_situacao,
        cd_isin,
        dt_pagamento,
        ds_periodo,
        vl_provento,
        qt_fator,
        pc_subscricao,
        vl_subscricao,
        vl_fechamento_com,
        ts_recebimento,
        id_arquivo,
        nr_linha,
        nr_carga,
        nr_carga_fim
    from ended
)

select * from final
