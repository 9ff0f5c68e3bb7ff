"""app_users: one row for each user of the auth server that this service has seen"""

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """The schema's name is checked by app/config.py to be a plain identifier."""
    schema: str = op.get_context().opts["auth_db_schema"]
    op.execute(f"""
        CREATE TABLE app_users (
            id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
            user_id text NOT NULL UNIQUE REFERENCES {schema}."user" (id) ON DELETE CASCADE,
            email text NOT NULL,
            name text NOT NULL,
            created_at timestamptz NOT NULL DEFAULT now(),
            updated_at timestamptz NOT NULL DEFAULT now()
        )
    """)


def downgrade() -> None:
    """Forgets every app user."""
    op.execute("DROP TABLE app_users")
