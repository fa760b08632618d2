"""How the imitated Discord writes its objects as JSON."""

from typing import Any

from .clock import iso
from .models import CATEGORY, DM, FORUM, VOICE, AuditEntry, Channel, Guild, Invite, Member, Message, Role, User

JSON = dict[str, Any]


def user(u: User) -> JSON:
    """A user as others see it."""
    payload: JSON = {
        "id": str(u.id),
        "username": u.name,
        "discriminator": "0000" if u.bot else "0",
        "global_name": u.global_name,
        "avatar": None,
        "public_flags": 0,
        "avatar_decoration_data": None,
        "primary_guild": None,
    }
    if u.bot:
        payload["bot"] = True
    return payload


def member(m: Member, *, with_user: bool = True) -> JSON:
    """A member; inside a message the user is left out, because the author is beside it."""
    until = m.communication_disabled_until
    payload: JSON = {
        "roles": [str(role_id) for role_id in sorted(m.roles)],
        "nick": m.nick,
        "avatar": None,
        "banner": None,
        "joined_at": iso(m.joined_at),
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "pending": m.pending,
        "flags": m.flags,
        "communication_disabled_until": iso(until) if until else None,
    }
    if with_user:
        payload["user"] = user(m.user)
    return payload


def role(r: Role) -> JSON:
    """A role."""
    return {
        "id": str(r.id),
        "name": r.name,
        "color": r.color,
        "colors": {"primary_color": r.color, "secondary_color": None, "tertiary_color": None},
        "hoist": r.hoist,
        "icon": None,
        "unicode_emoji": None,
        "position": r.position,
        "permissions": str(r.permissions),
        "managed": r.managed,
        "mentionable": r.mentionable,
        "flags": 0,
    }


def channel(c: Channel) -> JSON:
    """A channel, thread or DM."""
    last = str(c.last_message_id) if c.last_message_id else None
    if c.kind == DM:
        return {"id": str(c.id), "type": DM, "last_message_id": last, "recipients": [user(u) for u in c.recipients]}
    if c.thread is not None:
        return _thread(c, last)
    payload: JSON = {
        "id": str(c.id),
        "type": c.kind,
        "guild_id": str(c.guild_id),
        "name": c.name,
        "position": c.position,
        "parent_id": str(c.parent_id) if c.parent_id else None,
        "topic": c.topic,
        "nsfw": c.nsfw,
        "rate_limit_per_user": c.slowmode,
        "flags": 0,
        "permission_overwrites": [
            {"id": str(o.id), "type": o.kind, "allow": str(o.allow), "deny": str(o.deny)} for o in c.overwrites.values()
        ],
    }
    if c.kind != CATEGORY:
        payload["last_message_id"] = last
    if c.kind == VOICE:
        payload |= {"bitrate": 64000, "user_limit": 0, "rtc_region": None}
    if c.kind == FORUM:
        payload |= {"available_tags": c.tags, "default_reaction_emoji": None, "default_forum_layout": 0}
    return payload


def _thread(c: Channel, last: str | None) -> JSON:
    t = c.thread
    assert t is not None
    return {
        "id": str(c.id),
        "type": c.kind,
        "guild_id": str(c.guild_id),
        "parent_id": str(c.parent_id),
        "owner_id": str(t.owner_id),
        "name": c.name,
        "last_message_id": last,
        "rate_limit_per_user": c.slowmode,
        "message_count": t.message_count,
        "total_message_sent": t.message_count,
        "member_count": min(len(t.members), 50),
        "applied_tags": [str(tag) for tag in t.applied_tags],
        "flags": 0,
        "thread_metadata": {
            "archived": t.archived,
            "locked": t.locked,
            "invitable": t.invitable,
            "auto_archive_duration": t.auto_archive_duration,
            "archive_timestamp": iso(t.archive_timestamp),
            "create_timestamp": iso(t.created_at),
        },
    }


def thread_member(c: Channel, user_id: int) -> JSON:
    """Somebody's membership of a thread."""
    assert c.thread is not None
    return {
        "id": str(c.id),
        "user_id": str(user_id),
        "join_timestamp": iso(c.thread.members[user_id]),
        "flags": 1,
    }


def emoji(text: str) -> JSON:
    """A reaction's emoji from the form it has in a path: "👍" or "name:id"."""
    name, _, emoji_id = text.partition(":")
    return {"id": emoji_id or None, "name": name}


