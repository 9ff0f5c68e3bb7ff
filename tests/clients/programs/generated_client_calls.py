"""A client that openapi-python-client has generated, as its user would write it. Prints one JSON line."""

import json
import sys
from datetime import UTC, datetime
from uuid import uuid4

from backend_client import AuthenticatedClient
from backend_client.api.notes import create_note, delete_note, list_notes
from backend_client.api.users import read_me
from backend_client.models import ErrorBody, Me, NewNote, NotePage, NoteResponse


def code_of(response: object) -> str:
    return response.code if isinstance(response, ErrorBody) else repr(response)


def calls(client: AuthenticatedClient, stranger: AuthenticatedClient) -> dict[str, object]:
    me = read_me.sync(client=client)
    assert isinstance(me, Me)
    assert isinstance(me.created_at, datetime)
    first = create_note.sync(client=client, body=NewNote(text="first"))
    second = create_note.sync(client=client, body=NewNote(text="second"))
    assert isinstance(first, NoteResponse)
    assert isinstance(second, NoteResponse)
    page = list_notes.sync(client=client, limit=1)
    assert isinstance(page, NotePage)
    assert isinstance(page.next_cursor, str)
    rest = list_notes.sync(client=client, limit=1, cursor=page.next_cursor)
    assert isinstance(rest, NotePage)
    deleted = delete_note.sync_detailed(first.id, client=client)
    return {
        "email": me.email,
        "age_seconds": (datetime.now(UTC) - me.created_at).total_seconds(),
        "pages": [[note.text for note in page.notes], [note.text for note in rest.notes]],
        "last_cursor": rest.next_cursor,
        "deleted": deleted.status_code,
        "unknown": code_of(delete_note.sync(uuid4(), client=client)),
        "empty": code_of(create_note.sync(client=client, body=NewNote(text=""))),
        "stranger": code_of(read_me.sync(client=stranger)),
    }


def main() -> None:
    given = json.loads(sys.argv[1])
    url = given["url"]
    with AuthenticatedClient(url, token=given["token"]) as client, AuthenticatedClient(url, token="forged") as stranger:
        print(json.dumps(calls(client, stranger)))


if __name__ == "__main__":
    main()
