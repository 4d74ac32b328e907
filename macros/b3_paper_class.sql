{% macro b3_paper_class(isin, word) -%}
    case
        when coalesce(length({{ isin }}), 0) < 12 then regexp_replace({{ word }}, '^DR.$', 'BDR')
        when substr({{ isin }}, 7, 5) = 'ACNOR' then 'ON'
        when substr({{ isin }}, 7, 5) = 'ACNPR' then 'PN'
        when substr({{ isin }}, 7, 4) = 'ACNP' then 'PN' || substr({{ isin }}, 11, 1)
        when substr({{ isin }}, 7, 3) in ('CDA', 'UNT') then 'UNT'
        when substr({{ isin }}, 7, 3) = 'BDR' then 'BDR'
        when substr({{ isin }}, 7, 3) = 'CTF' then 'CI'
        else substr({{ isin }}, 7, 5)
    end
{%- endmacro %}
