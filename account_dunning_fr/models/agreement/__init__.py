"""What was agreed or happened: disputes, promises, payment plans, insolvency."""

from . import (
    account_dunning_agreement,
    account_dunning_dispute,
    account_dunning_promise,
    account_dunning_money_received,
    account_dunning_payment_plan,
    account_dunning_payment_plan_line,
    account_dunning_insolvency,
    account_dunning_hold,
    account_dunning_chronology,
    account_dunning_today,
    account_dunning_notice,
    account_dunning_notice_draft,
    account_dunning_penalty,
    account_dunning_payment_plan_portal,
    account_move,
    account_partial_reconcile,
    res_partner,
    res_company,
    res_config_settings,
    account_dunning_shortcut,
)
