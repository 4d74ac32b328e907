with

landings as (
    select * from {{ ref('stg_ops__landings') }}
),

session_files as (
    select * from {{ ref('b3_session_files') }}
),

sessions as (
    select * from {{ ref('b3_sessions') }}
),

quotes as (
    select * from {{ ref('b3_quotes') }}
),

quotes_quarantine as (
    select * from {{ ref('b3_quotes_quarantine') }}
),

answer_files as (
    select * from {{ ref('b3_answer_files') }}
),

index_level_versions as (
    select * from {{ ref('b3_index_level_versions') }}
),

index_portfolio_versions as (
    select * from {{ ref('b3_index_portfolio_versions') }}
),

corporate_action_versions as (
    select * from {{ ref('b3_corporate_action_versions') }}
),

answers_quarantine as (
    select * from {{ ref('b3_answers_quarantine') }}
),

cards_files as (
    select * from {{ ref('cards_files') }}
),

invoice_versions as (
    select * from {{ ref('cards_invoice_versions') }}
),

payment_versions as (
    select * from {{ ref('cards_payment_versions') }}
),

invoices as (
    select * from {{ ref('cards_invoices') }}
),

payments as (
    select * from {{ ref('cards_payments') }}
),

payments_pending as (
    select * from {{ ref('cards_payments_pending') }}
),

cards_quarantine as (
    select * from {{ ref('cards_quarantine') }}
),

registered as (
    select
        'b3' as ds_dominio,
        id_arquivo,
        nr_carga
    from session_files
    union all
    select
        'b3' as ds_dominio,
        id_arquivo,
        nr_carga
    from answer_files
    union all
    select
        'cards' as ds_dominio,
        id_arquivo,
        nr_carga
    from cards_files
),

loads as (
    select
        ds_dominio,
        max(nr_carga) as nr_carga
    from registered
    group by ds_dominio
),

-- a file that was landed while the lake was built is in no register yet, and none of its records can be anywhere; one
-- that was there before and is in none was looked for, and none of its records was found
files as (
    select
        landings.ds_dominio,
        landings.ds_entidade,
        landings.id_arquivo,
        landings.ds_arquivo,
        landings.qt_linhas,
        landings.ts_recebimento
    from landings
    left join loads
        on landings.ds_dominio = loads.ds_dominio
    where
        landings.ds_situacao = 'landed'
        and (
            landings.id_arquivo in (select registered.id_arquivo from registered)
            or (
                landings.qt_linhas > 0
                and date_diff('second', timestamp '1970-01-01', landings.ts_recebimento) < loads.nr_carga
            )
        )
),

-- one row for each place that holds records of a file, each counted in its own table
places as (
    select
        id_arquivo,
        'curada' as ds_lugar,
        count(*) as qt_linhas
    from quotes
    group by id_arquivo
    union all
    select
        session_files.id_arquivo,
        'substituida' as ds_lugar,
        sum(session_files.qt_linhas) as qt_linhas
    from session_files
    inner join sessions
        on
            session_files.dt_ref = sessions.dt_ref
            and session_files.id_arquivo != sessions.id_arquivo
    group by session_files.id_arquivo
    union all
    select
        id_arquivo,
        case when ds_motivo_recusa = 'duplicate_key' then 'duplicada' else 'quarentena' end as ds_lugar,
        count(*) as qt_linhas
    from quotes_quarantine
    group by
        id_arquivo,
        case when ds_motivo_recusa = 'duplicate_key' then 'duplicada' else 'quarentena' end
    union all
    {%- for versions in ['index_level_versions', 'index_portfolio_versions', 'corporate_action_versions'] %}
    select
        id_arquivo,
        case ds_situacao
            when 'current' then 'curada'
            when 'duplicate' then 'duplicada'
            else 'substituida'
        end as ds_lugar,
        count(*) as qt_linhas
    from {{ versions }}
    group by
        id_arquivo,
        ds_situacao
    union all
    {%- endfor %}
    select
        id_arquivo,
        case when ds_motivo_recusa = 'duplicate_key' then 'duplicada' else 'quarentena' end as ds_lugar,
        count(*) as qt_linhas
    from answers_quarantine
    group by
        id_arquivo,
        case when ds_motivo_recusa = 'duplicate_key' then 'duplicada' else 'quarentena' end
    union all
    select
        id_arquivo,
        'curada' as ds_lugar,
        count(*) as qt_linhas
    from invoices
    group by id_arquivo
    union all
    select
        id_arquivo,
        'curada' as ds_lugar,
        count(*) as qt_linhas
    from payments
    group by id_arquivo
    union all
    select
        id_arquivo,
        case when ds_situacao = 'duplicate' then 'duplicada' else 'substituida' end as ds_lugar,
        count(*) as qt_linhas
    from invoice_versions
    where ds_situacao != 'current'
    group by
        id_arquivo,
        case when ds_situacao = 'duplicate' then 'duplicada' else 'substituida' end
    union all
    select
        id_arquivo,
        case when ds_situacao = 'duplicate' then 'duplicada' else 'substituida' end as ds_lugar,
        count(*) as qt_linhas
    from payment_versions
    where ds_situacao != 'current'
    group by
        id_arquivo,
        case when ds_situacao = 'duplicate' then 'duplicada' else 'substituida' end
    union all
    select
        id_arquivo,
        'pendente' as ds_lugar,
        count(*) as qt_linhas
    from payments_pending
    group by id_arquivo
    union all
    select
        id_arquivo,
        'quarentena' as ds_lugar,
        count(*) as qt_linhas
    from cards_quarantine
    group by id_arquivo
),

counted as (
    select
        id_arquivo,
        sum(case when ds_lugar = 'curada' then qt_linhas else 0 end) as qt_curadas,
        sum(case when ds_lugar = 'substituida' then qt_linhas else 0 end) as qt_substituidas,
        sum(case when ds_lugar = 'duplicada' then qt_linhas else 0 end) as qt_duplicadas,
        sum(case when ds_lugar = 'quarentena' then qt_linhas else 0 end) as qt_quarentena,
        sum(case when ds_lugar = 'pendente' then qt_linhas else 0 end) as qt_pendentes,
        sum(qt_linhas) as qt_linhas
    from places
    group by id_arquivo
),

final as (
    select
        files.ds_dominio,
        files.ds_entidade,
        files.id_arquivo,
        files.ds_arquivo,
        cast(files.ts_recebimento as timestamp(6)) as ts_recebimento,
        files.qt_linhas,
        coalesce(counted.qt_curadas, 0) as qt_curadas,
        coalesce(counted.qt_substituidas, 0) as qt_substituidas,
        coalesce(counted.qt_duplicadas, 0) as qt_duplicadas,
        coalesce(counted.qt_quarentena, 0) as qt_quarentena,
        coalesce(counted.qt_pendentes, 0) as qt_pendentes,
        files.qt_linhas - coalesce(counted.qt_linhas, 0) as qt_diferenca
    from files
    left join counted
        on files.id_arquivo = counted.id_arquivo
)

select * from final
