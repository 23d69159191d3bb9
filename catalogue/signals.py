"""What happens in the catalogue that others may have to know; the catalogue does not know them."""

from django.dispatch import Signal

# Prices were entered, superseded or withdrawn: sent after the entries are written, inside the transaction.
#   company_id: whose book
#   product_ids: which products, or None for many: any of the company
#   valid_from: the earliest instant from which a price may differ
prices_changed = Signal()
