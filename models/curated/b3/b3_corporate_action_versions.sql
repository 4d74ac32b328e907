{{ config(materialized='view') }}

{%- set key = ['cd_empresa', 'ds_classe', 'ds_evento', 'dt_aprovacao', 'dt_ultimo_com'] %}
{%- set action = key | join(', ') %}
{%- set amounts = ['vl_provento', 'qt_fator', 'pc_subscricao', 'vl_subscricao'] %}
{%- set content = 'row(' ~ amounts | join(', ') ~ ')' %}
{%- set part = 'partition by ' ~ action ~ ', nr_parcela order by nr_resposta' %}
{%- set of_the_amount -%}
    over (
        partition by {{ action }}, {{ amounts | join(', ') }}, nr_igual
        order by ts_recebimento, id_arquivo
        rows between unbounded preceding and unbounded following
    )
{%- endset %}

with

answer_files as (
    select * from {{ ref('b3_answer_files') }}
    where ds_entidade = 'corporate_actions'
),

corporate_action_records as (
    select
        *,
        if(ds_secao = 'cashDividends', 'results', ds_secao) as ds_lista
    from {{ ref('b3_corporate_action_records') }}
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

-- what a record leaves out is as others of the same amount tell it: the paper and its close, which prices are made of,
-- as the first did, payment and period as the last
completed as (
    select
        {%- for column in key + amounts %}
        {{ column }},
        {%- endfor %}
        ds_secao,
        nr_parcela,
        ts_recebimento,
        id_arquivo,
        nr_linha,
        nr_carga,
        {%- for column, load in [('cd_isin', 'nr_carga_isin'), ('vl_fechamento_com', 'nr_carga_fechamento')] %}
        first_value({{ column }}) ignore nulls {{ of_the_amount }} as {{ column }},
        first_value(if({{ column }} is not null, nr_carga)) ignore nulls {{ of_the_amount }} as {{ load }},
        {%- endfor %}
        last_value(dt_pagamento) ignore nulls {{ of_the_amount }} as dt_pagamento,
        last_value(ds_periodo) ignore nulls {{ of_the_amount }} as ds_periodo
    from parted
),

-- an answer is whole in its own lists, of all cash dividends or of stock dividends and subscriptions, unless a record
-- of it was refused, which may be the one that it seems to leave out
whole_lists as (
    select
        records.cd_empresa,
        lists.ds_lista,
        records.ts_recebimento,
        records.id_arquivo,
        records.nr_carga,
        min(if(records.ds_lista = lists.ds_lista, records.dt_ultimo_com)) as dt_primeira
    from corporate_action_records as records
    inner join answer_files
        on records.id_arquivo = answer_files.id_arquivo
    inner join (values 'results', 'stockDividends', 'subscriptions') as lists (ds_lista)
        on (records.ds_secao = 'results') = (lists.ds_lista = 'results')
    where answer_files.qt_recusadas = 0
    group by
        records.cd_empresa,
        lists.ds_lista,
        records.ts_recebimento,
        records.id_arquivo,
        records.nr_carga
),

actions as (
    select
        {{ key | join(',\n        ') }},
        ds_lista,
        array_agg(distinct id_arquivo) as ids_arquivo,
        min(if(ds_secao = 'results', ts_recebimento)) as ts_primeira_lista
    from corporate_action_records
    group by
        {{ key | join(',\n        ') }},
        ds_lista
),

-- so it takes back what it leaves out: the list of cash dividends what a list before it held, or what went ex and only
-- the supplement told; the supplement, which tells the latest, what is not much older than what it tells or itself
omissions as (
    select
        {%- for column in key %}
        actions.{{ column }},
        {%- endfor %}
        whole_lists.ts_recebimento,
        whole_lists.id_arquivo,
        whole_lists.nr_carga
    from actions
    inner join whole_lists
        on
            actions.cd_empresa = whole_lists.cd_empresa
            and actions.ds_lista = whole_lists.ds_lista
    where
        not contains(actions.ids_arquivo, whole_lists.id_arquivo)
        and case
            when actions.ds_lista = 'results'
                then
                    whole_lists.ts_recebimento >= actions.ts_primeira_lista
                    or cast(whole_lists.ts_recebimento as date) > actions.dt_ultimo_com
            else
                actions.dt_ultimo_com >= date_add(
                    'day',
                    -90,
                    least(
                        cast(whole_lists.ts_recebimento as date),
                        coalesce(whole_lists.dt_primeira, cast(whole_lists.ts_recebimento as date))
                    )
                )
        end
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

-- a record with the amounts of the answer before it makes no version
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
        nr_carga_isin,
        nr_carga_fechamento,
        nr_carga_fim
    from ended
)

select * from final
