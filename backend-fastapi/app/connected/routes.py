"""GET /api/connected-service: the example of a route that acts at another service for the user."""

from fastapi import APIRouter, Request

from app.connected.service import SERVICE, ExternalAccount, fetch_account
from app.errors import NotFound
from app.responses import not_found_response, protected_responses
from auth_sidecar import AuthSidecar, CurrentUser, ErrorBody


def example_router(url: str | None) -> APIRouter:
    """`url` says about the user's account at the service, in JSON: CONNECTED_EXAMPLE_URL. None: everything is a 404."""
    router = APIRouter(
        prefix="/api/connected-service",
        tags=["connected service"],
        responses={
            **protected_responses,
            **not_found_response,
            409: {"model": ErrorBody, "description": "The service has to be connected first, or again."},
            503: {
                **protected_responses[503],
                "description": "The auth server, the database or the service is unavailable.",
            },
        },
    )

    @router.get(
        "", summary="Show my account at the connected service", response_description="The account at that service."
    )
    async def read_external_account(request: Request, user: CurrentUser) -> ExternalAccount:
        """Asks the service with my token, which no browser sees. I connect it on my account page."""
        if url is None:
            raise NotFound
        auth: AuthSidecar = request.app.state.auth
        return await fetch_account(url, await auth.access_token(user, SERVICE))

    return router
