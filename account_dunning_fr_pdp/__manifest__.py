{
    "name": "French Dunning and Debt Recovery: Approved Platform",
    "summary": "Statuses of e-invoices that stop and resume reminders",
    "version": "19.0.1.1.0",
    "category": "Accounting/Accounting",
    "author": "account_dunning_fr contributors",
    "license": "LGPL-3",
    "depends": ["account_dunning_fr", "l10n_fr_pdp"],
    "post_init_hook": "post_init_hook",
    "auto_install": True,
}
