<%
    written = (upgrades or "") + (downgrades or "")
%>"""${message}"""

% if "sa." in written:
import sqlalchemy as sa
% endif
from alembic import op
% if imports:
${imports}
% endif

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    """Also runs under the version before this one: add first, remove a version later."""
    ${upgrades if upgrades else "op.execute(\"\"\"...\"\"\")"}


def downgrade() -> None:
    """..."""
    ${downgrades if downgrades else "op.execute(\"\"\"...\"\"\")"}
