{
    "name": "French Dunning and Debt Recovery: Orders",
    "summary": "Signed quotations and orders as pieces of a court file",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "author": "account_dunning_fr contributors",
    "license": "LGPL-3",
    "depends": ["account_dunning_fr", "sale"],
    "auto_install": True,
}
