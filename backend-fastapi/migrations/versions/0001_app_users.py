"""app_users: one row for each user of the auth server that this service has seen"""

from alembic import op
from sqlalchemy import text

ID_TYPE = text("""
    SELECT CASE a.atttypid WHEN 'pg_catalog.uuid'::pg_catalog.regtype THEN 'uuid' ELSE 'text' END
    FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = :schema AND c.relname = :name AND a.attname = 'id'
""")

revision = "0001"
down_revision = None


def upgrade() -> None:
    """The names are checked by app/config.py to be plain identifiers."""
    schema: str = op.get_context().opts["auth_db_schema"]
    name: str = op.get_context().opts["auth_user_table"]
    # The auth server adopts tables of other tools, whose ids may be uuid; a foreign key needs the same type.
    # `--sql` asks no database: there it is text, as on tables that the auth server made.
    is_offline = op.get_context().as_sql
    id_type: str = (
        "text" if is_offline else op.get_bind().execute(ID_TYPE, {"schema": schema, "name": name}).scalar_one()
    )
    op.execute(f"""
        CREATE TABLE app_users (
            id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
            user_id {id_type} NOT NULL UNIQUE REFERENCES {schema}."{name}" (id) ON DELETE CASCADE,
            email text NOT NULL,
            name text NOT NULL,
            created_at timestamptz NOT NULL DEFAULT now(),
            updated_at timestamptz NOT NULL DEFAULT now()
        )
    """)


def downgrade() -> None:
    """Forgets every app user."""
    op.execute("DROP TABLE app_users")
