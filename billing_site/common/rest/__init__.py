"""REST framework pieces without a billing word.

Settings name what `requests`, `pages` and `filters` define, and REST framework loads it while its own views
are being defined: these three never import views.
"""
