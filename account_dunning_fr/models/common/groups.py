"""Who sees what dunning adds to the books."""

ACCOUNTING_GROUPS = "account.group_account_invoice,account.group_account_readonly"
