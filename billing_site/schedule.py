"""What runs by the clock. A new installation starts with this; the console changes it."""

from datetime import timedelta

SCHEDULE = {
    # A commit wakes both; these are the safety net for a message that was lost.
    "mediate what waits": {"task": "metering.tasks.mediate", "schedule": timedelta(minutes=1)},
    "rate what is stale": {"task": "metering.tasks.rate", "schedule": timedelta(minutes=1)},
    "estimate money at risk": {
        "task": "metering.tasks.estimate_exceptions",
        "schedule": timedelta(minutes=10),
    },
    "make partitions ahead": {"task": "metering.tasks.make_partitions", "schedule": timedelta(days=1)},
    "work on price files": {
        "task": "catalogue.tasks.run_price_imports",
        "schedule": timedelta(minutes=1),
    },
    "credit late usage": {"task": "invoicing.tasks.credit_late_usage", "schedule": timedelta(days=1)},
    "take bill runs further": {"task": "invoicing.tasks.run_bill_runs", "schedule": timedelta(minutes=1)},
    "bill runs of billing days": {
        "task": "invoicing.tasks.request_due_bill_runs",
        "schedule": timedelta(hours=1),
    },
    # What is done today is not done again: the other hours are for what a killed worker left.
    "reconcile every company": {
        "task": "reconciliation.tasks.reconcile_daily",
        "schedule": timedelta(hours=1),
    },
    "reconcile what was asked for": {
        "task": "reconciliation.tasks.reconcile_requests",
        "schedule": timedelta(minutes=1),
    },
    "render documents": {"task": "invoicing.tasks.render_documents", "schedule": timedelta(minutes=5)},
    "look for leaks": {"task": "reconciliation.tasks.find_leaks", "schedule": timedelta(days=1)},
    # Made once a day and company, after the runs.
    "morning reports": {"task": "reconciliation.tasks.make_reports", "schedule": timedelta(hours=1)},
}
