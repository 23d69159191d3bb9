"""Wake the jobs that follow a commit. Beat runs them anyway, so a broker that is away loses nothing."""

from billing_site.common.jobs import wake


def wake_rendering() -> None:
    """Ask a worker to render the documents of what was issued. Call it after the commit, never before."""
    wake("invoicing.tasks.render_documents")


def wake_bill_runs() -> None:
    """Ask a worker to do the bill runs that were asked for. Call it after the commit, never before."""
    wake("invoicing.tasks.run_bill_runs")
