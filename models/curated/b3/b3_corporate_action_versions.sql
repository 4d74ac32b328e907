{{ config(materialized='view') }}

{%- set amounts = ['vl_provento', 'qt_fator', 'pc_subscricao', 'vl_subscricao', 'vl_fechamento_com'] %}
{%- set content = 'row(cd_isin, dt_pagamento, ' ~ amounts | join(', ') ~ ')' %}
{%- set key = 'ds_secao, cd_empresa, ds_classe, ds_evento, dt_aprovacao, dt_ultimo_com, nr_parcela' %}

with

corporate_action_records as (
    select * from {{ ref('b3_corporate_action_records') }}
),

-- what is paid in parts has the same key for each: they are told apart by their amounts, the largest first
parted as (
    select
        *,
        row_number() over (
            partition by id_arquivo, ds_secao, cd_empresa, ds_classe, ds_evento, dt_aprovacao, dt_ultimo_com
            order by vl_provento desc, qt_fator desc, pc_subscricao desc, dt_pagamento asc, nr_linha asc
        ) as nr_parcela
    from corporate_action_records
),

-- a record that says what the one before it said makes no version
compared as (
    select
        *,
        {{ content }} is distinct from lag({{ content }}) over (
            partition by {{ key }}
            order by ts_recebimento, id_arquivo
        ) as fl_versao
    from parted
),

numbered as (
    select
        *,
        count_if(fl_versao) over (
            partition by {{ key }}
            order by ts_recebimento, id_arquivo
            rows between unbounded preceding and current row
        ) as nr_versao,
        count_if(fl_versao) over (partition by {{ key }}) as qt_versoes
    from compared
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
            when not fl_versao then 'duplicate'
            when nr_versao < qt_versoes then 'superseded'
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
        nr_carga
    from numbered
)

select * from final
