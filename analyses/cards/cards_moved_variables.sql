with

book_stability as (
    select * from {{ ref('cards_book_stability') }}
),

variables as (
    select * from {{ ref('cards_variables') }}
)

select
    book_stability.safra,
    book_stability.ds_variavel,
    book_stability.pc_psi,
    book_stability.ds_estabilidade,
    variables.ds_significado
from book_stability
left join variables
    on regexp_replace(book_stability.ds_variavel, '_u[0-9]+m$', '') = variables.ds_variavel
where
    book_stability.safra = (select max(latest.safra) from book_stability as latest)
    and book_stability.pc_psi >= 0.1
order by book_stability.pc_psi desc
