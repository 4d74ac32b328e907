{%- set prices = ['preabe', 'premax', 'premin', 'premed', 'preult', 'preofc', 'preofv'] -%}
{%- set required = ['data', 'tpmerc'] + prices + ['totneg', 'quatot', 'voltot', 'fatcot'] -%}
{%- set may_be_blank = ['preexe', 'indopc', 'datven', 'ptoexe', 'dismes'] -%}
{%- set raw_fields = [
    'tipreg', 'data', 'codbdi', 'codneg', 'tpmerc', 'nomres', 'especi', 'prazot', 'modref', 'preabe', 'premax',
    'premin', 'premed', 'preult', 'preofc', 'preofv', 'totneg', 'quatot', 'voltot', 'preexe', 'indopc', 'datven',
    'fatcot', 'ptoexe', 'codisi', 'dismes',
] -%}

with

b3_cotahist as (
    select * from {{ source('b3', 'b3_cotahist') }}
),

typed as (
    select
        file_hash as id_arquivo,
        line_number as nr_linha,
        file_name as ds_arquivo,
        {{ yyyymmdd('header_date') }} as dt_cabecalho,
        file_scope as ds_escopo_arquivo,
        cast(landed_at as timestamp(6)) as ts_recebimento,
        {{ yyyymmdd('data') }} as dt_ref,
        nullif(trim(codneg), '') as ticker,
        trim(tpmerc) as cd_mercado,
        -- a term belongs to forwards: in the cash market the field says nothing, and is no part of the key
        case when tpmerc = '010' then '' else trim(prazot) end as ds_prazo,
        trim(codbdi) as cd_bdi,
        trim(nomres) as ds_nome,
        trim(especi) as ds_especificacao,
        regexp_extract(especi, '\s(E[ABCDGJRSX]{1,3})(\s|$)', 1) as ds_marcador_ex,
        trim(modref) as ds_moeda,
        {{ b3_unit_price('preabe') }} as vl_abertura,
        {{ b3_unit_price('premax') }} as vl_maximo,
        {{ b3_unit_price('premin') }} as vl_minimo,
        {{ b3_unit_price('premed') }} as vl_medio,
        {{ b3_unit_price('preult') }} as vl_fechamento,
        nullif({{ b3_unit_price('preofc') }}, 0) as vl_oferta_compra,
        nullif({{ b3_unit_price('preofv') }}, 0) as vl_oferta_venda,
        try_cast(totneg as bigint) as qt_negocios,
        try_cast(quatot as bigint) as qt_titulos,
        cast(try_cast(voltot as decimal(20, 2)) / 100 as decimal(18, 2)) as vl_volume,
        nullif({{ b3_unit_price('preexe') }}, 0) as vl_exercicio,
        cast(nullif(try_cast(ptoexe as decimal(19, 6)), 0) / 1000000 as decimal(13, 6)) as vl_exercicio_pontos,
        nullif(trim(indopc), '') as cd_correcao,
        case when datven != '99991231' then {{ yyyymmdd('datven') }} end as dt_vencimento,
        try_cast(fatcot as bigint) as qt_fator_cotacao,
        trim(codisi) as cd_isin,
        try_cast(dismes as integer) as nr_distribuicao,
        coalesce(substr(codisi, 7, 3) = 'IND', false) as fl_indice,
        datven,
        case
            {%- for field in required %}
            when not coalesce(regexp_like({{ field }}, '^[0-9]+$'), false) then '{{ field }}'
            {%- endfor %}
            {%- for field in may_be_blank %}
            when not coalesce(regexp_like({{ field }}, '^([0-9]+| *)$'), false) then '{{ field }}'
            {%- endfor %}
        end as ds_campo_nao_numerico,
        malformed_line,
        coalesce(malformed_line, {{ raw_fields | join(' || ') }}) as ds_linha
    from b3_cotahist
),

judged as (
    select
        *,
        case
            when malformed_line is not null then 'malformed_line'
            when ds_campo_nao_numerico is not null then 'non_numeric_field:' || ds_campo_nao_numerico
            -- the series begins in 1986
            when dt_ref is null or dt_ref < date '1986-01-01' then 'impossible_date:data'
            when dt_vencimento is null and not regexp_like(datven, '^(99991231|0*| *)$') then 'impossible_date:datven'
            when ds_escopo_arquivo = 'day' and dt_ref != dt_cabecalho then 'date_not_the_header_s'
            when ds_escopo_arquivo = 'range' and dt_ref > dt_cabecalho then 'date_after_the_header_s'
            when ticker is null then 'blank_ticker'
            when qt_fator_cotacao = 0 then 'zero_quote_factor'
        end as ds_recusa_da_linha
    from typed
),

numbered as (
    select
        *,
        row_number() over (
            partition by id_arquivo, dt_ref, ticker, cd_mercado, ds_prazo, ds_recusa_da_linha is null
            order by nr_linha
        ) as nr_ocorrencia
    from judged
),

final as (
    select
        id_arquivo,
        nr_linha,
        ds_arquivo,
        dt_cabecalho,
        ds_escopo_arquivo,
        ts_recebimento,
        dt_ref,
        ticker,
        cd_mercado,
        ds_prazo,
        cd_bdi,
        ds_nome,
        ds_especificacao,
        ds_marcador_ex,
        ds_moeda,
        vl_abertura,
        vl_maximo,
        vl_minimo,
        vl_medio,
        vl_fechamento,
        vl_oferta_compra,
        vl_oferta_venda,
        qt_negocios,
        qt_titulos,
        vl_volume,
        vl_exercicio,
        vl_exercicio_pontos,
        cd_correcao,
        dt_vencimento,
        qt_fator_cotacao,
        cd_isin,
        nr_distribuicao,
        fl_indice,
        coalesce(
            cd_mercado = '010'
            and not fl_indice
            and vl_volume > {{ var('b3_mean_trade_above') }} * qt_negocios
            and vl_volume > {{ var('b3_mean_trade_below') }} * (qt_negocios + 100000),
            false
        ) as fl_negocios_suspeitos,
        coalesce(
            ds_recusa_da_linha,
            case when nr_ocorrencia > 1 then 'duplicate_key' end
        ) as ds_motivo_recusa,
        ds_linha
    from numbered
)

select * from final
