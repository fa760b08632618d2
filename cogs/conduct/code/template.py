"""The code of conduct every server starts with: in force until its team publishes one of its own.

Reviewed in both languages: plain words, each article says what is expected and what is not, none claims what the bot
does not do. The French says neither *tu* nor *vous*, so that it fits every server as it stands.
"""

from bot.contracts.conduct import Article, Severity
from cogs.conduct.code.rules.document import Document

_LOW, _MEDIUM, _HIGH = Severity.LOW, Severity.MEDIUM, Severity.HIGH


def _article(number: int, severity: Severity, en: tuple[str, str], fr: tuple[str, str]) -> Article:
    return Article(number, {"en": en[0], "fr": fr[0]}, {"en": en[1], "fr": fr[1]}, severity)


PREAMBLE = {
    "en": "This code says what everyone can expect here, and what happens when it is not kept. It holds in every "
    "channel, written or spoken, and in private messages between members that begin here.",
    "fr": "Ce code dit ce que chaque personne peut attendre ici, et ce qui se passe quand il n’est pas respecté. "
    "Il vaut dans tous les salons, à l’écrit comme à l’oral, et dans les messages privés entre membres qui naissent "
    "ici.",
}
ENDING = {
    "en": "This code grows with the community: the team welcomes proposals.",
    "fr": "Ce code évolue avec la communauté : l’équipe accueille les propositions.",
}
ARTICLES = (
    _article(
        1,
        _MEDIUM,
        (
            "Respect people",
            "Disagree with ideas, never attack the person. No insults, no mockery that goes on after somebody asked "
            "for it to stop, no ganging up on one member.",
        ),
        (
            "Respecter les personnes",
            "On peut contester une idée, jamais s’en prendre à quelqu’un. Pas d’insultes, pas de moqueries qui "
            "continuent quand on a demandé d’arrêter, pas d’acharnement à plusieurs contre une personne.",
        ),
    ),
    _article(
        2,
        _HIGH,
        (
            "No harassment, no hate",
            "No threats, no stalking, no sexual harassment. Nobody is attacked or demeaned for their origin, religion, "
            "gender, sexual orientation, disability, age or body.",
        ),
        (
            "Ni harcèlement, ni haine",
            "Pas de menaces, pas de traque, pas de harcèlement sexuel. Aucune personne n’est attaquée ou rabaissée "
            "pour son origine, sa religion, son genre, son orientation sexuelle, son handicap, son âge ou son corps.",
        ),
    ),
    _article(
        3,
        _MEDIUM,
        (
            "Ask before private contact",
            "Ask before writing to somebody in private. No advances they did not invite. A no, or no answer, ends it.",
        ),
        (
            "Demander avant de contacter en privé",
            "On demande avant d’écrire à quelqu’un en privé. Pas d’avances que l’autre n’a pas souhaitées. "
            "Un refus, ou une absence de réponse, met fin à l’échange.",
        ),
    ),
    _article(
        4,
        _LOW,
        (
            "Leave room for others",
            "Post where it belongs, and once. No floods of messages or mentions. Advertising and recruiting, in "
            "channels or in private, need the team’s agreement first.",
        ),
        (
            "Laisser de la place",
            "Chaque message dans le bon salon, une seule fois. Pas d’avalanche de messages ou de mentions. Publicité "
            "et recrutement, en salon comme en privé, demandent d’abord l’accord de l’équipe.",
        ),
    ),
    _article(
        5,
        _MEDIUM,
        (
            "Keep it fit for everyone",
            "No pornography, no gore, nothing made to shock. Say so before a difficult subject, and hide such pictures "
            "behind a spoiler.",
        ),
        (
            "Des contenus pour tout le monde",
            "Pas de pornographie, pas de violence crue, rien qui soit fait pour choquer. Avant un sujet difficile, on "
            "prévient, et l’on masque les images avec une balise spoiler.",
        ),
    ),
    _article(
        6,
        _HIGH,
        (
            "Keep private things private",
            "Share nobody’s name, address, workplace, picture or private messages without their consent, even if they "
            "can be found elsewhere. Record no voice chat unless everyone in it agrees.",
        ),
        (
            "Garder privé ce qui est privé",
            "Le nom, l’adresse, le lieu de travail, l’image et les messages privés d’une personne ne se partagent "
            "qu’avec son accord, même s’ils se trouvent ailleurs. Aucun enregistrement en vocal sans l’accord de "
            "toutes les personnes présentes.",
        ),
    ),
    _article(
        7,
        _MEDIUM,
        (
            "Speak as yourself",
            "A nickname is fine. Posing as somebody else, as the team or as an organisation is not. No second account "
            "to get around a decision.",
        ),
        (
            "Parler en son nom",
            "Un pseudonyme convient. Se faire passer pour quelqu’un d’autre, pour l’équipe ou pour une organisation, "
            "non. Pas de second compte pour contourner une décision.",
        ),
    ),
    _article(
        8,
        _HIGH,
        (
            "Nothing illegal, nothing harmful",
            "No scams, no malware, no stolen accounts or pirated copies, no links that deceive. Sexual content "
            "involving minors means an immediate ban and a report to Discord.",
        ),
        (
            "Rien d’illégal, rien de nuisible",
            "Ni arnaque, ni logiciel malveillant, ni compte volé, ni copie illégale, ni lien trompeur. Un contenu "
            "sexuel impliquant des mineurs entraîne un bannissement immédiat et un signalement à Discord.",
        ),
    ),
    _article(
        9,
        _LOW,
        (
            "Tell the team, do not take revenge",
            "When something is wrong, report it: the team keeps it confidential. Nobody is blamed for a report made in "
            "good faith; a false one, made to harm, breaks this code.",
        ),
        (
            "Prévenir l’équipe, ne pas se faire justice",
            "Quand quelque chose ne va pas, un signalement à l’équipe reste confidentiel. Un signalement de bonne foi "
            "n’est jamais reproché ; un faux, fait pour nuire, enfreint ce code.",
        ),
    ),
    _article(
        10,
        _MEDIUM,
        (
            "Decisions and appeals",
            "The team may remove messages, warn, suspend or exclude, in proportion to what happened and to what came "
            "before. Each decision names the article and the reason, and can be appealed; wherever the team has more "
            "than one person, somebody else looks at it again. Getting around a decision breaks this code.",
        ),
        (
            "Décisions et recours",
            "L’équipe peut retirer un message, avertir, suspendre ou exclure, en proportion de ce qui s’est passé et "
            "de ce qui a précédé. Chaque décision nomme l’article et la raison, et peut être contestée ; dès que "
            "l’équipe compte plus d’une personne, quelqu’un d’autre la réexamine. Contourner une décision enfreint "
            "ce code.",
        ),
    ),
)
TEMPLATE = Document(PREAMBLE, ARTICLES, ENDING)
