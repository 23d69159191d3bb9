"""How much a document prints; what is more goes into a file inside it."""

import environ

env = environ.Env()

DOCUMENT_ANNEX_ROWS = env.int("DOCUMENT_ANNEX_ROWS", default=500)
# 5,000 lines are 200 pages and 0.8 GB of memory.
DOCUMENT_PRINTED_LINES = env.int("DOCUMENT_PRINTED_LINES", default=5_000)
