{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key=['dt_referencia', 'id_cliente'],
        partitioned_by=['month(dt_referencia)'],
        delete_condition='src.nr_carga is null',
        insert_condition='src.nr_carga is not null',
    )
}}

{%- set stale_safras = cards_stale_safras(ref('cards_fact_months')) %}
{%- set faixas = [
    'qt_meses_faixa_em_dia', 'qt_meses_faixa_1_30', 'qt_meses_faixa_31_60', 'qt_meses_faixa_61_90',
    'qt_meses_faixa_acima_90',
] %}
{%- set opening_columns = {
    'safra': 'integer', 'id_cliente': 'varchar', 'dt_inicio_relacionamento': 'date', 'nr_faixa': 'integer',
    'fl_no_livro': 'boolean', 'fl_sai_em_atraso': 'boolean', 'qt_dias_atraso_max_ever': 'bigint',
    'qt_dpd_max_ever': 'bigint', 'dt_mes_ultimo_atraso': 'date', 'dt_ultimo_pagamento': 'date',
    'qt_atrasos_consecutivos': 'bigint', 'qt_em_dia_consecutivos': 'bigint',
    'qt_meses_faixa_em_dia': 'bigint', 'qt_meses_faixa_1_30': 'bigint', 'qt_meses_faixa_31_60': 'bigint',
    'qt_meses_faixa_61_90': 'bigint', 'qt_meses_faixa_acima_90': 'bigint', 'qt_regularizacoes': 'bigint',
    'qt_agravamentos': 'bigint', 'ds_primeira_fatura': 'varchar', 'ds_segunda_fatura': 'varchar',
    'fl_fpd': 'boolean', 'fl_spd': 'boolean', 'vl_ultima_fatura': 'decimal(18, 2)',
    'vl_fatura_anterior': 'decimal(18, 2)', 'qt_correcoes': 'bigint', 'ts_fato_mais_recente': 'timestamp(6)',
} %}

with

invoices as (
    select * from {{ ref('cards_invoices') }}
    where {{ cards_within('dt_emissao', stale_safras) }}
),

payments as (
    select * from {{ ref('cards_payments') }}
    where {{ cards_within('dt_emissao', stale_safras) }}
),

corrections as (
    select * from {{ ref('cards_corrections') }}
    where
        {{ cards_within('dt_emissao', stale_safras) }}
        and {{ cards_within('dt_registro', stale_safras) }}
),

safras as (
    {{ cards_safras(stale_safras) }}
),

{{ cards_status_ctes() }},

-- the balances with which the first month begins: a row like those that follow, whose facts are its running totals
opening as (
    {{ cards_opening(opening_columns, where=cards_before('dt_referencia', stale_safras)) }}
),

-- dates in ISO form sort as text: by date of issue, then due date, then id
ordered_status as (
    select
        *,
        cast(dt_emissao as varchar) || '|' || cast(dt_vencimento as varchar) || '|' || id_fatura as ds_chave
    from invoice_status
),

observed as (
    select
        safra,
        id_cliente,
        count_if(qt_meses_desde_emissao = 0) as qt_faturas_no_mes,
        sum(if(qt_meses_desde_emissao = 0, vl_fatura, 0)) as vl_faturado_no_mes,
        sum(vl_em_aberto) as vl_em_aberto,
        sum(vl_em_atraso) as vl_em_atraso,
        max(qt_dias_em_atraso) as qt_dias_em_atraso,
        max(nr_faixa) as nr_faixa,
        max(qt_dias_atraso) as qt_dias_atraso_max_ever,
        max(qt_dias_atraso_minimo) as qt_dpd_max_ever,
        max(dt_ultimo_pagamento) as dt_ultimo_pagamento,
        bool_or(fl_atraso and coalesce(dt_primeiro_pagamento >= dt_mes, true)) as fl_atraso_no_mes,
        bool_or(fl_vencida and dt_vencimento >= dt_mes) as fl_vencimento_no_mes,
        bool_or(fl_abaixo_minimo and qt_meses_desde_emissao = 11) as fl_sai_em_atraso,
        min(ds_chave, 2) filter (where qt_meses_desde_emissao = 0) as ds_chaves,
        max_by(vl_fatura, ds_chave, 2) filter (where qt_meses_desde_emissao = 0) as vl_ultimas,
        -- an invoice is judged once, in the month that holds the 30th day after it was due
        map_agg(ds_chave, coalesce(date_diff('day', dt_vencimento, dt_minimo_coberto) > 30, true)) filter (
            where date_add('day', 30, dt_vencimento) between dt_mes and dt_referencia
        ) as fl_inadimplencias,
        max(ts_fato_mais_recente) as ts_fato_mais_recente
    from ordered_status
    group by
        safra,
        id_cliente
),

