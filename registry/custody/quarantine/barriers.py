"""What holds even if the program is wrong: triggers of both databases.

Nothing is lent or taken from a sample in quarantine, and nothing whatever
happens to a sample that was destroyed.
"""

from sqlalchemy import DDL, Table, event

_IN_QUARANTINE = "EXISTS (SELECT 1 FROM quarantine WHERE sample_id = {id} AND closed_at IS NULL)"
_DESTROYED = "EXISTS (SELECT 1 FROM holding WHERE sample_id = {id} AND kind = 'destroyed')"
_LAST_DESTROYED = (
    "(SELECT kind FROM custody_act WHERE sample_id = NEW.sample_id ORDER BY seq DESC LIMIT 1)"
    " = 'destroyed'"
)

#: Table, name of the trigger, before what, when it refuses, and what it says.
_BARRIERS = (
    ("quantity_entry", "quantity_entry_not_from_quarantine", "INSERT",
     f"NEW.reason = 'received_from_parent' AND {_IN_QUARANTINE.format(id='NEW.other_id')}",
     "a sample in quarantine is not divided"),
    ("loan", "loan_not_in_quarantine", "INSERT", _IN_QUARANTINE.format(id="NEW.sample_id"),
     "a sample in quarantine is not lent"),
    ("custody_act", "custody_act_not_after_destruction", "INSERT", _LAST_DESTROYED,
     "a destroyed sample has no further act"),
    ("holding", "holding_destroyed_for_good", "UPDATE", "OLD.kind = 'destroyed'",
     "a destroyed sample has no further holder"),
    ("quantity_entry", "quantity_entry_not_after_destruction", "INSERT",
     _DESTROYED.format(id="NEW.sample_id"), "a destroyed sample holds nothing"),
)  # fmt: skip

_SQLITE = (
    "CREATE TRIGGER {name} BEFORE {verb} ON {table} WHEN {refused} "
    "BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
)
_FUNCTION = (
    "CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "IF {refused} THEN RAISE EXCEPTION '{sentence}' USING ERRCODE = 'check_violation'; END IF; "
    "RETURN NEW; END $$"
)
_POSTGRESQL = (
    "CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
)


def enforce(table: Table) -> None:
    """Make the creation of the table come with its barriers."""
    for of, name, verb, refused, sentence in _BARRIERS:
        if of != table.name:
            continue
        words = {"table": of, "name": name, "verb": verb, "refused": refused, "sentence": sentence}
        for dialect, texts in (("sqlite", (_SQLITE,)), ("postgresql", (_FUNCTION, _POSTGRESQL))):
            for text in texts:
                ddl = DDL(text.format(**words).replace("%", "%%"))  # type: ignore[no-untyped-call]
                event.listen(table, "after_create", ddl.execute_if(dialect=dialect))
