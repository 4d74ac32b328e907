{% macro cards_raw_record(entity) -%}
    {%- set fields = {
        'tb_faturas': {
            'id_fatura': '1-1', 'id_cliente': '1', 'data_emissao': '2023-01-01', 'data_vencimento': '2023-01-10',
            'valor_fatura': '24597.21', 'valor_pagamento_minimo': '7379.16',
        },
        'tb_pagamentos': {
            'id_pagamento': 'PG-1-1', 'id_fatura': '1-1', 'id_cliente': '1', 'data_pagamento': '2023-01-27',
            'valor_pagamento': '8944.39',
        },
    }[entity] -%}
    {%- set origin = {
        'other_columns': none, 'malformed_line': none, 'row_hash': 'r1', 'file_name': entity ~ '_202301.csv',
        'line_number': 2, 'file_month': '202301', 'decimal_mark': '.', 'date_form': 'iso',
        'landed_at': '2023-02-01 08:00:00', 'file_hash': 'a1',
    } -%}
    {%- set types = {'line_number': 'bigint', 'landed_at': 'timestamp'} -%}
    {%- do origin.update(kwargs) -%}
    select
    {%- for field, value in fields.items() %}
        {%- set text = none if origin.malformed_line is not none else kwargs.get(field, value) %}
        cast({{ 'null' if text is none else "'" ~ text ~ "'" }} as varchar) as {{ field }},
    {%- endfor %}
    {%- for column in [
        'other_columns', 'malformed_line', 'row_hash', 'file_name', 'line_number', 'file_month', 'decimal_mark',
        'date_form', 'landed_at', 'file_hash',
    ] %}
        cast({{ 'null' if origin[column] is none else "'" ~ origin[column] ~ "'" }} as {{ types.get(column, 'varchar') }}) as {{ column }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