-- once where the fact was, and once more where it is now if that is another month or customer
corrected as (
    select
        dt_mes,
        id_cliente,
        count(distinct row(ds_entidade, id_registro, nr_versao)) as qt_correcoes,
        max(ts_correcao) as ts_correcao
    from corrections
    group by
        dt_mes,
        id_cliente
),

customers as (
    select
        id_cliente,
        min(dt_inicio_relacionamento) as dt_inicio_relacionamento
    from (
        select
            id_cliente,
            dt_inicio_relacionamento
        from opening
        union all
        select
            observed.id_cliente,
            safras.dt_mes as dt_inicio_relacionamento
        from observed
        inner join safras
            on observed.safra = safras.safra
    ) as beginnings
    group by id_cliente
),

monthly as (
    select
        safras.safra,
        safras.dt_mes,
        safras.dt_referencia,
        safras.nr_carga,
        customers.id_cliente,
        customers.dt_inicio_relacionamento,
        observed.safra is not null as fl_no_livro,
        {%- for column in [
            'qt_faturas_no_mes', 'vl_faturado_no_mes', 'vl_em_aberto', 'vl_em_atraso', 'qt_dias_em_atraso', 'nr_faixa',
            'qt_dias_atraso_max_ever', 'qt_dpd_max_ever'
        ] %}
        coalesce(observed.{{ column }}, 0) as {{ column }},
        {%- endfor %}
        observed.dt_ultimo_pagamento,
        {%- for column in ['fl_atraso_no_mes', 'fl_vencimento_no_mes', 'fl_sai_em_atraso'] %}
        coalesce(observed.{{ column }}, false) as {{ column }},
        {%- endfor %}
        observed.ds_chaves,
        observed.vl_ultimas,
        observed.fl_inadimplencias,
        coalesce(corrected.qt_correcoes, 0) as qt_correcoes,
        greatest(
            coalesce(observed.ts_fato_mais_recente, corrected.ts_correcao),
            coalesce(corrected.ts_correcao, observed.ts_fato_mais_recente)
        ) as ts_fato_mais_recente
    from customers
    inner join safras
        on customers.dt_inicio_relacionamento <= safras.dt_mes
    left join observed
        on
            customers.id_cliente = observed.id_cliente
            and safras.safra = observed.safra
    left join corrected
        on
            customers.id_cliente = corrected.id_cliente
            and safras.dt_mes = corrected.dt_mes
),

balances as (
    select
        safra,
        dt_mes,
        dt_referencia,
        nr_carga,
        id_cliente,
        dt_inicio_relacionamento,
        fl_no_livro,
        qt_faturas_no_mes,
        vl_faturado_no_mes,
        vl_em_aberto,
        vl_em_atraso,
        qt_dias_em_atraso,
        nr_faixa,
        fl_atraso_no_mes,
        fl_vencimento_no_mes,
        fl_sai_em_atraso,
        fl_inadimplencias,
        element_at(vl_ultimas, 1) as vl_ultima_fatura,
        element_at(vl_ultimas, 2) as vl_penultima_fatura,
        qt_faturas_no_mes as qt_faturas_novas,
        qt_dias_atraso_max_ever,
        qt_dpd_max_ever,
        if(fl_atraso_no_mes, dt_mes) as dt_mes_ultimo_atraso,
        dt_ultimo_pagamento,
        if(fl_atraso_no_mes, 1, 0) as qt_meses_em_atraso,
        fl_vencimento_no_mes and not fl_atraso_no_mes as fl_fim_dos_atrasos,
        if(fl_vencimento_no_mes and not fl_atraso_no_mes, 1, 0) as qt_meses_em_dia,
        fl_atraso_no_mes as fl_fim_dos_em_dia,
        {%- for column in faixas %}
        if(nr_faixa = {{ loop.index0 }}, 1, 0) as {{ column }},
        {%- endfor %}
        0 as qt_regularizacoes,
        0 as qt_agravamentos,
        element_at(ds_chaves, 1) as ds_primeira_fatura,
        element_at(ds_chaves, 2) as ds_segunda_fatura,
        cast(null as boolean) as fl_fpd,
        cast(null as boolean) as fl_spd,
        qt_correcoes,
        ts_fato_mais_recente
    from monthly
    union all
    select
        safra,
        null as dt_mes,
        null as dt_referencia,
        null as nr_carga,
        id_cliente,
        dt_inicio_relacionamento,
        fl_no_livro,
        null as qt_faturas_no_mes,
        null as vl_faturado_no_mes,
        null as vl_em_aberto,
        null as vl_em_atraso,
        null as qt_dias_em_atraso,
        nr_faixa,
        null as fl_atraso_no_mes,
        null as fl_vencimento_no_mes,
        fl_sai_em_atraso,
        null as fl_inadimplencias,
        vl_ultima_fatura,
        vl_fatura_anterior as vl_penultima_fatura,
        2 as qt_faturas_novas,
        qt_dias_atraso_max_ever,
        qt_dpd_max_ever,
        dt_mes_ultimo_atraso,
        dt_ultimo_pagamento,
        qt_atrasos_consecutivos as qt_meses_em_atraso,
        false as fl_fim_dos_atrasos,
        qt_em_dia_consecutivos as qt_meses_em_dia,
        false as fl_fim_dos_em_dia,
        {{ faixas | join(',\n        ') }},
        qt_regularizacoes,
        qt_agravamentos,
        ds_primeira_fatura,
        ds_segunda_fatura,
        fl_fpd,
        fl_spd,
        qt_correcoes,
        ts_fato_mais_recente
    from opening
),

