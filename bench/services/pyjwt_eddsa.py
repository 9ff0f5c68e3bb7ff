"""PyJWT with the issuer's public key (EdDSA, Ed25519), read once: better-auth's own default for JWTs."""

from typing import Annotated

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from fastapi import Depends, FastAPI

from pyjwt_bearer import jwt_email
from report import Report, report_for
from settings import setting

app = FastAPI()
KEY = Ed25519PublicKey.from_public_bytes(bytes.fromhex(setting("JWT_PUBLIC_KEY")))
Email = Annotated[str, Depends(jwt_email(KEY, "EdDSA"))]


@app.get("/reports")
async def reports(email: Email) -> Report:
    return report_for(email)
