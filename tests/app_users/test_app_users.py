"""The backend's row for each user: one, up to date, and deleted with the user."""

from concurrent.futures import ThreadPoolExecutor

from stack.refusal import assert_refused
from stack.target import Stack, literal
from stack.users import change_email, delete_user, first_requests_racing, sign_up
from stack.visitors import ApiClient, User, Visitor


def _rows(stack: Stack, user_id: str) -> list[dict[str, str]]:
    return stack.sql(f"SELECT id, email, name FROM app_users WHERE user_id = {literal(user_id)}")


def test_fifty_racing_first_requests_make_one_row(stack: Stack, client: ApiClient, user: User) -> None:
    """From six devices: requests of one session share a check, those of several meet in the table."""
    user_id = sign_up(client, user)
    devices = [client, *(ApiClient(stack) for _ in range(5))]
    for device in devices[1:]:
        device.sign_in(user).raise_for_status()
    assert _rows(stack, user_id) == []

    clients = [ApiClient(stack, token=devices[n % 6].token) for n in range(50)]
    with ThreadPoolExecutor(50) as pool, first_requests_racing(stack, writers=5):
        sent = [pool.submit(client.me) for client in clients]
        first = [request.result() for request in sent]
    # Five hold all connections of the pool until the table is free: on a slow machine the others wait for less.
    responses = [
        client.me() if response.status_code == 503 and "retry-after" in response.headers else response
        for client, response in zip(clients, first, strict=True)
    ]

    assert 200 in [response.status_code for response in first]
    assert [response.status_code for response in responses] == [200] * 50
    assert len({response.json()["id"] for response in responses}) == 1
    assert len(_rows(stack, user_id)) == 1


def test_a_deleted_user_takes_the_row_and_the_sessions_along(stack: Stack, visitor: Visitor, user: User) -> None:
    user_id = sign_up(visitor, user)
    visitor.api("POST", "/notes", json={"text": "mine"}).raise_for_status()

    delete_user(stack, user_id)

    assert _rows(stack, user_id) == []
    stack.settle()
    assert_refused(visitor.me(), 401)
    assert_refused(visitor.session(), 401)
    assert _rows(stack, user_id) == []


def test_whoever_takes_the_address_of_a_deleted_user_gets_none_of_their_data(stack: Stack, user: User) -> None:
    first, second = ApiClient(stack), ApiClient(stack)
    user_id = sign_up(first, user)
    old = first.me().json()
    first.api("POST", "/notes", json={"text": "of the first"}).raise_for_status()
    delete_user(stack, user_id)

    second.sign_up(user).raise_for_status()

    new = second.me().json()
    assert new["id"] != old["id"]
    assert new["userId"] != old["userId"]
    assert second.api("GET", "/notes").json()["notes"] == []
    stack.settle()
    assert_refused(first.me(), 401)


def test_a_changed_name_reaches_the_row_at_the_next_request(stack: Stack, visitor: Visitor, user: User) -> None:
    user_id = sign_up(visitor, user)
    before = visitor.me().json()

    visitor.auth("POST", "/update-user", json={"name": "Grace Hopper"}).raise_for_status()

    after = visitor.me().json()
    assert (after["id"], after["name"]) == (before["id"], "Grace Hopper")
    assert after["createdAt"] == before["createdAt"]
    assert [row["name"] for row in _rows(stack, user_id)] == ["Grace Hopper"]


def test_an_address_changed_by_sql_reaches_the_row(stack: Stack, client: ApiClient, user: User) -> None:
    user_id = sign_up(client, user)
    client.me().raise_for_status()
    moved = User().email

    change_email(stack, user_id, moved)

    stack.settle()
    assert client.me().json()["email"] == moved
    assert [row["email"] for row in _rows(stack, user_id)] == [moved]


def test_two_users_may_trade_addresses(stack: Stack) -> None:
    users = [User(), User()]
    clients = [ApiClient(stack), ApiClient(stack)]
    user_ids = [sign_up(client, who) for client, who in zip(clients, users, strict=True)]
    for client in clients:
        client.me().raise_for_status()

    for user_id, email in (
        (user_ids[0], "in-between-" + users[0].email),
        (user_ids[1], users[0].email),
        (user_ids[0], users[1].email),
    ):
        change_email(stack, user_id, email)

    stack.settle()
    assert [client.me().json()["email"] for client in clients] == [users[1].email, users[0].email]


def test_an_unchanged_user_costs_no_write(stack: Stack, client: ApiClient, user: User) -> None:
    user_id = sign_up(client, user)
    client.me().raise_for_status()
    version = f"SELECT xmin::text, updated_at FROM app_users WHERE user_id = {literal(user_id)}"
    before = stack.sql(version)

    client.me().raise_for_status()

    assert stack.sql(version) == before


def test_the_backends_role_can_read_no_session_and_no_password(stack: Stack) -> None:
    (row,) = stack.sql(
        "SELECT has_table_privilege('backend', 'session', 'SELECT') AS session, "
        "has_any_column_privilege('backend', 'session', 'SELECT') AS session_column, "
        "has_any_column_privilege('backend', 'account', 'SELECT') AS account, "
        "has_any_column_privilege('backend', 'verification', 'SELECT') AS verification, "
        "has_column_privilege('backend', '\"user\"', 'email', 'SELECT') AS email, "
        "has_any_column_privilege('backend', '\"user\"', 'UPDATE') AS change, "
        "has_column_privilege('backend', '\"user\"', 'id', 'SELECT') AS id"
    )

    assert [name for name, allowed in row.items() if allowed] == ["id"]