accumulated as (
    select
        *,
        {%- for column in ['qt_meses_em_atraso', 'qt_meses_em_dia', 'qt_correcoes'] + faixas %}
        sum({{ column }}) over (partition by id_cliente order by safra) as {{ column }}_ate,
        {%- endfor %}
        {%- for column in [
            'qt_dias_atraso_max_ever', 'qt_dpd_max_ever', 'dt_mes_ultimo_atraso', 'dt_ultimo_pagamento',
            'ts_fato_mais_recente'
        ] %}
        max({{ column }}) over (partition by id_cliente order by safra) as {{ column }}_ate,
        {%- endfor %}
        min(ds_primeira_fatura) over (partition by id_cliente order by safra) as ds_primeira_fatura_ate,
        last_value(vl_ultima_fatura) ignore nulls over (
            partition by id_cliente order by safra
        ) as vl_ultima_fatura_ate,
        lag(nr_faixa) over (partition by id_cliente order by safra) as nr_faixa_anterior,
        lag(fl_sai_em_atraso) over (partition by id_cliente order by safra) as fl_saiu_em_atraso,
        lag(fl_no_livro) over (partition by id_cliente order by safra) as fl_no_livro_antes
    from balances
),

-- a bucket that is better only since an uncovered invoice is no longer observed is no cure: the customer left it
rolled as (
    select
        *,
        case
            when fl_no_livro_antes and (not fl_no_livro or (fl_saiu_em_atraso and nr_faixa < nr_faixa_anterior)) then 5
            when fl_no_livro_antes then nr_faixa
        end as nr_faixa_rolagem
    from accumulated
),

moved as (
    select
        *,
        -- the count up to the month before the row of months began anew, none of which counts in it
        max(if(fl_fim_dos_atrasos, qt_meses_em_atraso_ate)) over (
            partition by id_cliente order by safra
        ) as qt_meses_em_atraso_antes,
        max(if(fl_fim_dos_em_dia, qt_meses_em_dia_ate)) over (
            partition by id_cliente order by safra
        ) as qt_meses_em_dia_antes,
        sum(
            qt_regularizacoes
            + if(nr_carga is not null and nr_faixa_anterior > 0 and nr_faixa_rolagem = 0, 1, 0)
        ) over (partition by id_cliente order by safra) as qt_regularizacoes_ate,
        sum(
            qt_agravamentos + if(nr_carga is not null and nr_faixa > nr_faixa_anterior, 1, 0)
        ) over (partition by id_cliente order by safra) as qt_agravamentos_ate,
        min(
            if(ds_primeira_fatura > ds_primeira_fatura_ate, ds_primeira_fatura, ds_segunda_fatura)
        ) over (partition by id_cliente order by safra) as ds_segunda_fatura_ate,
        case
            when qt_faturas_novas > 1 then vl_penultima_fatura
            when qt_faturas_novas = 1
                then lag(vl_ultima_fatura_ate) over (partition by id_cliente order by safra)
        end as vl_anterior
    from rolled
),

