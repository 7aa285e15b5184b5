from . import debtor_page, debtor_payment, dossier, payment_plan
