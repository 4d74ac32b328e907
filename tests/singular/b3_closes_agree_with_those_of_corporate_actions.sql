-- The close of the last session with the right, as B3 says it beside an action, is that of the quotes: were it not, the
-- action would be on another day or paper, or in other units. Of the actions of the latest load.
{{ config(severity='warn') }}

{%- set actions = ref('b3_corporate_actions') %}
{%- set latest = 'nr_carga_fechamento = (select max(newest.nr_carga_fechamento) from ' ~ actions ~ ' as newest)' %}

with

corporate_actions as (
    select * from {{ actions }}
    where {{ latest }}
),

quotes as (
    select
        *,
        {{ b3_paper_class('cd_isin', "split_part(ds_especificacao, ' ', 1)") }} as ds_classe
    from {{ ref('b3_quotes') }}
    where
        cd_mercado = '010'
        and {{ one_of(
            'dt_ref', 'select dt_ultimo_com from ' ~ actions ~ ' where ' ~ latest, data_type='date', reads=[actions],
            at_first=true
        ) }}
)

select
    quotes.dt_ref,
    quotes.ticker,
    quotes.vl_fechamento,
    corporate_actions.vl_fechamento_com
from corporate_actions
inner join quotes
    on
        corporate_actions.dt_ultimo_com = quotes.dt_ref
        and corporate_actions.cd_empresa = substr(quotes.ticker, 1, 4)
        and corporate_actions.ds_classe = quotes.ds_classe
        and coalesce(corporate_actions.cd_isin = quotes.cd_isin, true)
where abs(corporate_actions.vl_fechamento_com - quotes.vl_fechamento) > 0.01
