"""The settings: panels in Discord, made from what each capability decides."""

from bot.i18n.marks import N_
from demo.page.visit import Visit
from demo.pressing import reply_to
from demo.scenes import scene, task
from demo.telling import Telling


@scene(95, N_("The settings"))
async def settings(telling: Telling) -> None:
    key = telling.person("builder")
    builder, staff = telling.world.members[key], telling.world.channels["staff"]
    overview = reply_to(await builder.slash(staff, "settings"))
    telling.tell(N_("{name} runs /settings. Everything about the server is decided here."), name=telling.name(key))
    telling.quote(overview)
    await telling.picture("settings", N_("The overview of the settings"), "builder", overview)
    welcome = reply_to(await builder.slash(staff, "settings", section="welcome"))
    telling.tell(N_("One section, with its menus, switches and forms. Every change can be undone."))
    telling.quote(welcome)
    await telling.picture("settings-welcome", N_("The panel of the welcome’s settings"), "builder", welcome)


@task(
    "builder",
    10,
    N_("Open `/settings`"),
    hint=N_("Type / in the message field, choose the command and press Enter."),
    channel="staff",
)
async def open_settings(visit: Visit) -> bool:
    return visit.ran("settings")


@task(
    "builder",
    20,
    N_("Change something in a panel"),
    hint=N_("The welcome’s purpose, for example: the panel in #bienvenue follows."),
    channel="staff",
)
async def change_setting(visit: Visit) -> bool:
    return len(visit.settings_so_far()) > 1


@task(
    "builder",
    30,
    N_("Undo it in the **History**"),
    hint=N_("Every change is kept with who, when, before and after."),
    channel="staff",
)
async def undo_setting(visit: Visit) -> bool:
    before = visit.settings_so_far()
    return len(before) > 2 and before[-1] in before[:-1]


@task(
    "builder",
    40,
    N_("Add a group: `/groups`, then **Manage**"),
    hint=N_("A role that could harm the server is refused, with the reason."),
    channel="staff",
)
async def manage_groups(visit: Visit) -> bool:
    return visit.ran("groups")
