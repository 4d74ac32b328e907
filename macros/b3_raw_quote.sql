{% macro b3_raw_quote() -%}
    {%- set fields = {
        'tipreg': '01', 'data': '20240102', 'codbdi': '02', 'codneg': 'PETR4       ', 'tpmerc': '010',
        'nomres': 'PETROBRAS   ', 'especi': 'PN      N2', 'prazot': '   ', 'modref': 'R$  ', 'preabe': '0000000003733',
        'premax': '0000000003782', 'premin': '0000000003725', 'premed': '0000000003758', 'preult': '0000000003778',
        'preofc': '0000000003776', 'preofv': '0000000003778', 'totneg': '31553', 'quatot': '000000000024043300',
        'voltot': '000000000090366154', 'preexe': '0000000000000', 'indopc': '0', 'datven': '99991231',
        'fatcot': '0000001', 'ptoexe': '0000000000000', 'codisi': 'BRPETRACNPR6', 'dismes': '214',
    } -%}
    {%- set line = {
        'file_name': 'COTAHIST_D02012024.TXT', 'line_number': 2, 'header_date': '20240102', 'file_scope': 'day',
        'malformed_line': none, 'landed_at': '2024-01-02 23:00:00', 'file_hash': 'a1',
    } -%}
    {%- set types = {'line_number': 'bigint', 'landed_at': 'timestamp'} -%}
    {%- do line.update(kwargs) -%}
    select
    {%- for field, value in fields.items() %}
        cast({{ 'null' if line.malformed_line is not none else "'" ~ kwargs.get(field, value) ~ "'" }} as varchar) as {{ field }},
    {%- endfor %}
    {%- for column in ['file_name', 'line_number', 'header_date', 'file_scope', 'malformed_line', 'landed_at', 'file_hash'] %}
        cast({{ 'null' if line[column] is none else "'" ~ line[column] ~ "'" }} as {{ types.get(column, 'varchar') }}) as {{ column }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
