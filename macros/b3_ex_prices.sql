{% macro b3_ex_prices(pairs, actions) -%}
    {%- set terms -%}
        row(
            vl_dinheiro double,
            qt_papeis double,
            pc_direito double,
            vl_direito double,
            vl_fechamento_com double
        )
    {%- endset -%}
    {#- The price with the rights: as B3 tells it, or else as the actions of the day before left it. -#}
    {%- set price = 'coalesce(event.vl_fechamento_com, state[1])' -%}
    {%- set ex_price -%}
        if(
            event.vl_direito < {{ price }},
            ({{ price }} - event.vl_dinheiro + event.pc_direito * event.vl_direito)
            / (event.qt_papeis + event.pc_direito),
            ({{ price }} - event.vl_dinheiro) / event.qt_papeis
        )
    {%- endset -%}
    select
        pairs.dt_ref,
        pairs.ticker,
        reduce(
            array_agg(
                cast(
                    row(
                        actions.vl_dinheiro,
                        actions.qt_papeis,
                        actions.pc_direito,
                        actions.vl_direito,
                        if(pairs.dt_anterior < actions.dt_ultimo_com, actions.vl_fechamento_com)
                    ) as {{ terms }}
                ) order by actions.dt_ultimo_com, actions.cd_isin
            ),
            row(cast(pairs.vl_anterior as double), 1e0),
            (state, event) -> row({{ ex_price }}, state[2] * {{ ex_price }} / {{ price }}),
            state -> state[2]
        ) as pc_fator,
        array_join(
            array_agg(actions.ds_eventos order by actions.dt_ultimo_com, actions.cd_isin), ', '
        ) as ds_proventos,
        bool_or(actions.fl_sem_regra) as fl_sem_regra,
        max(actions.ts_recebimento) as ts_proventos,
        max(actions.nr_carga) as nr_carga_proventos
    from {{ pairs }} as pairs
    inner join {{ actions }} as actions
        on
            pairs.cd_empresa = actions.cd_empresa
            and pairs.ds_classe = actions.ds_classe
            and coalesce(pairs.cd_isin = actions.cd_isin, true)
            and pairs.dt_anterior <= actions.dt_ultimo_com
            and pairs.dt_ref > actions.dt_ultimo_com
    where
        pairs.fl_em_alcance
        and pairs.vl_anterior > 0
    group by
        pairs.dt_ref,
        pairs.ticker,
        pairs.vl_anterior
{%- endmacro %}
