{%- set raw_fields = [
    'section', 'typestock', 'isincode', 'corporateaction', 'label', 'dateapproval', 'approvedon', 'lastdatepriorex',
    'lastdateprior', 'paymentdate', 'valuecash', 'ratio', 'rate', 'factor', 'percentage', 'priceunit', 'other_columns',
] -%}

with

b3_corporate_actions as (
    select * from {{ source('b3', 'b3_corporate_actions') }}
),

-- both answers under the names of the supplement
named as (
    select
        *,
        section = 'results' as fl_historico,
        split_part(trim(upper(typestock)), ' ', 1) as ds_papel,
        trim(coalesce(lastdatepriorex, lastdateprior)) as ds_ultimo_com,
        nullif(trim(coalesce(dateapproval, approvedon)), '') as ds_aprovacao,
        nullif(trim(paymentdate), '') as ds_pagamento,
        nullif(upper(trim(coalesce(corporateaction, label))), '') as ds_evento,
        nullif(trim(isincode), '') as cd_isin,
        {{ b3_number("coalesce(ratio, '1')", 'decimal(12, 4)') }} as qt_papeis
    from b3_corporate_actions
),

typed as (
    select
        file_hash as id_arquivo,
        line_number as nr_linha,
        file_name as ds_arquivo,
        cast(landed_at as timestamp(6)) as ts_recebimento,
        section as ds_secao,
        nullif(upper(trim(company)), '') as cd_empresa,
        cd_isin,
        {{ b3_paper_class('cd_isin', 'ds_papel') }} as ds_classe,
        ds_evento,
        {{ b3_date('ds_aprovacao') }} as dt_aprovacao,
        {{ b3_date('ds_ultimo_com') }} as dt_ultimo_com,
        {{ b3_date('ds_pagamento') }} as dt_pagamento,
        nullif(trim(relatedto), '') as ds_periodo,
        case
            when fl_historico
                then cast({{ b3_number('valuecash', 'decimal(20, 12)') }} / nullif(qt_papeis, 0) as decimal(24, 12))
            when section = 'cashDividends' then {{ b3_number('rate', 'decimal(24, 12)') }}
        end as vl_provento,
        case when section = 'stockDividends' then {{ b3_number('factor', 'decimal(24, 12)') }} end as qt_fator,
        case
            when section = 'subscriptions'
                then cast({{ b3_number('percentage', 'decimal(20, 12)') }} / 100 as decimal(24, 14))
        end as pc_subscricao,
        case when section = 'subscriptions' then {{ b3_number('priceunit', 'decimal(24, 12)') }} end as vl_subscricao,
        -- the close stands beside its own session: of a paper that was not traded on the last day, it is of one before
        case
            when trim(dateclosingpricepriorexdate) = ds_ultimo_com
                then cast(
                    {{ b3_number('closingpricepriorexdate', 'decimal(20, 8)') }}
                    / nullif({{ b3_number("coalesce(quotedpershares, '1')", 'decimal(12, 4)') }}, 0) as decimal(24, 8)
                )
        end as vl_fechamento_com,
        fl_historico,
        qt_papeis,
        ds_aprovacao,
        ds_pagamento,
        malformed_line,
        coalesce(
            malformed_line,
            json_format(cast(map(
                array['{{ raw_fields | join("', '") }}'],
                array[{{ raw_fields | join(', ') }}]
            ) as json))
        ) as ds_linha
    from named
),

final as (
    select
        id_arquivo,
        nr_linha,
        ds_arquivo,
        ts_recebimento,
        ds_secao,
        cd_empresa,
        cd_isin,
        ds_classe,
        ds_evento,
        dt_aprovacao,
        dt_ultimo_com,
        dt_pagamento,
        ds_periodo,
        vl_provento,
        qt_fator,
        pc_subscricao,
        vl_subscricao,
        vl_fechamento_com,
        case
            when malformed_line is not null then 'malformed_line'
            when cd_empresa is null or ds_evento is null or coalesce(ds_classe, '') = '' then 'missing_key'
            when dt_ultimo_com is null
                then if(fl_historico, 'bad_date:lastdatepriorex', 'bad_date:lastdateprior')
            when dt_aprovacao is null and ds_aprovacao is not null
                then if(fl_historico, 'bad_date:dateapproval', 'bad_date:approvedon')
            when dt_pagamento is null and ds_pagamento is not null then 'bad_date:paymentdate'
            when fl_historico and coalesce(qt_papeis, 0) <= 0 then 'bad_number:ratio'
            when fl_historico and coalesce(vl_provento, -1) < 0 then 'bad_number:valuecash'
            when ds_secao = 'cashDividends' and coalesce(vl_provento, -1) < 0 then 'bad_number:rate'
            when ds_secao = 'stockDividends' and coalesce(qt_fator, 0) <= 0 then 'bad_number:factor'
            when ds_secao = 'subscriptions' and coalesce(pc_subscricao, 0) <= 0 then 'bad_number:percentage'
            when ds_secao = 'subscriptions' and coalesce(vl_subscricao, -1) < 0 then 'bad_number:priceunit'
        end as ds_motivo_recusa,
        ds_linha
    from typed
)

select * from final