judged as (
    select
        *,
        bool_or(
            coalesce(fl_fpd, element_at(fl_inadimplencias, ds_primeira_fatura_ate))
        ) over (partition by id_cliente order by safra) as fl_fpd_ate,
        bool_or(
            coalesce(fl_spd, element_at(fl_inadimplencias, ds_segunda_fatura_ate))
        ) over (partition by id_cliente order by safra) as fl_spd_ate,
        last_value(vl_anterior) ignore nulls over (
            partition by id_cliente order by safra
        ) as vl_anterior_ate
    from moved
),

latest as (
    select *
    from judged
    where nr_carga is not null
),

former as (
    {{ former(
        ['dt_referencia', 'id_cliente'],
        where=cards_among('dt_referencia', stale_safras),
        like='latest'
    ) }}
),

final as (
    select
        latest.safra,
        coalesce(latest.dt_referencia, former.dt_referencia) as dt_referencia,
        coalesce(latest.id_cliente, former.id_cliente) as id_cliente,
        latest.nr_carga,
        latest.dt_inicio_relacionamento,
        latest.fl_no_livro,
        cast(latest.qt_faturas_no_mes as bigint) as qt_faturas_no_mes,
        {%- for column in ['vl_faturado_no_mes', 'vl_em_aberto', 'vl_em_atraso'] %}
        cast(latest.{{ column }} as decimal(20, 2)) as {{ column }},
        {%- endfor %}
        cast(latest.qt_dias_em_atraso as bigint) as qt_dias_em_atraso,
        {%- for column in ['nr_faixa', 'nr_faixa_anterior', 'nr_faixa_rolagem'] %}
        cast(latest.{{ column }} as integer) as {{ column }},
        {%- endfor %}
        latest.fl_atraso_no_mes,
        latest.fl_vencimento_no_mes,
        latest.fl_sai_em_atraso,
        cast(
            date_diff('month', latest.dt_inicio_relacionamento, latest.dt_mes) + 1 as bigint
        ) as qt_meses_relacionamento,
        latest.dt_mes_ultimo_atraso_ate as dt_mes_ultimo_atraso,
        cast(
            date_diff('month', latest.dt_mes_ultimo_atraso_ate, latest.dt_mes) as bigint
        ) as qt_meses_desde_ultimo_atraso,
        latest.dt_ultimo_pagamento_ate as dt_ultimo_pagamento,
        cast(
            date_diff('month', date_trunc('month', latest.dt_ultimo_pagamento_ate), latest.dt_mes) as bigint
        ) as qt_meses_desde_ultimo_pagamento,
        cast(
            latest.qt_meses_em_atraso_ate - coalesce(latest.qt_meses_em_atraso_antes, 0) as bigint
        ) as qt_atrasos_consecutivos,
        cast(
            latest.qt_meses_em_dia_ate - coalesce(latest.qt_meses_em_dia_antes, 0) as bigint
        ) as qt_em_dia_consecutivos,
        {%- for column in faixas + [
            'qt_regularizacoes', 'qt_agravamentos', 'qt_dias_atraso_max_ever', 'qt_dpd_max_ever'
        ] %}
        cast(latest.{{ column }}_ate as bigint) as {{ column }},
        {%- endfor %}
        {%- for days in [30, 60, 90] %}
        latest.qt_dpd_max_ever_ate > {{ days }} as fl_ever{{ days }},
        {%- endfor %}
        latest.ds_primeira_fatura_ate as ds_primeira_fatura,
        latest.ds_segunda_fatura_ate as ds_segunda_fatura,
        latest.fl_fpd_ate as fl_fpd,
        latest.fl_spd_ate as fl_spd,
        cast(latest.vl_ultima_fatura_ate as decimal(18, 2)) as vl_ultima_fatura,
        cast(latest.vl_anterior_ate as decimal(18, 2)) as vl_fatura_anterior,
        cast(latest.qt_correcoes_ate as bigint) as qt_correcoes,
        cast(latest.ts_fato_mais_recente_ate as timestamp(6)) as ts_fato_mais_recente
    from latest
    full outer join former
        on
            latest.dt_referencia = former.dt_referencia
            and latest.id_cliente = former.id_cliente
)

select * from final
