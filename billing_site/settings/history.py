"""Who changed what when: triggers write it (django-pghistory), so that set-based SQL is recorded too."""

import pghistory
from pgtrigger.core import Statement

# One insert for each statement, not for each row: a price file changes 100,000 products by one.
PGHISTORY_LEVEL = Statement
# What happened cannot be rewritten.
PGHISTORY_APPEND_ONLY = True
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")
# History is looked up by its object, and by nothing that the object names.
PGHISTORY_FOREIGN_KEY_FIELD = pghistory.ForeignKey(db_index=False)
PGHISTORY_OBJ_FIELD = pghistory.ObjForeignKey(db_index=True, related_name="history")
# When the statement ran, not when its transaction began: what one transaction did stays in order.
PGHISTORY_CREATED_AT_FUNCTION = "CLOCK_TIMESTAMP()"
