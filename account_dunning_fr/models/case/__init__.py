"""The court file: examination, court, pieces, costs, clocks, archive."""

from . import (
    account_dunning_commune,
    account_dunning_court,
    account_dunning_case_archive,
    account_dunning_case,
    account_dunning_case_item,
    account_dunning_case_piece,
    account_dunning_case_finding,
    account_dunning_case_cost,
    account_dunning_case_clock,
    account_dunning_case_document,
    account_dunning_case_course,
    account_dunning_case_gathering,
    account_dunning_chronology,
    account_dunning_retention,
    account_dunning_today,
    account_move,
    res_partner,
    res_company,
    res_config_settings,
    account_dunning_shortcut,
)
