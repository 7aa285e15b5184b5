"""What follows when: policies, their levels with texts and deadlines, rules, profiles."""

from . import (
    account_dunning_level,
    account_dunning_policy,
    account_dunning_rule,
    ir_default,
    res_partner,
    res_company,
)
