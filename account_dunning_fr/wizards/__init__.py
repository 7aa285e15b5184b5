from . import account_dunning_postpone, base_partner_merge
