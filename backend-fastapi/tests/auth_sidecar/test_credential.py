"""How a credential is read and what stands for it, without a service around it."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auth_sidecar.credential import Hash, digest_of, new_salted_hash, read_credential
from auth_sidecar.errors import InvalidToken

TOKENS = st.from_regex(rb"[A-Za-z0-9._~+/=-]{1,120}", fullmatch=True)
COOKIES = st.from_regex(rb"[A-Za-z0-9._~+/=-]{1,120}", fullmatch=True)


@given(TOKENS)
def test_a_bearer_is_read_alike_however_it_is_written(token: bytes) -> None:
    usual = read_credential([(b"host", b"x"), (b"authorization", b"Bearer " + token)])

    assert usual == b"Bearer " + token
    for alias in (b"bearer " + token, b"Bearer  " + token, b" BEARER " + token + b" "):
        assert read_credential([(b"authorization", alias)]) == usual


@pytest.mark.parametrize("prefix", [b"", b"__Secure-"])
@given(value=COOKIES)
def test_a_cookie_is_read_alike_alone_and_among_others(prefix: bytes, value: bytes) -> None:
    pair = prefix + b"better-auth.session_token=" + value

    assert read_credential([(b"cookie", pair)]) == pair
    for line in (b"a=b; " + pair, pair + b"; a=b", b"a=b;" + pair + b" ; c=d"):
        assert read_credential([(b"cookie", line)]) == pair


@pytest.mark.parametrize(
    "value",
    [b"Bearer " + b"x" * 4096, b"Bearer x\n", b"Bearer x y", b"Bearer x,Bearer y", b"Bearer ", b"Bearer \xc3\xbc"],
)
def test_what_is_no_bearer_takes_no_short_way(value: bytes) -> None:
    with pytest.raises(InvalidToken):
        read_credential([(b"authorization", value)])


def test_two_authorization_headers_are_no_credential() -> None:
    with pytest.raises(InvalidToken):
        read_credential([(b"authorization", b"Bearer x"), (b"authorization", b"Bearer x")])


def test_a_cookie_beside_a_bearer_is_read_too() -> None:
    headers = [(b"authorization", b"Bearer x"), (b"cookie", b"better-auth.session_token=y")]

    assert read_credential(headers) == b"Bearer x\nbetter-auth.session_token=y"


def test_each_credential_has_its_digest_which_does_not_contain_it() -> None:
    assert digest_of(b"Bearer x") == digest_of(b"Bearer x")
    assert digest_of(b"Bearer x") != digest_of(b"Bearer y")
    assert len(digest_of(b"Bearer x")) == 32
    assert b"Bearer" not in digest_of(b"Bearer x")


def test_another_process_has_other_digests() -> None:
    program = "from auth_sidecar.credential import digest_of; print(digest_of(b'Bearer x').hex())"
    other = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)  # noqa: S603 - ourselves

    assert other.stdout.strip() != digest_of(b"Bearer x").hex()


def test_a_python_bound_to_fips_hashes_with_what_it_has() -> None:
    def refuse(**_: object) -> Hash:
        raise ValueError("BLAKE2 is not approved")

    first, second = new_salted_hash(refuse), new_salted_hash(refuse)

    first.update(b"Bearer x")
    second.update(b"Bearer x")
    assert len(first.digest()) == 32
    assert first.digest() != second.digest()
