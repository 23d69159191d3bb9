"""Signing in to the portal."""

from django.contrib.auth.views import LoginView
from django.http import HttpRequest

from catalogue.models import User


class SignedInRequest(HttpRequest):
    """A request behind `login_required`."""

    user: User


class SignIn(LoginView):
    """The sign-in page; who is signed in already goes on to the invoices."""

    template_name = "portal/login.html"
    redirect_authenticated_user = True
