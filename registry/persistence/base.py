"""The base class of each database's tables."""

from sqlalchemy import BigInteger, Integer, MetaData
from sqlalchemy.orm import DeclarativeBase

_NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

#: A surrogate key: 64 bits on PostgreSQL, the row id on SQLite.
BigId = BigInteger().with_variant(Integer, "sqlite")


class RegistryModel(DeclarativeBase):
    """A table of the registry: pseudonymous, no identifying column ever."""

    metadata = MetaData(naming_convention=_NAMING, info={"bind_key": "registry"})


class VaultModel(DeclarativeBase):
    """A table of the identity vault: identifying values sealed, never in clear."""

    metadata = MetaData(naming_convention=_NAMING, info={"bind_key": "identity"})
