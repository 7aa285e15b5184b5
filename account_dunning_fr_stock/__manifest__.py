{
    "name": "French Dunning and Debt Recovery: Deliveries",
    "summary": "Delivery notes, signed or not, as pieces of a court file",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "author": "account_dunning_fr contributors",
    "license": "LGPL-3",
    "depends": ["account_dunning_fr_sale", "sale_stock"],
    "auto_install": True,
}
