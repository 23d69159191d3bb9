"""Is this a tax number of that country? Form and check digits only: no register is asked."""

from functools import cache
from typing import Protocol, cast

from stdnum import get_cc_module
from stdnum.exceptions import InvalidChecksum, InvalidComponent, InvalidLength, ValidationError
from stdnum.us import ein

from billing_site.common.errors import BillingError

# A Japanese invoice shows the issuer's number as T and the corporate number.
_PREFIXES = {"JP": "T"}
_REASONS: dict[type[ValidationError], str] = {
    InvalidChecksum: "its check digits do not fit",
    InvalidComponent: "a part of it is not given there",
    InvalidLength: "it has the wrong length",
}


class InvalidTaxNumber(BillingError):
    """A tax number that the country cannot have given."""

    code = "invalid_tax_number"


class _NumberModule(Protocol):
    def validate(self, number: str) -> str: ...


def check_tax_number(country: str, number: str) -> bool:
    """Raise InvalidTaxNumber unless a country could have given a number; return whether it can be told.

    country: [ISO 3166 alpha-2]. number: [text, with or without separators and the country's prefix].

    >>> check_tax_number("DE", "DE 123 456 788"), check_tax_number("AE", "100000000000003")
    (True, False)
    """
    module = _module_of(country)
    if module is None:
        return False
    try:
        module.validate(number.strip().removeprefix(_PREFIXES.get(country, "")))
    except ValidationError as error:
        reason = _REASONS.get(type(error), "it has another form")
        raise InvalidTaxNumber(
            f"{number!r} is no tax number of {country}, for {reason}: compare it with the customer's papers."
        ) from error
    return True


@cache
def _module_of(country: str) -> _NumberModule | None:
    """The part of python-stdnum that knows a country's VAT or GST numbers; the United States' is the EIN."""
    return cast("_NumberModule | None", ein if country == "US" else get_cc_module(country.lower(), "vat"))
