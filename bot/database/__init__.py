"""Engines, declarative base and the unit of work."""

from bot.database.base import Base, RowId, Snowflake, UTCDateTime
from bot.database.member_data import MemberData, NoMemberData, OnErase
from bot.database.session import Database, Transaction

__all__ = [
    "Base",
    "Database",
    "MemberData",
    "NoMemberData",
    "OnErase",
    "RowId",
    "Snowflake",
    "Transaction",
    "UTCDateTime",
]