def message(m: Message, viewer_id: int, referenced: Message | None = None) -> JSON:
    """A message as REST gives it; the gateway adds guild and member."""
    payload: JSON = {
        "id": str(m.id),
        "channel_id": str(m.channel_id),
        "author": user(m.author),
        "content": m.content,
        "timestamp": iso(m.timestamp),
        "edited_timestamp": iso(m.edited_at) if m.edited_at else None,
        "tts": m.tts,
        "mention_everyone": m.mention_everyone,
        "mentions": [user(u) for u in m.mentions],
        "mention_roles": [str(role_id) for role_id in m.mention_roles],
        "attachments": m.attachments,
        "embeds": m.embeds,
        "components": m.components,
        "pinned": m.pinned,
        "type": m.kind,
        "flags": m.flags,
    }
    if m.reactions:
        payload["reactions"] = [_reaction(text, users, viewer_id) for text, users in m.reactions.items()]
    if m.reference is not None:
        payload["message_reference"] = m.reference
        payload["referenced_message"] = message(referenced, viewer_id) if referenced else None
    if m.nonce is not None:
        payload["nonce"] = m.nonce
    if m.webhook_id is not None:
        payload |= {"webhook_id": str(m.webhook_id), "application_id": str(m.webhook_id)}
    if m.interaction is not None:
        payload["interaction_metadata"] = m.interaction
    return payload


def _reaction(text: str, users: list[int], viewer_id: int) -> JSON:
    return {
        "emoji": emoji(text),
        "count": len(users),
        "count_details": {"normal": len(users), "burst": 0},
        "me": viewer_id in users,
        "me_burst": False,
        "burst_colors": [],
    }


def audit_entry(e: AuditEntry) -> JSON:
    """An entry of the audit log."""
    payload: JSON = {
        "id": str(e.id),
        "action_type": e.action,
        "user_id": str(e.user_id),
        "target_id": str(e.target_id) if e.target_id else None,
    }
    if e.reason:
        payload["reason"] = e.reason
    if e.changes:
        payload["changes"] = e.changes
    if e.options:
        payload["options"] = e.options
    return payload


def invite(i: Invite, g: Guild) -> JSON:
    """An invite with its uses."""
    where = g.channels[i.channel_id]
    return {
        "code": i.code,
        "type": 0,
        "guild": {"id": str(g.id), "name": g.name, "features": g.features},
        "guild_id": str(g.id),
        "channel": {"id": str(where.id), "name": where.name, "type": where.kind},
        "channel_id": str(where.id),
        "inviter": user(i.inviter),
        "created_at": iso(i.created_at),
        "max_age": i.max_age,
        "max_uses": i.max_uses,
        "uses": i.uses,
        "temporary": i.temporary,
    }


def guild(g: Guild) -> JSON:
    """A guild as GET /guilds/{id} gives it."""
    return {
        "id": str(g.id),
        "name": g.name,
        "icon": None,
        "splash": None,
        "discovery_splash": None,
        "description": None,
        "owner_id": str(g.owner_id),
        "region": "deprecated",
        "afk_channel_id": None,
        "afk_timeout": 300,
        "verification_level": 1,
        "default_message_notifications": 1,
        "explicit_content_filter": 0,
        "roles": [role(r) for r in g.roles.values()],
        "emojis": [],
        "stickers": [],
        "features": g.features,
        "mfa_level": 0,
        "application_id": None,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "rules_channel_id": None,
        "public_updates_channel_id": None,
        "safety_alerts_channel_id": None,
        "max_members": 25_000_000,
        "vanity_url_code": None,
        "banner": None,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "preferred_locale": g.locale,
        "nsfw_level": 0,
        "premium_progress_bar_enabled": False,
        "incidents_data": g.incidents,
        **g.settings,
    }


def voice_state(g: Guild, m: Member) -> JSON:
    """Where a member is in voice."""
    return {
        "guild_id": str(g.id),
        "channel_id": str(m.voice_channel) if m.voice_channel else None,
        "user_id": str(m.user.id),
        "member": member(m),
        "session_id": f"voice-{m.user.id}",
        "deaf": False,
        "mute": False,
        "self_deaf": False,
        "self_mute": False,
        "self_video": False,
        "suppress": False,
        "request_to_speak_timestamp": None,
    }
