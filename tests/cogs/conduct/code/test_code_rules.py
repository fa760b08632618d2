"""What a code of conduct is, on plain values."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.contracts.conduct import Article, Severity
from cogs.conduct.code.rules.choosing import find, matching
from cogs.conduct.code.rules.difference import COSTLIEST, Fate, Kind, changes, fates, words
from cogs.conduct.code.rules.document import ARTICLES, Document
from cogs.conduct.code.rules.pages import PAGE, page_of, pages, passages, whole_text
from cogs.conduct.code.rules.refusals import (
    ArticleIsInForce,
    NothingWritten,
    TextTooLong,
    TooManyArticles,
    UnknownArticle,
)
from cogs.conduct.code.screens.comparing import marked
from cogs.conduct.code.template import TEMPLATE
from tests.loop_lag import loop_lag


def article(number=0, title="Be kind", text="To each other.", severity=Severity.LOW, **french):
    titles, texts = {"en": title}, {"en": text}
    if french:
        titles["fr"], texts["fr"] = french["titre"], french["texte"]
    return Article(number, titles, texts, severity)


def shown(pieces):
    """The words in a form a test can be read in: [-gone-] and [+new+]."""
    signs = {Kind.SAME: "{}", Kind.ADDED: "[+{}+]", Kind.REMOVED: "[-{}-]"}
    return "".join(signs[piece.kind].format(piece.text) for piece in pieces)


def test_the_template_is_whole_in_both_languages_and_one_page_for_a_newcomer():
    assert [one.number for one in TEMPLATE.articles] == list(range(1, 11))
    assert set(Severity) == {one.severity for one in TEMPLATE.articles}
    for language in ("en", "fr"):
        assert len(pages(passages(TEMPLATE, language))) == 1
        assert all(one.titles[language] and one.texts[language] for one in TEMPLATE.articles)
    french = whole_text(TEMPLATE, "fr")
    assert not re.search(r"\b(tu|te|toi|ton|ta|tes|vous|votre|vos)\b|·|\(e\)", french, re.IGNORECASE)
    assert Document.restored(TEMPLATE.stored()) == TEMPLATE


def test_what_is_too_long_or_empty_or_one_too_many_is_refused_and_nothing_is_lost():
    full = Document().joined_by([article()] * ARTICLES)
    assert [one.number for one in full.articles] == list(range(1, 26))
    for refusal, edit in (
        (TooManyArticles, lambda: full.with_article(article(26))),
        (TextTooLong, lambda: full.with_article(article(3, text="x" * 1001))),
        (TextTooLong, lambda: full.with_article(article(3, title="x" * 81))),
        (TextTooLong, lambda: full.with_passages(preamble={"fr": "x" * 3001}, ending={})),
        (NothingWritten, lambda: full.with_article(article(3, text="   "))),
        (UnknownArticle, lambda: full.moved(77, 1)),
        (ArticleIsInForce, lambda: full.without(3, full)),
    ):
        with pytest.raises(refusal):
            edit()
    assert full.without(3, Document()).next_number == 26, "its number is not taken by another"


def test_an_article_in_one_language_is_read_in_the_other():
    assert article(4).title("fr") == "Be kind"
    assert "Be kind" in whole_text(Document(articles=(article(4),)), "fr")
    assert "withdrawn" not in whole_text(Document().with_article(article(1)).withdrawing(1, withdrawn=True), "en")


def test_words_are_compared_one_by_one_whatever_the_spaces():
    assert shown(words("No spam, please.", "No spam,  no ads, please.")) == "No spam,  [+no ads, +]please."
    assert shown(words("Be kind.", "")) == "[-Be kind.-]"
    assert words("", "") == []


def test_a_difference_reads_as_struck_and_underlined_words_and_its_own_marks_are_harmless():
    pieces = words("No **spam** @everyone.\n\nNo ads.", "No flood @everyone.\n\nNo ads at all.")
    text = marked(pieces)
    assert "~~\\*\\*spam\\*\\*~~ __flood__" in text
    assert "@everyone" not in text, "nothing that looks like a mention"
    assert "~~ads.~~ __ads at all.__" in text


async def test_a_text_written_to_be_slow_is_compared_at_once():
    slow = " ".join("ab"[(n * n // 3) % 2] for n in range(1500))
    async with loop_lag():
        assert [piece.kind for piece in words(slow, slow[::-1])] == [Kind.REMOVED, Kind.ADDED]
        assert len(words(slow[:200], slow[1:201])) > 2, "a short one word by word"
    assert COSTLIEST < 100_000


def test_each_kind_of_change_is_named():
    before = Document().joined_by([article(title=name) for name in "abcde"])
    after = before.withdrawing(2, withdrawn=True).with_article(article(3, title="c", severity=Severity.HIGH))
    after = after.with_article(article(6, title="f")).moved(5, -4)
    assert fates(before, after) == {5: Fate.MOVED, 2: Fate.WITHDRAWN, 3: Fate.CHANGED, 6: Fate.NEW}
    assert fates(after, after.withdrawing(2, withdrawn=False)) == {2: Fate.PUT_BACK}
    (change,) = [one for one in changes(before, after, "en") if getattr(one, "number", 0) == 3]
    assert change.severities == (Severity.LOW, Severity.HIGH)
    assert changes(before, before, "en") == []


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=1000)


@settings(max_examples=60)
@given(st.lists(TEXTS.filter(str.strip), max_size=12), st.integers(300, PAGE))
def test_pages_hold_every_word_in_order_and_none_is_too_long(parts, longest):
    made = pages(parts, longest)
    assert all(len(page) <= longest for page in made)
    assert "".join("".join(made).split()) == "".join("".join(parts).split())


@settings(max_examples=60)
@given(TEXTS, TEXTS)
def test_a_difference_holds_both_texts_whole(before, after):
    pieces = words(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind is not Kind.REMOVED) == after
    kept = "".join(piece.text for piece in pieces if piece.kind is not Kind.ADDED)
    assert kept.split() == before.split()


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(1, 25), st.integers(-30, 30)), max_size=10))
def test_moving_articles_changes_their_order_and_nothing_else(moves):
    document = Document().joined_by([article(title=str(n)) for n in range(25)])
    moved = document
    for number, by in moves:
        moved = moved.moved(number, by)
    assert sorted(moved.articles, key=lambda one: one.number) == list(document.articles)


def test_an_article_is_found_on_its_page():
    document = Document().joined_by([article(title=f"n{n}", text="word " * 180) for n in range(1, 9)])
    made = pages(passages(document, "en"))
    assert len(made) > 2
    for one in document.articles:
        assert f"**{one.number}. " in made[page_of(document, "en", one.number)]


@pytest.mark.parametrize(
    ("written", "number"),
    [("4", 4), (" 10 ", 10), ("4. Leave room for others", 4), ("harcèlement", 2), ("private contact", 3)],
)
def test_an_article_is_named_by_its_number_or_by_its_title_in_any_language(written, number):
    assert find(TEMPLATE.articles, written).number == number


@pytest.mark.parametrize("written", ["0", "11", "99999999", "", "  ", "private", "no such thing", "-1", "4x"])
def test_what_names_no_single_article_is_said_to_be_none(written):
    with pytest.raises(UnknownArticle):
        find(TEMPLATE.articles, written)


def test_the_list_is_narrowed_as_one_types():
    assert [one.number for one in matching(TEMPLATE.articles, "1")] == [1, 10]
    assert [one.number for one in matching(TEMPLATE.articles, "priv")] == [3, 6]
    withdrawn = TEMPLATE.withdrawing(6, withdrawn=True)
    assert [one.number for one in matching(withdrawn.articles, "priv")] == [3]
