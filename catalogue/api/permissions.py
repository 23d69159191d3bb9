"""What a key's scopes and a person's roles allow."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from catalogue.models import ApiKey


class HasScope(BasePermission):
    """A key needs the view's `scope`; a person the view's `permission`, which roles give."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if isinstance(request.auth, ApiKey):
            self.message = f"This key lacks the scope {view.scope}; ask for a key that has it."
            return view.scope in request.auth.scopes
        if request.user is None:
            return False
        self.message = f"None of your roles gives the right {view.permission}."
        return request.user.is_authenticated and request.user.has_perm(view.permission)
