"""What an item owes besides the principal: rates, interest, 40 €; booking, note, statement."""

from . import (
    account_dunning_accrual,
    account_dunning_accrual_waiting,
    account_dunning_penalty,
    account_dunning_rate,
    account_dunning_penalty_report,
    account_chart_template,
    accrual_query,
    account_move,
    account_move_note,
    account_dunning_penalty_booking,
    account_move_line,
    res_company,
    res_config_settings,
    res_partner,
    account_dunning_shortcut,
    account_dunning_customer,
)
