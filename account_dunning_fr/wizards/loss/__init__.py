from . import account_dunning_closing
