"""Long copy: the code of conduct every server starts with, and a line for each step."""

from bot.i18n.marks import N_
from cogs.onboarding.rules import Step

# The French text says neither tu nor vous, so that it fits every server as it stands.
CODE_EN = """\
**1. Respect people.** Disagree with ideas, never attack the person. No harassment, no hate, no sexual advances.

**2. Keep private things private.** Share nobody’s name, picture, messages or address without their consent.

**3. Stay on topic and leave room.** Post where it belongs. No spam, no advertising nobody asked for.

**4. Keep it safe for everyone.** Nothing illegal, no shocking pictures, no malware, no links meant to deceive.

**5. Help the team help you.** If something is wrong, tell the moderators instead of taking revenge.

Moderators may remove messages and, if need be, exclude people for a time or for good. They give the reason, and you \
can ask for a second look."""

CODE_FR = """\
**1. Respecter les personnes.** On peut contester une idée, jamais s’en prendre à quelqu’un. Ni harcèlement, ni haine, \
ni avances sexuelles.

**2. Garder privé ce qui est privé.** Le nom, l’image, les messages et l’adresse d’une personne ne se partagent \
qu’avec son accord.

**3. Rester dans le sujet et laisser de la place.** Chaque message dans le bon salon. Ni spam, ni publicité \
non sollicitée.

**4. Un lieu sûr pour tout le monde.** Rien d’illégal, pas d’images choquantes, ni logiciel malveillant, \
ni lien trompeur.

**5. Aider l’équipe à aider.** Quand quelque chose ne va pas, l’équipe de modération doit le savoir : personne ne se \
fait justice.

L’équipe de modération peut retirer des messages et, s’il le faut, exclure quelqu’un pour un temps ou définitivement. \
Elle donne la raison, et chaque personne peut demander un second regard."""

STEP_HINTS = {
    Step.SCREENING: N_("Accept them in the notice Discord shows at the bottom of the window."),
    Step.CODE: N_("One minute to read. It is the same for everyone here."),
    Step.GROUPS: N_("Choose what interests you and see the channels that go with it."),
    Step.INTRODUCTION: N_("A line or two, so that people know what to talk to you about."),
    Step.FIRST_MESSAGE: N_("Write in any channel. A question is a fine beginning."),
    Step.FIRST_REPLY: N_("Somebody from here answers your introduction or your first message."),
}
