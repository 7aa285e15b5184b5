from . import dossier, payment_plan
