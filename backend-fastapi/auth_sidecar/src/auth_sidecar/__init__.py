"""Who is behind this request? FastAPI dependencies that ask the auth server. See README.md."""

from auth_sidecar.check_result import LoadAppUser
from auth_sidecar.errors import (
    AuthError,
    AuthServerUnavailable,
    BannedUser,
    ConfigurationError,
    ConnectedServiceError,
    ConnectionRevoked,
    CrossSiteRequest,
    EmailNotVerified,
    InvalidOrigin,
    InvalidToken,
    LifespanNotRun,
    MissingOrNullOrigin,
    NotConnected,
    OldTokenRefused,
    RequirementNotMet,
    SecondFactorRequired,
    ServiceUnavailable,
    ServiceUnknown,
    SessionExpired,
    SessionNotFresh,
    SessionRequired,
    Unauthenticated,
    UserUnknown,
)
from auth_sidecar.identity import Identity, Session, User
from auth_sidecar.metrics import Metrics
from auth_sidecar.requests.dependencies import (
    CurrentIdentity,
    CurrentUser,
    OptionalUser,
    current_app_user,
    current_identity,
    current_user,
    on_session_end,
    optional_user,
)
from auth_sidecar.requests.guard import Guard, require
from auth_sidecar.requests.openapi import document_requirements
from auth_sidecar.requests.rendering import ErrorBody, auth_responses, render_auth_error
from auth_sidecar.requirements import Requirement
from auth_sidecar.settings import SidecarSettings
from auth_sidecar.sidecar import AuthSidecar

__all__ = [
    "AuthError",
    "AuthServerUnavailable",
    "AuthSidecar",
    "BannedUser",
    "ConfigurationError",
    "ConnectedServiceError",
    "ConnectionRevoked",
    "CrossSiteRequest",
    "CurrentIdentity",
    "CurrentUser",
    "EmailNotVerified",
    "ErrorBody",
    "Guard",
    "Identity",
    "InvalidOrigin",
    "InvalidToken",
    "LifespanNotRun",
    "LoadAppUser",
    "Metrics",
    "MissingOrNullOrigin",
    "NotConnected",
    "OldTokenRefused",
    "OptionalUser",
    "Requirement",
    "RequirementNotMet",
    "SecondFactorRequired",
    "ServiceUnavailable",
    "ServiceUnknown",
    "Session",
    "SessionExpired",
    "SessionNotFresh",
    "SessionRequired",
    "SidecarSettings",
    "Unauthenticated",
    "User",
    "UserUnknown",
    "auth_responses",
    "current_app_user",
    "current_identity",
    "current_user",
    "document_requirements",
    "on_session_end",
    "optional_user",
    "render_auth_error",
    "require",
]
