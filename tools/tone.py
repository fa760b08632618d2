"""How texts may speak, and how French speaks to one member. The catalogue check refuses what is found here.

The rules are the house's: fact, reason, next step; no feigned emotion; in French, *tu* or *vous* as the server chose,
and nothing that agrees in gender with the reader.
"""

import re
import unicodedata
from collections.abc import Iterator

FAMILIAR = re.compile(r"\b(?:tu|te|ton|ta|tes|toi|tiens?|tiennes?)\b|\bt’\w", re.IGNORECASE)
"""Pronouns and possessives of the second person singular."""

_IMPERATIVES = """
    accepte active adresse ajoute aide annule appuie apprends arrête attends change cherche choisis clique colle
    commence complète confirme connecte consulte contacte continue copie corrige coche crée décris découvre demande
    dis donne écoute écris envoie essaie évite explique fais ferme finis garde indique installe laisse lance lis
    mets modifie nomme note ouvre parle partage passe patiente pense poste précise préfère prends présente préviens
    propose publie quitte raccourcis raconte rappelle recharge recommence redemande réessaie refuse regarde rejoins
    relis remercie remplace remplis rends renvoie réponds reprends retire reviens rouvre saisis sélectionne sers
    signale sois suis supprime tape télécharge termine touche trouve utilise va valide vérifie viens vois vote
"""
IMPERATIVES = frozenset(_IMPERATIVES.split())
"""Verbs with which a text tells one member what to do."""
_OPENS_A_CLAUSE = r"(?:^|[.!?:;»\n>#-]\s*|\*(?=\w)|,\s|\b(?:puis|et|ou|alors|sinon)\s)"
_COMMAND = re.compile(_OPENS_A_CLAUSE + r"(?:n[e’]\s?)?(?P<verb>[a-zà-ÿ]+)", re.IGNORECASE)

# What may follow "tu es": words that are the same for everyone.
_EPICENE_WORDS = """
    à au aux en dans sur sous chez de du d ici là la le les l un une membre membres libre responsable propriétaire
    personne quelqu ce cette ton ta votre pas plus déjà encore bien toujours maintenant entre par avec sans
"""
_EPICENE = frozenset(_EPICENE_WORDS.split())
_BEING = re.compile(
    r"\b(?:(?:tu|vous)\s+(?:n’)?(?:es|étais|seras|serais|êtes|étiez|serez|seriez)|sois|soyez|te voilà|vous voilà)\s+"
    r"(?:(?:pas|plus|déjà|bien|encore|toujours|maintenant)\s+)*(?P<word>[\wà-ÿ]+)",
    re.IGNORECASE,
)
_HAVING_BECOME = re.compile(r"\b(?:tu t’es|vous vous êtes)\s+(?P<word>[\wà-ÿ]+)", re.IGNORECASE)
_DONE_TO_READER = re.compile(
    r"\b(?:t’|vous )(?:a|ont|avait|avaient|aura|auront)\s+(?P<word>[\wà-ÿ]+[éisut])\b", re.IGNORECASE
)
# Their object is indirect, so they agree with nobody.
_INDIRECT_WORDS = "dit écrit répondu donné parlé envoyé souhaité attribué retiré proposé permis fait été"
_INDIRECT = frozenset(_INDIRECT_WORDS.split())
_GENDERED = re.compile(r"\b(?:bienvenue?s? à toi|bienvenus?|inscrite?|connectée?)\b", re.IGNORECASE)

_BANNED = {
    "en": re.compile(r"\b(?:oops|whoops|simply|just|sorry|unfortunately|glad|excited|happy to|obviously)\b", re.I),
    "fr": re.compile(
        r"\b(?:oups|simplement|juste|désolée?s?|malheureusement|hélas|ravie?s?|contente?s? de|évidemment)\b", re.I
    ),
}
_SHOUT = re.compile(r"[!?]\s*!|!\s*[!?]")


def speaks_to_one(text: str) -> bool:
    """Whether a French text says *tu*: by a pronoun, a possessive or an imperative."""
    return bool(FAMILIAR.search(text)) or any(m["verb"].lower() in IMPERATIVES for m in _COMMAND.finditer(text))


def faults(text: str, language: str) -> Iterator[str]:
    """What the house's tone refuses in a text, each as a short phrase."""
    if banned := _BANNED[language].search(text):
        yield f"says {banned.group()!r}"
    if _SHOUT.search(text):
        yield "shouts"
    if sum(unicodedata.category(char) == "So" and char not in "©®™°" for char in text) > 1:
        yield "has more than one emoji"
    if language == "fr":
        yield from (f"agrees with the reader: {found!r}" for found in agreements(text))


def agreements(text: str) -> Iterator[str]:
    """Words of a French text that would have to agree in gender with whoever reads it."""
    for found in _BEING.finditer(text):
        if found["word"].lower() not in _EPICENE:
            yield found.group()
    yield from (found.group() for found in _HAVING_BECOME.finditer(text))
    for found in _DONE_TO_READER.finditer(text):
        if found["word"].lower() not in _INDIRECT:
            yield found.group()
    yield from (found.group() for found in _GENDERED.finditer(text))
