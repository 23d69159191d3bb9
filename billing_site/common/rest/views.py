"""Lists and things that a caller may see."""

from collections.abc import Callable
from typing import Any

from django.db import models
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.viewsets import GenericViewSet

from billing_site.common.rest.requests import NotFound, caller_of


class VisibleRows(ListModelMixin, GenericViewSet):
    """A list of what the caller may see: a view names `visible`, `scope`, `serializer_class` and filters.

    `visible` takes the caller and returns the rows; `scope` is what a key needs; a person needs the right to
    view the model.
    """

    visible: Callable[[Any], models.QuerySet[Any]]
    scope: str

    @classmethod
    def model(cls) -> type[models.Model]:
        return cls.serializer_class.Meta.model  # type: ignore[union-attr]

    @property
    def permission(self) -> str:
        options = self.model()._meta
        return f"{options.app_label}.view_{options.model_name}"

    def get_queryset(self) -> models.QuerySet[Any]:
        if getattr(self, "swagger_fake_view", False):
            return self.model()._default_manager.none()
        return self.visible(caller_of(self.request))

    def get_object(self) -> Any:
        # PostgreSQL refuses NUL in a text; nothing has it in its name.
        if any("\0" in str(value) for value in self.kwargs.values()):
            raise NotFound
        return super().get_object()


class VisibleThings(RetrieveModelMixin, VisibleRows):
    """The same, and each row by its own name (`lookup_field`)."""
