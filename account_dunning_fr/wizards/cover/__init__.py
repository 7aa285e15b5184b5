from . import (
    account_dunning_agency_import,
    account_dunning_assignment_back,
    account_dunning_assignment_import,
)
