"""What keeps quantities conserved even if the program is wrong: triggers of both databases.

An entry follows the one before it without a gap and adds its change to that
balance; the sample carries the last balance and no other number.
"""

from sqlalchemy import DDL, Table, event

_SQLITE = (
    """
    CREATE TRIGGER quantity_entry_conserved BEFORE INSERT ON quantity_entry
    WHEN NEW.seq <> 1 + coalesce(
        (SELECT max(seq) FROM quantity_entry WHERE sample_id = NEW.sample_id), 0)
    OR NEW.balance <> NEW.delta + coalesce(
        (SELECT balance FROM quantity_entry WHERE sample_id = NEW.sample_id
         ORDER BY seq DESC LIMIT 1), 0)
    BEGIN SELECT RAISE(ABORT, 'quantity_entry is not conserved'); END
    """,
    """
    CREATE TRIGGER quantity_entry_carried AFTER INSERT ON quantity_entry
    BEGIN UPDATE sample SET remaining =
        (SELECT balance FROM quantity_entry WHERE sample_id = NEW.sample_id
         ORDER BY seq DESC LIMIT 1)
    WHERE id = NEW.sample_id; END
    """,
    """
    CREATE TRIGGER sample_begins_empty BEFORE INSERT ON sample WHEN NEW.remaining <> 0
    BEGIN SELECT RAISE(ABORT, 'sample.remaining comes from the ledger'); END
    """,
    """
    CREATE TRIGGER sample_remaining_is_ledger BEFORE UPDATE OF remaining ON sample
    WHEN NEW.remaining <> coalesce(
        (SELECT balance FROM quantity_entry WHERE sample_id = NEW.id
         ORDER BY seq DESC LIMIT 1), 0)
    BEGIN SELECT RAISE(ABORT, 'sample.remaining comes from the ledger'); END
    """,
)

_POSTGRESQL = (
    """
    CREATE FUNCTION quantity_entry_conserved() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE previous record;
    BEGIN
        SELECT seq, balance INTO previous FROM quantity_entry
        WHERE sample_id = NEW.sample_id ORDER BY seq DESC LIMIT 1;
        IF NEW.seq <> 1 + coalesce(previous.seq, 0)
        OR NEW.balance <> NEW.delta + coalesce(previous.balance, 0) THEN
            RAISE EXCEPTION 'quantity_entry is not conserved' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER quantity_entry_conserved BEFORE INSERT ON quantity_entry
    FOR EACH ROW EXECUTE FUNCTION quantity_entry_conserved()
    """,
    """
    CREATE FUNCTION quantity_entry_carried() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE sample SET remaining =
            (SELECT balance FROM quantity_entry WHERE sample_id = NEW.sample_id
             ORDER BY seq DESC LIMIT 1)
        WHERE id = NEW.sample_id;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER quantity_entry_carried AFTER INSERT ON quantity_entry
    FOR EACH ROW EXECUTE FUNCTION quantity_entry_carried()
    """,
    """
    CREATE FUNCTION sample_remaining_is_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.remaining <> coalesce(
            (SELECT balance FROM quantity_entry WHERE sample_id = NEW.id
             ORDER BY seq DESC LIMIT 1), 0) THEN
            RAISE EXCEPTION 'sample.remaining comes from the ledger'
            USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER sample_remaining_is_ledger BEFORE INSERT OR UPDATE OF remaining ON sample
    FOR EACH ROW EXECUTE FUNCTION sample_remaining_is_ledger()
    """,
)


def trigger_statements(dialect: str) -> list[str]:
    """The statements that enforce the ledger on `dialect`, for metadata and migrations."""
    statements = _SQLITE if dialect == "sqlite" else _POSTGRESQL
    return [" ".join(statement.split()) for statement in statements]


def enforce(ledger: Table) -> None:
    """Make every creation of the ledger's table, which follows the samples', bring the triggers."""
    for dialect in ("sqlite", "postgresql"):
        for statement in trigger_statements(dialect):
            ddl = DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]
            event.listen(ledger, "after_create", ddl.execute_if(dialect=dialect))
