select
    safra as month,
    pc_em_atraso as overdue
from finlake_refined.cards_portfolio_monthly
order by safra desc
