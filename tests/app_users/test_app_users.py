"""The backend's row for each person: one, up to date, and gone with the person."""

from concurrent.futures import ThreadPoolExecutor

from stack.eventually import eventually
from stack.leases import outlast_leases
from stack.refusal import assert_refused
from stack.target import Stack, literal
from stack.visitors import ApiClient, Person, Visitor


def _rows(stack: Stack, user: str) -> list[dict[str, str]]:
    return stack.sql(f"SELECT id, email, name FROM app_users WHERE user_id = {literal(user)}")


LOCKS = "FROM pg_locks WHERE relation = 'app_users'::regclass"
HELD = f"SELECT 1 {LOCKS} AND mode = 'ShareRowExclusiveLock' AND granted"
# Until five have looked, found no row and want to write: else the first would be done before the second looks.
HOLD = f"""DO $$ BEGIN
  LOCK TABLE app_users IN SHARE ROW EXCLUSIVE MODE;
  FOR look IN 1..400 LOOP
    EXIT WHEN (SELECT count(*) {LOCKS} AND NOT granted) >= 5;
    PERFORM pg_sleep(0.05);
  END LOOP;
END $$"""


def test_fifty_racing_first_requests_make_one_row(stack: Stack, client: ApiClient, person: Person) -> None:
    """From six devices: requests of one session share a check, those of several meet in the table."""
    user = client.sign_up(person).json()["user"]["id"]
    devices = [client, *(ApiClient(stack) for _ in range(5))]
    for device in devices[1:]:
        device.sign_in(person).raise_for_status()
    assert _rows(stack, user) == []

    with ThreadPoolExecutor(51) as pool:
        held = pool.submit(stack.sql, HOLD)
        eventually(lambda: stack.sql(HELD), within_seconds=15)
        asked = [pool.submit(ApiClient(stack, token=devices[n % 6].token).me) for n in range(50)]
        answers = [request.result() for request in asked]
        held.result()

    assert [answer.status_code for answer in answers] == [200] * 50
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len(_rows(stack, user)) == 1


def test_a_deleted_person_takes_the_row_and_the_sessions_along(stack: Stack, visitor: Visitor, person: Person) -> None:
    user = visitor.sign_up(person).json()["user"]["id"]
    visitor.api("POST", "/notes", json={"text": "mine"}).raise_for_status()

    stack.sql(f'DELETE FROM "user" WHERE id = {literal(user)}')

    assert _rows(stack, user) == []
    outlast_leases()
    assert_refused(visitor.me(), 401)
    assert_refused(visitor.session(), 401)
    assert _rows(stack, user) == []


def test_whoever_takes_the_address_of_a_deleted_person_gets_none_of_their_data(stack: Stack, person: Person) -> None:
    first, second = ApiClient(stack), ApiClient(stack)
    user = first.sign_up(person).json()["user"]["id"]
    old = first.me().json()
    first.api("POST", "/notes", json={"text": "of the first"}).raise_for_status()
    stack.sql(f'DELETE FROM "user" WHERE id = {literal(user)}')

    second.sign_up(person).raise_for_status()

    new = second.me().json()
    assert new["id"] != old["id"]
    assert new["userId"] != old["userId"]
    assert second.api("GET", "/notes").json()["notes"] == []
    outlast_leases()
    assert_refused(first.me(), 401)


def test_a_changed_name_reaches_the_row_at_the_next_request(stack: Stack, visitor: Visitor, person: Person) -> None:
    user = visitor.sign_up(person).json()["user"]["id"]
    before = visitor.me().json()

    visitor.auth("POST", "/update-user", json={"name": "Grace Hopper"}).raise_for_status()

    after = visitor.me().json()
    assert (after["id"], after["name"]) == (before["id"], "Grace Hopper")
    assert after["createdAt"] == before["createdAt"]
    assert [row["name"] for row in _rows(stack, user)] == ["Grace Hopper"]


def test_an_address_changed_by_sql_reaches_the_row(stack: Stack, client: ApiClient, person: Person) -> None:
    user = client.sign_up(person).json()["user"]["id"]
    client.me().raise_for_status()
    moved = Person().email

    stack.sql(f'UPDATE "user" SET email = {literal(moved)}, "updatedAt" = now() WHERE id = {literal(user)}')

    outlast_leases()
    assert client.me().json()["email"] == moved
    assert [row["email"] for row in _rows(stack, user)] == [moved]


def test_two_people_may_trade_addresses(stack: Stack) -> None:
    people = [Person(), Person()]
    clients = [ApiClient(stack), ApiClient(stack)]
    users = [client.sign_up(who).json()["user"]["id"] for client, who in zip(clients, people, strict=True)]
    for client in clients:
        client.me().raise_for_status()

    for user, email in (
        (users[0], "in-between-" + people[0].email),
        (users[1], people[0].email),
        (users[0], people[1].email),
    ):
        stack.sql(f'UPDATE "user" SET email = {literal(email)}, "updatedAt" = now() WHERE id = {literal(user)}')

    outlast_leases()
    assert [client.me().json()["email"] for client in clients] == [people[1].email, people[0].email]


def test_an_unchanged_person_costs_no_write(stack: Stack, client: ApiClient, person: Person) -> None:
    user = client.sign_up(person).json()["user"]["id"]
    client.me().raise_for_status()
    version = f"SELECT xmin::text, updated_at FROM app_users WHERE user_id = {literal(user)}"
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
