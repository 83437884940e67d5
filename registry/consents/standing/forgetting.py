"""What makes the databases forget a standing by themselves: triggers on every fact.

On PostgreSQL a fact waits for whoever is working out the standing of its
participant, so that none is written from what was known before it.
"""

from collections.abc import Iterator
from string import Template

from sqlalchemy import DDL, MetaData, event

_OWN = "NEW.participant_id"
_OF_CONSENT = "(SELECT participant_id FROM consent WHERE id = NEW.consent_id)"
_OF_WITHDRAWAL = "(SELECT participant_id FROM withdrawal WHERE id = NEW.withdrawal_id)"

#: Each table of facts, and whose standing a new row changes.
FACTS: dict[str, tuple[str, ...]] = {
    "consent": (_OWN,),
    "consent_answer": (_OF_CONSENT,),
    "consent_signatory": (_OF_CONSENT,),
    "consent_proof": (_OF_CONSENT,),
    "consent_check": (_OF_CONSENT,),
    "consent_information": (_OWN,),
    "withdrawal": (_OWN,),
    "withdrawal_use": (_OF_WITHDRAWAL,),
    "withdrawal_item": (_OF_WITHDRAWAL,),
    "withdrawal_project": (_OF_WITHDRAWAL,),
    "participant_history": (_OWN, "NEW.merged_into_id"),
    "participant_majority": (_OWN,),
}

#: Everybody who signed any version of a form.
_SIGNERS = (
    "SELECT consent.participant_id FROM consent "
    "JOIN consent_template ON consent_template.id = consent.template_id "
    "WHERE consent_template.code = NEW.code"
)


_SQLITE = Template(
    "CREATE TRIGGER $name AFTER $when "
    "BEGIN DELETE FROM consent_standing WHERE participant_id IN ($whose); END"
)
_POSTGRESQL_FUNCTION = Template(
    "CREATE OR REPLACE FUNCTION $name() RETURNS trigger LANGUAGE plpgsql AS "
    "$$$$ BEGIN PERFORM 1 FROM participant WHERE id IN ($whose) FOR KEY SHARE; "
    "DELETE FROM consent_standing WHERE participant_id IN ($whose); RETURN NULL; END $$$$"
)
#: A form has any number of signers: nobody writes standings meanwhile.
_POSTGRESQL_FORM = Template(
    "CREATE OR REPLACE FUNCTION $name() RETURNS trigger LANGUAGE plpgsql AS "
    "$$$$ BEGIN LOCK TABLE consent_standing IN SHARE ROW EXCLUSIVE MODE; "
    "DELETE FROM consent_standing WHERE participant_id IN ($whose); RETURN NULL; END $$$$"
)
_POSTGRESQL = Template("CREATE TRIGGER $name AFTER $when FOR EACH ROW EXECUTE FUNCTION $function()")

_FORM = "consent_template_forgets_standing"


def _name(table: str) -> str:
    return f"{table}_forgets_standing"


def _of_people() -> Iterator[tuple[str, str, str]]:
    """Each trigger's name, when it goes off, and whose standing it forgets."""
    for table, whose in FACTS.items():
        yield _name(table), f"INSERT ON {table}", ", ".join(whose)
    yield _name("participant"), "UPDATE OF adult_from ON participant", "NEW.id"


def _sqlite() -> Iterator[str]:
    for name, when, whose in _of_people():
        yield _SQLITE.substitute(name=name, when=when, whose=whose)
    yield _SQLITE.substitute(name=_FORM, when="UPDATE ON consent_template", whose=_SIGNERS)
    new = "new_consent_template_forgets_standing"
    yield _SQLITE.substitute(name=new, when="INSERT ON consent_template", whose=_SIGNERS)


def _postgresql() -> Iterator[str]:
    for name, when, whose in _of_people():
        yield _POSTGRESQL_FUNCTION.substitute(name=name, whose=whose)
        yield _POSTGRESQL.substitute(name=name, when=when, function=name)
    yield _POSTGRESQL_FORM.substitute(name=_FORM, whose=_SIGNERS)
    when = "INSERT OR UPDATE ON consent_template"
    yield _POSTGRESQL.substitute(name=_FORM, when=when, function=_FORM)


def trigger_statements(dialect: str) -> list[str]:
    """The statements that make the database forget on `dialect`."""
    return list(_sqlite() if dialect == "sqlite" else _postgresql())


def enforce(metadata: MetaData) -> None:
    """Make every creation of the tables bring the triggers, once all the tables are there."""
    for dialect in ("sqlite", "postgresql"):
        for statement in trigger_statements(dialect):
            ddl = DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]
            event.listen(metadata, "after_create", ddl.execute_if(dialect=dialect))
