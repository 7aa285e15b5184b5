from . import account_dunning_order_stop
