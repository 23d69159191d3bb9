"""Rules: each is a function from a source to what it finds there, as lines and sentences."""

from collections.abc import Callable, Iterator

from tests.architecture.rules.clock import no_wall_clock, no_wall_clock_in_sql
from tests.architecture.rules.entry_points import no_writing_in_entry_points
from tests.architecture.rules.independent_rater import only_what_was_received
from tests.architecture.rules.line_of_apps import no_higher_app_by_name
from tests.architecture.rules.money import (
    exact_types_in_sql,
    no_float_columns,
    no_floats_in_domains,
    one_rounding,
)
from tests.architecture.rules.python_sql import no_sql_in_python
from tests.architecture.rules.shape import every_domain_shows_an_example, no_drawer_names, no_long_modules
from tests.architecture.rules.sql_files import (
    one_statement_with_a_head_comment,
    own_or_lower_tables_named,
    own_tables_written,
)
from tests.architecture.rules.texts import no_machine_paths, no_registry_hosts
from tests.architecture.sources import Source

Rule = Callable[[Source], Iterator[tuple[int, str]]]

RULES: tuple[Rule, ...] = (
    no_higher_app_by_name,
    own_or_lower_tables_named,
    own_tables_written,
    one_statement_with_a_head_comment,
    only_what_was_received,
    no_sql_in_python,
    no_writing_in_entry_points,
    no_floats_in_domains,
    no_float_columns,
    exact_types_in_sql,
    one_rounding,
    no_wall_clock,
    no_wall_clock_in_sql,
    every_domain_shows_an_example,
    no_long_modules,
    no_drawer_names,
    no_machine_paths,
    no_registry_hosts,
)
