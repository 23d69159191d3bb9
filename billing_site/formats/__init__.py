"""How Django's pages write dates: without room for doubt about day and month."""
