"""`alembic revision --autogenerate`: proposes what the models say, and nothing about anybody else's tables."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from psycopg.sql import SQL, Identifier

from tests.support.database import HERE, Database, Server, run_python
from tests.support.warm_python import WARM

AUTH_TABLES = (
    'CREATE TABLE {s}.session (id text PRIMARY KEY, "userId" text NOT NULL REFERENCES {s}."user" (id))',
    "CREATE TABLE {s}.account (id text PRIMARY KEY, password text)",
    'CREATE TABLE {s}.verification (id text PRIMARY KEY); CREATE INDEX "verification_x" ON {s}.verification (id)',
    'CREATE TABLE {s}."rateLimit" (id text PRIMARY KEY, key text UNIQUE)',
    "CREATE TABLE {s}.auth_migration (name text PRIMARY KEY)",
    "CREATE TABLE {s}.passkey (id text PRIMARY KEY)",
)
MODEL = """
import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import Base


class Task(Base):
    __tablename__ = "tasks"
    __table_args__ = (CheckConstraint("char_length(title) > 0", name="title"), Index(None, "title"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    app_user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_users.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(unique=True)
    details: Mapped[dict[str, str]] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
"""


@pytest.fixture
def alembic(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """In a copy of the service, to which models may be added."""
    for folder in ("app", "migrations"):
        shutil.copytree(HERE / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(HERE / "pyproject.toml", tmp_path)

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return WARM.run("alembic", *arguments, cwd=tmp_path, env=environment)

    return run


def migrated(postgres: Server, schema: str) -> Database:
    """With the auth server's tables as it leaves them."""
    database = postgres.new_database(schema)
    with database.admin() as admin:
        for table in AUTH_TABLES:
            admin.execute(SQL(table).format(s=Identifier(schema)))
    database.migrate(AUTH_DB_SCHEMA=schema).check_returncode()
    return database


@pytest.mark.parametrize("schema", ["public", "auth"])
@pytest.mark.parametrize("has_one_role", [True, False])
def test_nothing_is_proposed_for_what_is_there(postgres: Server, schema: str, has_one_role: bool) -> None:
    database = migrated(postgres, schema)
    variables = {"BACKEND_DATABASE_URL": database.admin_url} if has_one_role else database.variables

    ended = run_python("-m", "alembic", "check", **variables, AUTH_DB_SCHEMA=schema)

    assert (ended.returncode, ended.stdout.strip()) == (0, "No new upgrade operations detected."), ended.stderr


def test_models_of_several_metadata_are_all_seen(
    postgres: Server, alembic: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    database = migrated(postgres, "public")
    environment = tmp_path / "migrations" / "env.py"
    source = environment.read_text()
    other = 'other = MetaData()\nTable("others", other, Column("id", Integer, primary_key=True))\n'
    imports = "from sqlalchemy import Column, Integer, MetaData, Table\n"
    source = source.replace("from app.users", f"{imports}from app.users").replace("MODELS = (", f"{other}MODELS = (")
    for beginning in ('"target_metadata": ', "only_tables_of("):
        source = source.replace(f"{beginning}Base.metadata", f"{beginning}[Base.metadata, other]")
    environment.write_text(source)
    with database.admin() as admin:
        admin.execute("CREATE TABLE app.others (id integer PRIMARY KEY, gone text)")

    ended = alembic("check", BACKEND_DATABASE_URL=database.admin_url)

    proposed = "[('remove_column', None, 'others', Column('gone', TEXT(), table=<others>))]"
    assert ended.stdout.strip() == f"FAILED: New upgrade operations detected: {proposed}", ended.stderr


def test_no_file_is_written_for_nothing(
    postgres: Server, alembic: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    database = migrated(postgres, "public")
    before = sorted(tmp_path.glob("migrations/versions/*.py"))

    ended = alembic("revision", "--autogenerate", "-m", "x", **database.variables)

    assert (ended.returncode, sorted(tmp_path.glob("migrations/versions/*.py"))) == (0, before), ended.stderr


def test_a_table_of_ones_own_is_generated_and_its_file_runs(
    postgres: Server, alembic: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    database = migrated(postgres, "public")
    (tmp_path / "app" / "tasks").mkdir()
    (tmp_path / "app" / "tasks" / "model.py").write_text(MODEL)
    environment = tmp_path / "migrations" / "env.py"
    source = environment.read_text().replace("from app.users", "from app.tasks import model as tasks\nfrom app.users")
    environment.write_text(source.replace("MODELS = (", "MODELS = (tasks.Task, "))

    made = alembic(*("revision", "--autogenerate", "--rev-id", "9001", "-m", "tasks"), **database.variables)
    assert made.returncode == 0, made.stderr
    (file,) = tmp_path.glob("migrations/versions/9001_*.py")
    written = file.read_text()

    assert "tasks_app_user_id_fkey" in written
    others = ("app_users_user_id_fkey", "session", "account", "verification", "rateLimit", "passkey", "drop_column")
    assert [other for other in others if other in written] == []
    for check in (["check"], ["format", "--check"]):
        command = [sys.executable, "-m", "ruff", *check, str(file)]
        linted = subprocess.run(command, cwd=tmp_path, env={}, capture_output=True, text=True, check=False)  # noqa: S603 - ourselves
        assert linted.returncode == 0, linted.stdout
    for command in (("upgrade", "head"), ("check",), ("downgrade", "-1"), ("upgrade", "head")):
        ended = alembic(*command, **database.variables)
        assert ended.returncode == 0, ended.stderr
    constraints = database.rows(SQL("SELECT conname FROM pg_constraint WHERE conrelid = 'tasks'::regclass"))
    names = {row["conname"] for row in constraints}
    assert {"tasks_pkey", "tasks_title_check", "tasks_title_key", "tasks_app_user_id_fkey"} <= names
    assert database.rows(SQL("SELECT count(*) AS sessions FROM session")) == [{"sessions": 0}]


def test_the_sql_can_be_read_before_it_is_run(postgres: Server) -> None:
    database = postgres.new_database()
    written = run_python(
        *("-m", "alembic", "upgrade", "head", "--sql"), BACKEND_DATABASE_URL="postgres://nobody@127.0.0.1:9/nothing"
    )
    assert written.returncode == 0, written.stderr

    with database.admin() as admin:
        admin.execute(written.stdout.encode())

    ended = run_python("-m", "alembic", "check", BACKEND_DATABASE_URL=database.admin_url)
    assert ended.returncode == 0, ended.stderr
