{% macro b3_ex_price(price, actions) -%}
    if(
        {{ actions }}.vl_direito < {{ price }},
        ({{ price }} - {{ actions }}.vl_dinheiro + {{ actions }}.pc_direito * {{ actions }}.vl_direito)
        / ({{ actions }}.qt_papeis + {{ actions }}.pc_direito),
        ({{ price }} - {{ actions }}.vl_dinheiro) / {{ actions }}.qt_papeis
    )
{%- endmacro %}
