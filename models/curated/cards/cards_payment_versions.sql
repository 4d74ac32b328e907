{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key=['dt_pagamento', 'id_arquivo', 'nr_linha'],
        partitioned_by=['month(dt_pagamento)'],
    )
}}

{%- set ledger = ref('cards_files') %}
{%- set staged = ref('stg_cards__payments') %}
{%- set last_load = own_load(ledger) if is_incremental() else 0 %}
{%- set new_files -%}
    select
        id_arquivo,
        dt_mes
    from {{ ledger }}
    where
        ds_entidade = 'tb_pagamentos'
        and qt_validas > 0
        and nr_carga > {{ last_load }}
{%- endset %}
{%- set is_new = one_of('id_arquivo', 'select id_arquivo from (' ~ new_files ~ ')', reads=[ledger]) %}
{%- set in_reach = between_months(
    'dt_pagamento', 'select dt_mes from (' ~ new_files ~ ')',
    before=var('cards_reach_months'), after=var('cards_reach_months'), reads=[ledger]
) %}
{#- The months in which an arriving payment is known: most often none, and then nothing of the history is read. -#}
{%- set is_known = between_months(
    'dt_pagamento',
    'select dt_pagamento from ' ~ this ~ ' where ' ~ in_reach
    ~ ' and id_pagamento in (select id_pagamento from ' ~ staged ~ ' where ' ~ is_new ~ ')',
    reads=[this, ledger]
) if is_incremental() else 'false' %}

with

files as (
    {{ new_files }}
),

payments as (
    select * from {{ ref('stg_cards__payments') }}
    where {{ is_new }}
),

arriving as (
    select *
    from payments
    where
        ds_motivo_recusa is null
        and id_arquivo in (select files.id_arquivo from files)
),

known as (
    {% if is_incremental() %}
    select
        id_pagamento,
        nr_versao,
        ds_situacao,
        id_fatura,
        id_cliente,
        dt_pagamento,
        vl_pagamento,
        ts_recebimento,
        ts_substituicao,
        id_arquivo,
        nr_linha
    from {{ this }}
    where
        {{ is_known }}
        and id_pagamento in (select arriving.id_pagamento from arriving)
        and id_arquivo not in (select files.id_arquivo from files)
    {% else %}
    select
        *,
        cast(null as integer) as nr_versao,
        cast(null as varchar) as ds_situacao,
        cast(null as timestamp(6)) as ts_substituicao
    from arriving
    where false
    {% endif %}
),

-- nothing, unless a run was cut after this table and its files are read again: what has not changed stays
written as (
    {% if is_incremental() %}
    select
        id_arquivo,
        nr_linha,
        nr_versao,
        ds_situacao,
        ts_substituicao
    from {{ this }}
    where nr_carga > {{ last_load }}
    {% else %}
    select
        id_arquivo,
        nr_linha,
        nr_versao,
        ds_situacao,
        ts_substituicao
    from known
    {% endif %}
),

records as (
    select
        arriving.id_pagamento,
        arriving.id_fatura,
        arriving.id_cliente,
        arriving.dt_pagamento,
        arriving.vl_pagamento,
        arriving.ts_recebimento,
        arriving.id_arquivo,
        arriving.nr_linha,
        written.nr_versao as nr_versao_anterior,
        written.ds_situacao as ds_situacao_anterior,
        written.ts_substituicao as ts_substituicao_anterior
    from arriving
    left join written
        on
            arriving.id_arquivo = written.id_arquivo
            and arriving.nr_linha = written.nr_linha
    union all
    select
        id_pagamento,
        id_fatura,
        id_cliente,
        dt_pagamento,
        vl_pagamento,
        ts_recebimento,
        id_arquivo,
        nr_linha,
        nr_versao as nr_versao_anterior,
        ds_situacao as ds_situacao_anterior,
        ts_substituicao as ts_substituicao_anterior
    from known
),

-- a record that says what the one before it said makes no version
compared as (
    select
        *,
        row(id_fatura, id_cliente, dt_pagamento, vl_pagamento) is distinct from
        lag(row(id_fatura, id_cliente, dt_pagamento, vl_pagamento)) over (
            partition by id_pagamento
            order by ts_recebimento, id_arquivo, nr_linha
        ) as fl_versao
    from records
),

numbered as (
    select
        *,
        count_if(fl_versao) over (
            partition by id_pagamento
            order by ts_recebimento, id_arquivo, nr_linha
            rows between unbounded preceding and current row
        ) as nr_versao,
        lead(ts_recebimento) over (
            partition by id_pagamento, fl_versao
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
        end as ds_situacao
    from numbered
),

final as (
    select
        id_pagamento,
        cast(nr_versao as integer) as nr_versao,
        ds_situacao,
        id_fatura,
        id_cliente,
        dt_pagamento,
        vl_pagamento,
        cast(ts_recebimento as timestamp(6)) as ts_recebimento,
        cast(ts_substituicao as timestamp(6)) as ts_substituicao,
        id_arquivo,
        nr_linha,
        cast({{ load_number(ledger) }} as bigint) as nr_carga
    from judged
    where
        ds_situacao is distinct from ds_situacao_anterior
        or nr_versao is distinct from nr_versao_anterior
        or ts_substituicao is distinct from ts_substituicao_anterior
)

select * from final
