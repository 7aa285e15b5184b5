"""Which item reaches which level today, or why not (``query/decision.py``); waiting money."""

from . import (
    account_dunning_plan,
    account_dunning_waiting_money,
    account_dunning_hold,
    account_dunning_set_aside,
    account_dunning_columns,
    account_dunning_returned,
    account_dunning_cycled,
    account_move_line,
    account_payment,
    account_dunning_debit_return,
    account_move,
    account_move_follow_up,
    account_journal,
    account_partial_reconcile,
    account_dunning_today,
    res_partner,
    account_dunning_shortcut,
    account_dunning_chronology,
    account_dunning_customer,
)
