"""What happens in the catalogue that others may have to know; the catalogue does not know them."""

from django.dispatch import Signal

# Prices were entered, superseded or withdrawn: sent after the entries are written, inside the transaction.
#   company_id: whose book
#   product_ids: which products, or None for many: any of the company
#   valid_from: the earliest instant from which a price may differ
prices_changed = Signal()

# The page of a change set is shown: whoever knows what it would mean for real usage answers with Tables,
# which stand there under "Impact on usage".
#   price_import: which one
#   person: who looks at it
#   at: the instant, by whose usage an open month counts
impact_asked = Signal()
