"""A page of the console: where a price book has no price of what is sold."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.http import urlencode
from unfold.decorators import action

from billing_site.common.admin import ConsoleAdmin, Table
from billing_site.common.clock import now
from catalogue.selectors.price_gaps import PriceGap, price_gaps
from catalogue.selectors.visible import visible_companies

_AT_ONCE = 100


class PriceGapPages(ConsoleAdmin):
    """A list of prices with a button that reports the gaps of a book, from now on."""

    actions_list = ["gaps"]

    @action(description="Gaps", url_path="gaps", permissions=["view"], icon="difference")
    def gaps(self, request: HttpRequest) -> HttpResponse:
        companies = list(visible_companies(self.person(request)))
        chosen = [company for company in companies if company.code == request.GET.get("company")] or companies
        if not chosen:
            raise Http404
        found = price_gaps(chosen[0], since=now(), most=_AT_ONCE + 1, after=_seen(request))
        page = found[:_AT_ONCE]
        rows = [(gap.sku, gap.name, gap.currency, _from(gap), _to(gap)) for gap in page]
        note = "" if rows else "Every product that is sold has a price from now on."
        context: dict[str, Any] = {
            **self.page_context(request, f"Gaps in the prices of {chosen[0]}"),
            "companies": companies,
            "chosen": chosen[0],
            "tables": [Table("", ["SKU", "name", "currency", "no price from", "to"], rows, note)],
            "next": _next(chosen[0].code, page[-1]) if len(found) > _AT_ONCE else "",
        }
        return TemplateResponse(request, "console/price_gaps.html", context)


def _from(gap: PriceGap) -> str:
    return f"{gap.gap_from:%Y-%m-%d %H:%M} UTC" if gap.gap_from else "never had one"


def _to(gap: PriceGap) -> str:
    return f"{gap.gap_to:%Y-%m-%d %H:%M} UTC" if gap.gap_to else "open"


def _next(company: str, last: PriceGap) -> str:
    start = last.gap_from.isoformat() if last.gap_from else ""
    return "?" + urlencode({"company": company, "sku": last.sku, "currency": last.currency, "from": start})


def _seen(request: HttpRequest) -> PriceGap | None:
    """The last gap of the page before, from the link that led here."""
    if "sku" not in request.GET:
        return None
    try:
        start = datetime.fromisoformat(request.GET.get("from", "")) if request.GET.get("from") else None
    except ValueError:
        raise Http404 from None
    return PriceGap(request.GET["sku"], "", request.GET.get("currency", ""), start, None)
