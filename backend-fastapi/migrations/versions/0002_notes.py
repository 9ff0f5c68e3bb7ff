"""notes: the feature to copy"""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """The index is the order of the list, so that a page costs the same at any depth."""
    op.execute("""
        CREATE TABLE notes (
            id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
            app_user_id uuid NOT NULL REFERENCES app_users (id) ON DELETE CASCADE,
            text text NOT NULL CHECK (char_length(text) BETWEEN 1 AND 2000),
            created_at timestamptz NOT NULL DEFAULT now()
        )
    """)
    op.execute("CREATE INDEX notes_of_app_user ON notes (app_user_id, created_at DESC, id DESC)")


def downgrade() -> None:
    """Deletes every note."""
    op.execute("DROP TABLE notes")
