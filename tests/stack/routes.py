"""Every route of both services, for tests that try something with all of them."""

AUTH_POST = (
    "/sign-up/email",
    "/sign-in/email",
    "/sign-in/social",
    "/sign-out",
    "/update-session",
    "/update-user",
    "/change-email",
    "/change-password",
    "/delete-user",
    "/request-password-reset",
    "/reset-password",
    "/verify-password",
    "/send-verification-email",
    "/verify-email/confirm",
    "/change-email/confirm",
    "/revoke-session",
    "/revoke-sessions",
    "/revoke-other-sessions",
    "/devices/revoke-others",
    "/link-social",
    "/unlink-account",
    "/refresh-token",
    "/get-access-token",
)
AUTH_GET = (
    "/session",
    "/features",
    "/get-session",
    "/callback/nobody",
    "/delete-user/callback",
    "/reset-password/token",
    "/verify-email",
    "/list-sessions",
    "/devices",
    "/activity",
    "/admin/activity",
    "/list-accounts",
    "/account-info",
    "/ok",
    "/error",
)
API_POST = ("/notes",)
API_GET = ("/me", "/notes")
ALL_POST = [
    *(("auth-server", f"/api/auth{path}") for path in AUTH_POST),
    *(("backend", f"/api{path}") for path in API_POST),
]
ALL_GET = [
    *(("auth-server", f"/api/auth{path}") for path in AUTH_GET),
    *(("backend", f"/api{path}") for path in API_GET),
]
