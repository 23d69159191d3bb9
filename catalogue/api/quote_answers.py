"""How a quote is written."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from rest_framework import serializers

from billing_site.common.rest.fields import MonthField
from catalogue.api.fields import ExactNumber
from catalogue.domain.money import DECIMALS
from catalogue.domain.quotes import QuoteLine
from catalogue.domain.rounding import show
from catalogue.selectors.quotes import Quote


class QuotedPrice(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    is_agreed = serializers.BooleanField(help_text="With the account; false: of the book.")
    valid_from = serializers.DateTimeField()
    valid_to = serializers.DateTimeField(allow_null=True)
    model = serializers.CharField()
    scope = serializers.CharField()


class QuoteStep(serializers.Serializer[Any]):
    label = serializers.CharField(help_text="What is counted: units, a tier, what is included, the cap.")  # type: ignore[assignment]
    quantity = ExactNumber()
    unit_price = ExactNumber()
    amount = ExactNumber()


class QuoteLineAnswer(serializers.Serializer[Any]):
    items = serializers.ListField(
        child=serializers.IntegerField(), help_text="By their place in the request."
    )
    month = MonthField()
    kind = serializers.ChoiceField(["charge", "true_up"])
    sku = serializers.CharField()
    description = serializers.CharField()
    family = serializers.CharField()
    unit = serializers.CharField()
    tax_category = serializers.CharField()
    price = QuotedPrice()
    quantity = ExactNumber(help_text="Before included units.")
    unit_price = ExactNumber(allow_null=True)
    steps = QuoteStep(many=True)
    amount = ExactNumber(help_text="Unrounded: the sum of the steps.")
    net_amount = ExactNumber(help_text="Rounded once.")


class QuoteDiscount(serializers.Serializer[Any]):
    month = MonthField()
    code = serializers.CharField()
    tax_category = serializers.CharField()
    net_amount = ExactNumber(help_text="Below 0.")


class QuoteTax(serializers.Serializer[Any]):
    month = MonthField()
    category = serializers.CharField()
    name = serializers.CharField()
    percent = ExactNumber()
    taxable_amount = ExactNumber()
    tax_amount = ExactNumber()


class QuoteMargin(serializers.Serializer[Any]):
    revenue = ExactNumber(help_text="The net amount in the head office's currency.")
    cost = ExactNumber()
    margin = ExactNumber()
    percent = ExactNumber(allow_null=True, help_text="Of the revenue.")


class QuoteCost(serializers.Serializer[Any]):
    company = serializers.CharField(help_text="The head office.")
    currency = serializers.CharField()
    lines = QuoteLineAnswer(many=True)
    net_amount = ExactNumber()
    margin = QuoteMargin(allow_null=True)
    unknown = serializers.CharField(help_text="Why there is no margin.")


class QuoteAnswer(serializers.Serializer[Any]):
    company = serializers.CharField()
    account = serializers.CharField(allow_null=True)
    country = serializers.CharField()
    currency = serializers.CharField()
    lines = QuoteLineAnswer(many=True)
    discounts = QuoteDiscount(many=True)
    taxes = QuoteTax(many=True)
    net_amount = ExactNumber()
    tax_amount = ExactNumber()
    gross_amount = ExactNumber()
    cost = QuoteCost(allow_null=True, help_text="For those who may see it, where there is a head office.")


def answer_of(quote: Quote) -> dict[str, Any]:
    """Return what `QuoteAnswer` describes, written by hand: the serializers take several times as long."""
    customer, cost = quote.customer, quote.cost
    return {
        "company": customer.book.company,
        "account": customer.account,
        "country": customer.country,
        "currency": customer.book.currency.code,
        "lines": [_line(quote, line) for invoice in quote.invoices for line in invoice.lines],
        "discounts": [
            {
                "month": _month(invoice.month),
                "code": discount.code,
                "tax_category": discount.tax_category,
                "net_amount": _number(discount.amount),
            }
            for invoice in quote.invoices
            for discount in invoice.discounts
        ],
        "taxes": [
            {
                "month": _month(invoice.month),
                "category": tax.category,
                "name": tax.name,
                "percent": _number(tax.percent),
                "taxable_amount": _number(tax.taxable_amount),
                "tax_amount": _number(tax.tax_amount),
            }
            for invoice in quote.invoices
            for tax in invoice.taxes
        ],
        "net_amount": _number(quote.net_amount),
        "tax_amount": _number(quote.tax_amount),
        "gross_amount": _number(quote.net_amount + quote.tax_amount),
        "cost": cost
        and {
            "company": cost.book.company,
            "currency": cost.book.currency.code,
            "lines": [_line(quote, line) for line in cost.lines],
            "net_amount": _number(cost.net_amount),
            "margin": cost.margin
            and {
                "revenue": _number(cost.margin.revenue),
                "cost": _number(cost.margin.cost),
                "margin": _number(cost.margin.margin),
                "percent": None if cost.margin.percent is None else _number(cost.margin.percent),
            },
            "unknown": cost.unknown,
        },
    }


def _line(quote: Quote, line: QuoteLine) -> dict[str, Any]:
    product, price = quote.products[line.sku], quote.prices[line.price_id]
    return {
        "items": line.positions,
        "month": _month(line.month),
        "kind": line.kind,
        "sku": line.sku,
        "description": product.name or line.sku,
        "family": line.family,
        "unit": product.unit,
        "tax_category": line.tax_category,
        "price": {
            "id": price.id,
            "is_agreed": price.is_agreed,
            "valid_from": price.valid_from,
            "valid_to": price.valid_to,
            "model": price.model,
            "scope": price.terms.scope,
        },
        "quantity": _number(line.quantity),
        "unit_price": None if line.unit_price is None else _number(line.unit_price),
        "steps": [
            {
                "label": step.label,
                "quantity": _number(step.quantity),
                "unit_price": _number(step.unit_price),
                "amount": _number(step.amount),
            }
            for step in line.steps
        ],
        "amount": _number(line.amount),
        "net_amount": _number(line.net_amount),
    }


def _number(value: Fraction | Decimal) -> str:
    return show(value, DECIMALS)


def _month(month: date) -> str:
    return f"{month:%Y-%m}"
