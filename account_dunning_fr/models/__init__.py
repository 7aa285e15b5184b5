from . import (
    account_chart_template,
    account_dunning_accrual,
    account_dunning_accrual_events,
    account_dunning_chronology,
    account_dunning_hold,
    account_dunning_level,
    account_dunning_notice,
    account_dunning_notice_layout,
    account_dunning_notice_batch,
    account_dunning_notice_line,
    account_dunning_notice_penalty,
    account_dunning_notice_sending,
    account_dunning_notice_text,
    account_dunning_penalty,
    account_dunning_penalty_booking,
    account_dunning_penalty_computation,
    account_dunning_plan,
    account_dunning_policy,
    account_dunning_rate,
    account_dunning_rate_terms,
    account_dunning_today,
    account_move,
    account_move_line,
    account_move_penalty,
    account_move_penalty_note,
    account_partial_reconcile,
    ir_actions_report,
    ir_actions_report_letters,
    mail_mail,
    res_company,
    res_company_penalty,
    res_config_settings,
    res_partner,
)
from . import account_dunning_listed  # extends the invoices and their items
from . import account_dunning_level_text
from . import account_dunning_chase
from . import account_dunning_today_page
from . import res_partner_dunning
from . import account_dunning_start
from . import account_dunning_credit_names
