{
    "name": "French Dunning and Debt Recovery: Deliveries",
    "summary": "Deliveries held back while a debt is unpaid, and as pieces of a court file",
    "version": "19.0.1.1.0",
    "category": "Accounting/Accounting",
    "author": "account_dunning_fr contributors",
    "license": "LGPL-3",
    "depends": ["account_dunning_fr_sale", "sale_stock"],
    "data": [
        "security/ir.model.access.csv",
        "views/stock_picking_views.xml",
    ],
    "demo": ["demo/account_dunning_deliveries_demo.xml"],
    "auto_install": True,
}
