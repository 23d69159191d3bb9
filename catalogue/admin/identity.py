"""Who may: people, their roles, and the keys of programs."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from billing_site.common.admin import VisibleChoices
from billing_site.common.clock import now
from billing_site.common.errors import BillingError
from catalogue.admin.history import HistoryAdmin
from catalogue.models import ApiKey, Scope, User
from catalogue.selectors.roles import groups_to_give
from catalogue.selectors.visible import visible_api_keys, visible_users
from catalogue.services.api_keys import check_api_key, create_api_key, revoke_api_key

admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin, ModelAdmin):
    """The six roles are reset by every migration; other groups are an installation's own."""


@admin.register(User)
class UserAdmin(DjangoUserAdmin, HistoryAdmin):
    visible = staticmethod(visible_users)
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ["username", "first_name", "last_name", "company", "roles", "is_active", "last_login"]
    list_filter = ["groups", ("company", VisibleChoices), "is_active"]
    autocomplete_fields = ["company", "accounts"]
    readonly_fields = ["last_login", "date_joined"]
    filter_horizontal = ["groups"]
    fieldsets = [
        (None, {"fields": ["username", "password", ("first_name", "last_name"), "email"]}),
        ("Reach: a company with all its accounts, or single accounts", {"fields": ["company", "accounts"]}),
        ("Roles", {"fields": ["is_active", "is_staff", "is_superuser", "groups"]}),
        ("Dates", {"fields": [("last_login", "date_joined")]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "usable_password", "password1", "password2", "company", "accounts"]})
    ]

    @admin.display(description="roles")
    def roles(self, user: User) -> str:
        return ", ".join(group.name for group in user.groups.all())

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("groups")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = super().get_readonly_fields(request, obj)
        return fields if request.user.is_superuser else [*fields, "is_superuser"]

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        if db_field.name == "groups":
            options["queryset"] = groups_to_give(self.person(request))
        return super().formfield_for_manytomany(db_field, request, **options)


class ApiKeyForm(forms.ModelForm):
    scopes = forms.MultipleChoiceField(choices=Scope.choices, widget=UnfoldAdminCheckboxSelectMultipleWidget)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors:
            try:
                check_api_key(company=data["company"], account=data["account"], scopes=data["scopes"])
            except BillingError as refusal:
                raise ValidationError(refusal.sentence) from refusal
        return data


@admin.register(ApiKey)
class ApiKeyAdmin(HistoryAdmin):
    visible = staticmethod(visible_api_keys)
    form = ApiKeyForm
    list_display = ["name", "prefix", "company", "account", "scope_list", "expires_at", "revoked_at"]
    list_filter = [("company", VisibleChoices), ("revoked_at", admin.EmptyFieldListFilter)]
    search_fields = ["name", "prefix"]
    autocomplete_fields = ["company", "account"]
    actions = ["revoke"]

    @admin.display(description="scopes")
    def scope_list(self, key: ApiKey) -> str:
        return ", ".join(key.scopes)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ["name", "company", "account", "scopes", "expires_at"]
        return [("name", "prefix"), ("company", "account"), "scopes", ("expires_at", "revoked_at")]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("catalogue.change_apikey")

    def save_model(self, request: HttpRequest, obj: ApiKey, form: Any, change: bool) -> None:
        key, text = create_api_key(**form.cleaned_data)
        obj.pk, obj.prefix = key.pk, key.prefix
        messages.warning(request, f"Copy the key now, it is never shown again: {text}")

    @admin.action(description="Revoke the selected keys", permissions=["revoke"])
    def revoke(self, request: HttpRequest, keys: QuerySet[ApiKey]) -> None:
        for key in keys:
            revoke_api_key(key=key, revoked_at=now())
        messages.success(request, f"{len(keys)} revoked: programs that use them are refused from now on.")
