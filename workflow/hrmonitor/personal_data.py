"""Personal data in a text: which it is and where, what stands in its place, and messages and names of files without it.

One detector a kind, in `DETECTORS`; each gives the places in a text. What is chosen: a date is one of birth only after a word that says so
(dates of service stay); a postcode counts with a house number beside it; a BSN of eight digits only after the word. Any room may import
this: an error message must not quote what a respondent wrote about a person.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from pathlib import PurePosixPath

MASK = "▇▇▇"
# A number with its area code has nine digits or more; years, ranges and counts have fewer.
LEAST_DIGITS = 9
# Regions whose national notation a respondent may write.
REGIONS = ("NL", "BE", "DE")
RENAME = (
    "Names of files come into logs and into the provenance: give it a name that says nothing about a person, such as "
    "vragenlijst_07, also where coding files name it."
)
# Digits that tools put into the names of exports, and years in a row: they are as long as a phone number.
_STAMP = re.compile(
    r"(?<!\d)(?:(?:19|20)\d{2}([-_./ ]?)(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12]\d|3[01])(?:[-_.: T]*(?:[01]\d|2[0-3])(?:[-_.:]?[0-5]\d){1,2})?"
    r"|(?:0?[1-9]|[12]\d|3[01])([-/.])(?:0?[1-9]|1[0-2])\2(?:19|20)\d{2}[-_.: ]*(?:[01]\d|2[0-3])(?:[-_.:][0-5]\d){0,2}"
    r"|(?:(?:19|20)\d{2}[-_/., ]+)+(?:19|20)\d{2})(?!\d)"
)
# A message shows so much of one line, and so much in all; a respondent may have written a megabyte.
LINE, MESSAGE = (700, 300), 8_000
_CHECKSUM = re.compile(r"(\b[0-9a-f]{64}\b)")
Span = tuple[int, int]
# Characters that show nothing, by which an address can be cut in two for programs and for nobody else: those of control and format, what
# encloses a digit (Me), and these.
_NO_WIDTH = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0" + "".join(map(chr, range(0xFE00, 0xFE10))))
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_NUMBER_OF_CONTROL = re.compile(r"\[U\+(?:00[0189][0-9A-F]|007F|D[89A-F][0-9A-F]{2}|FD[DE][0-9A-F]|FFF[EF])\]")
_DASHES = dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-")
# The full stop of Chinese and Japanese, which programs for mail read as a point.
_AS_WRITTEN = _DASHES | {"\u3002": "."}
# What machines number things with, and places on the map: their digits are nobody's phone or BSN.
_UUID = re.compile(
    r"(?<![0-9A-Za-z])(?:[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}|[0-9A-Fa-f]{32}|[0-9A-Fa-f]{40}|[0-9A-Fa-f]{64})(?![0-9A-Za-z])"
)
_DEGREES = r"-?(?:0|[1-9]\d{0,2})\.\d{4,}"
# Two degrees, or one that is no phone number behind the code of a country.
_COORDINATES = re.compile(
    rf"(?<![\d.,+-])(?:{_DEGREES}\s*[,; ]\s*{_DEGREES}(?:\s+-?\d{{1,4}}(?:\.\d+)?){{0,2}}|(?!(?:31|32|49)\.){_DEGREES})(?![\d.])"
)

_LOCAL, _HOST, _LAND = r"\w[\w.+'’-]{0,63}", r"[\w-]{1,63}", r"[^\W\d_]{2,24}(?!\w)"
# "@" as it is, and as the web writes it.
_SIGN = r"(?:@|%40|&#0?64;|&commat;)"
_POINT = r"(?:\s?\.\s?|\s?[(\[{<]\s?(?:dot|punt|\.)\s?[)\]}>]\s?|\s(?:dot|punt)\s)"
_EMAIL = re.compile(
    # As programs know it; at a host without a country; with blanks, where a country says that it is no time or place.
    rf"{_LOCAL}{_SIGN}{_HOST}(?:\.{_HOST}){{1,8}}|(?<!\w){_LOCAL}{_SIGN}[^\W\d_][\w-]{{1,62}}"
    rf"|(?<!\w){_LOCAL}\s?{_SIGN}\s?{_HOST}(?:{_POINT}{_HOST}){{0,7}}{_POINT}{_LAND}"
    # "a name"@host, name@[10.0.0.1]; letter by letter.
    rf'|"[^"\n]{{1,64}}"\s?{_SIGN}\s?{_HOST}(?:\.{_HOST}){{0,8}}|{_LOCAL}{_SIGN}\[[\w.:]{{3,60}}\]'
    r"|(?<!\w)(?:[\w.+-] ){2,40}@(?: [\w.-]){3,60}(?!\w)",
    re.I,
)
# For others and not for programs: name(at)host.nl, name [at] host [dot] nl, name-at-host.nl, name at host dot nl.
_EMAIL_SPELT = re.compile(
    rf"{_LOCAL}\s?[(\[{{<]\s?(?:at|@|apenstaartje)\s?[)\]}}>]\s?{_HOST}(?:{_POINT}{_HOST}){{0,8}}"
    rf"|(?<![\w-])\w[\w.+'’]{{0,63}}?(?:\(a\)|\s?[*_-](?:at|apenstaartje)[*_-]\s?){_HOST}(?:\.{_HOST}){{0,7}}\.{_LAND}"
    rf"|(?<!\w){_LOCAL}\s(?:at|apenstaartje)\s{_HOST}(?:\s(?:dot|punt)\s{_HOST}){{1,8}}",
    re.I,
)
_AT = re.compile(r"[(\[{<*_\s-]\s?(?:at|@|apenstaartje)\s?[)\]}>*_\s-]|\(a\)", re.I)
_SITES = r"(?:linkedin\.com/in|(?:facebook|instagram|twitter|x|tiktok)\.com|snapchat\.com/add|t\.me|wa\.me|bsky\.app/profile)/[\w.%@?=-]{2,80}"
# A profile by its address, at any site that writes "/@" before it, and by "@" alone if there is a digit,
# a point or an underscore in it: "@allen" speaks to everybody (nor is a reference of Markdown or BibTeX one).
_PROFILE = re.compile(
    rf"(?:https?://)?(?:[\w-]{{1,20}}\.)?{_SITES}|(?:[\w-]{{1,63}}\.){{1,4}}[a-z]{{2,24}}/@[\w.]{{2,80}}|(?<!\S)(?<!; )@[a-z]\w{{0,30}}?[_.\d]\w{{1,30}}(?![\w{{-])",
    re.I,
)
# "0 6 1 2 3 4 5 6 7 8", so that no program sees it; and a mobile number with any one sign between its parts.
_DIGIT_BY_DIGIT = re.compile(r"(?<![\w.,-])(?:\+\d|0)(?:[ ./-]\d){8,13}(?![\w-])")
_MOBILE = re.compile(
    r"(?<![\w.,-])(?:06|(?:\+|00)316)([\W_])(?:\d{8}|\d{4}\1\d{4}|\d{2}(?:\1\d{2}){3}|\d(?:\1\d){7}|\d{3}\1\d{3}\1\d{2}|\d{2}\1\d{3}\1\d{3})(?!\d)"
)
_BSN = re.compile(
    r"(?<![\d.,-])(?:\d{9}|\d{4}([ ./_-])\d{2}\1\d{3}|\d{3}([ ./_-])\d{3}\2\d{3}|\d{2}([ ./_-])\d{2}\3\d{2}\3\d{3})(?![.,-]?\d)"
)
# After the word, with signs between the digits, and of eight digits too.
_TOLD_BSN = re.compile(
    r"(?:\bbsn(?![a-z])|burgerservicenummer|sofi-?nummer)\D{0,12}?(\d(?:[\W_]{0,2}\d){7,8})(?!\d)", re.I
)
_IBAN = re.compile(r"(?:(?<![a-z0-9])|(?<=iban))[a-z][ ]?[a-z][ ]?\d[ ]?\d(?=[\W_]{0,2}[a-z0-9])", re.I)
_IBAN_LENGTHS = range(34, 14, -1)
_POSTCODE = r"[1-9]\d{3}(?:[\s.-]?(?!SA|SD|SS)[A-Z]{2}|(?!sa|sd|ss)[a-z]{2})"
_NUMBER = r"\d{1,5}(?:\s?[-/]?\s?(?:hs|bis|ter|[IVX]{1,4}|[A-Za-z])\b|[-/]\d{1,4})?(?!\d)"
_ADDRESS = re.compile(
    rf"(?<!\w){_POSTCODE}(?:\b[\s,;:/#(-]{{0,4}}(?:(?:nr\.?|nummer|huisnummer|no\.?)\s?)?{_NUMBER}|(?<=[A-Z]){_NUMBER})"
    rf"|\b{_NUMBER}\s?[,;/-]?\s{{0,3}}(?:te\s)?{_POSTCODE}\b"
)
# Dutch, English, German and French.
_MONTHS = r"(?:jan|feb|f[ée]v|maart|mrt|mar|mär|apr|avr|mei|may|mai|jun|juin|jul|juil|aug|août|aout|sep|okt|oct|nov|dec|dez|déc)[a-zéäû]{0,7}\.?"
_YEAR = r"(?:(?:19|20)\d{2}|['’]?\d{2})"
_DATE = (
    rf"(?:{_MONTHS}\s?\d{{1,2}}(?:st|nd|rd|th)?,?\s?{_YEAR}|(?:19|20)\d{{2}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th|er|e)?(?:\s?of)?\s?[-/. ]\s?(?:\d{{1,2}}\s?[-/. ]\s?(?:\d{{4}}|\d{{2}})|{_MONTHS}(?:,?\s?(?:van\s|of\s)?|\s?[-/.]\s?){_YEAR})"
    rf"|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)\d{{2}}|(?:19|20)\d{{2}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])|\d{{1,2}}\s?{_MONTHS})(?!\d)"
)
_OF_BIRTH = (
    r"(?:\bgeboren|\bgeb\b\.?|\bgeboorte(?:datum|dag)|\bverjaardag|\bjarig|\bgeburts(?:datum|tag)|\bn[ée]e? le\b|\bnaissance|\bborn|\bd\.?o\.?b\b\.?|\bg\.d\."
    r"|\b(?:date of birth|birth ?date|birthday))"
)
_BIRTH = re.compile(rf"{_OF_BIRTH}\D{{0,40}}?({_DATE})|(?<!\d)({_DATE})[\s,(]{{1,3}}{_OF_BIRTH}", re.I)
_PARTICLES = r"(?:(?:van|von|de|den|der|het|ter|ten|te|la|el|al|in|'t|op)\s{1,3}){0,3}"


def _emails(text: str) -> Iterator[Span]:
    if "@" in text or "%40" in text or "&" in text:
        yield from (match.span() for match in _EMAIL.finditer(text))
    if _AT.search(text):
        yield from (match.span() for match in _EMAIL_SPELT.finditer(text))


def _profiles(text: str) -> Iterator[Span]:
    return (match.span() for match in _PROFILE.finditer(text)) if "/" in text or "@" in text else iter(())


def _ibans(text: str) -> Iterator[Span]:
    """A country, two check digits and what follows, as long as it passes mod 97 (ISO 13616)."""
    for match in _IBAN.finditer(text):
        # Loaded when there is something to look at: every start of Snakemake screens names of files.
        from stdnum import iban

        places = [place for place in range(match.start(), min(len(text), match.start() + 90)) if text[place].isalnum()]
        for length in _IBAN_LENGTHS:
            if len(places) < length:
                continue
            end = places[length - 1] + 1
            if not text[end : end + 1].isalnum() and iban.is_valid("".join(text[place] for place in places[:length])):
                yield match.start(), end
                break


def _bsns(text: str) -> Iterator[Span]:
    """Nine digits that pass the 11-test, apart or not; eight, for which the nought was left out, after the word."""
    for match in _BSN.finditer(text):
        from stdnum.nl import bsn

        if bsn.is_valid(re.sub(r"\D", "", match.group())):
            yield match.span()
    for match in _TOLD_BSN.finditer(text):
        from stdnum.nl import bsn

        if bsn.is_valid(re.sub(r"\D", "", match.group(1)).zfill(9)):
            yield match.span(1)


def _phones(text: str) -> Iterator[Span]:
    if sum(map(str.isdigit, text)) < LEAST_DIGITS:
        return
    yield from (match.span() for match in _DIGIT_BY_DIGIT.finditer(text))
    yield from (match.span() for match in _MOBILE.finditer(text))
    from phonenumbers import PhoneNumberMatcher

    for region in REGIONS:
        for match in PhoneNumberMatcher(text, region, leniency=0):
            if sum(map(str.isdigit, match.raw_string)) >= LEAST_DIGITS and not _STAMP.fullmatch(match.raw_string):
                yield match.start, match.end


def _addresses(text: str) -> Iterator[Span]:
    return (match.span() for match in _ADDRESS.finditer(text))


def _births(text: str) -> Iterator[Span]:
    return (match.span(match.lastindex or 0) for match in _BIRTH.finditer(text))


# In the order in which a hit gets its kind where two detectors see the same.
DETECTORS: dict[str, Callable[[str], Iterator[Span]]] = {
    "e-mail": _emails, "profile": _profiles, "IBAN": _ibans, "date of birth": _births, "address": _addresses,
    "BSN": _bsns, "phone": _phones,
}  # fmt: skip

# What a text must have for any of them to find something in it, as Arrow's regular expressions say it: of most answers a round of
# millions needs to look no further. Nine digits for a phone or a BSN; a postcode; the start of an IBAN; words before a date of birth.
SIGNS = (
    r"(?is)[@/\x00-\x08\x0b\x0c\x0e-\x1f\x{7F}-\x{9F}\x{AD}\x{034F}\x{180E}\x{200B}-\x{200F}\x{2024}\x{2060}-\x{206F}\x{3002}\x{FE00}-\x{10FFFF}]|%40|&(?:#0?64|commat);"
    r"|\[U\+|[(\[{<*_-]\s?(?:at|apenstaartje)\s?[)\]}>*_-]|\(a\)|\s(?:at|apenstaartje)\s.*\s(?:dot|punt)\s|n[ée]e? le|naissance"
    r"|(?:[\p{Nd}\p{No}][^\p{Nd}\p{No}]*){9}|[1-9]\p{Nd}{3}[\s\x{A0}.-]?[a-z]{2}|[a-z].?[a-z].?\p{Nd}.?\p{Nd}"
    r"|geb|born|d\.?o\.?b|b.rth|jarig|verjaardag|g\.d\.|b[sſ]n|burger|[sſ]of."
)


def find(text: str, names: Sequence[str] = (), parts: bool = True) -> list[tuple[int, int, str]]:
    """(start, end, kind) of personal data in `text`; spans that overlap are joined under the first kind.

    `names` are contents of contact fields; with `parts`, a surname or first name written with a capital counts alone.
    """
    plain, places = _as_programs_write(text)
    bare = _without_numbering(plain)
    hits = [
        (places[start], places[end - 1] + 1, kind)
        for kind, detector in DETECTORS.items()
        for start, end in detector(bare)
    ]
    hits += [(places[start], places[end - 1] + 1, "name") for start, end in _names(plain, names, parts)]
    rank = [*DETECTORS, "name"].index
    joined: list[tuple[int, int, str]] = []
    for start, end, kind in sorted(hits, key=lambda hit: hit[0]):
        if joined and start < joined[-1][1]:
            first, last, known = joined[-1]
            joined[-1] = (first, max(last, end), min(known, kind, key=rank))
        else:
            joined.append((start, end, kind))
    return joined


def _as_programs_write(text: str) -> tuple[str, Sequence[int]]:
    """The text with letters, digits, dashes and blanks of any kind as the plain ones, and without what shows nothing; where each letter stood."""
    if text.isascii() and (text.isprintable() or not _CONTROL.search(text)) and "[U+" not in text:
        return text, range(len(text) + 1)
    # Answers have the number of a control character in its place (`readers/characters.py`).
    numbers = {place for match in _NUMBER_OF_CONTROL.finditer(text) for place in range(*match.span())}
    found = [
        (" " if letter.isspace() and letter not in "\n\r\t" else _plain(letter), place)
        for place, letter in enumerate(text)
        if place not in numbers and not _shows_nothing(letter)
    ]
    return "".join(letter for letter, _ in found), [place for _, place in found]


@lru_cache(maxsize=10_000)
def _shows_nothing(letter: str) -> bool:
    return letter in _NO_WIDTH or (
        unicodedata.category(letter) in ("Cc", "Cf", "Cn", "Cs", "Me") and letter not in "\n\r\t"
    )


@lru_cache(maxsize=10_000)
def _plain(letter: str) -> str:
    """The letter, digit or sign that a full-width, small, bold or raised one stands for; any dash as the plain one."""
    same = unicodedata.normalize("NFKC", letter)
    return _AS_WRITTEN.get(letter, same if len(same) == 1 else letter)


def _without_numbering(text: str) -> str:
    """The text, letter for letter, with a sign that no detector looks for in the place of UUIDs and coordinates."""
    for pattern in (_UUID, _COORDINATES):
        text = pattern.sub(lambda match: "\u2588" * len(match.group()), text)
    return text


def mask(text: str, names: Sequence[str] = (), parts: bool = True) -> str:
    """`text` with personal data of every kind and the given names replaced."""
    kept, at = [], 0
    for start, end, _ in find(text, names, parts):
        kept += [text[at:start], MASK]
        at = end
    return "".join([*kept, text[at:]])


@lru_cache(maxsize=100_000)
def _folded(text: str) -> str:
    """Without case and accents, letter for letter, so that places stay."""
    if text.isascii():
        return text.lower()
    return "".join((unicodedata.normalize("NFKD", letter)[0].lower() or letter)[0] for letter in text)


def _names(text: str, names: Sequence[str], parts: bool) -> Iterator[Span]:
    if not names:
        return
    folded = _folded(text)
    for name in names:
        words = _folded(name).split()
        # Most texts hold no name: that is seen without an expression.
        if all(word in folded for word in words):
            sought = r"\s+".join(map(re.escape, words))
            yield from (match.span() for match in re.finditer(rf"(?<!\w){sought}(?!\w)", folded))
        for part in _parts(name) if parts else ():
            if part not in folded:
                continue
            # Initials and particles before a surname go with it.
            before = rf"(?:(?:[a-z]\.\s?){{1,4}}{_PARTICLES})?"
            for match in re.finditer(rf"(?<!\w){before}({re.escape(part)})(?!\w)", folded):
                if text[match.start(1)].isupper():
                    yield match.span()


def _parts(name: str) -> list[str]:
    """First name and surname of what reads as a person's name: words of letters, of which two or more are capitalised."""
    words = name.replace(",", " ").split()
    letters = all(word.replace("-", "").replace("'", "").replace(".", "").isalpha() for word in words)
    if not letters or not 2 <= len(words) <= 6 or sum(word[0].isupper() for word in words) < 2:
        return []
    return [_folded(word) for word in words if len(word) >= 4 and word[0].isupper()]


def in_file_name(path: str, names: Sequence[str] = ()) -> list[str]:
    """The kinds of personal data in the names of a file and its folders, in the order of `DETECTORS`.

    A person's name is known only when it is among `names`, the contents of contact questions.
    """
    found = set()
    for part in PurePosixPath(path).parts:
        # As written, for addresses; with spaces, for names that are joined by underscores. Names are often lower case.
        part = _STAMP.sub("|", part)
        spaced = re.sub(r"[_\-.]+", " ", part.removesuffix(PurePosixPath(part).suffix))
        for text in (part, spaced, spaced.title()):
            found |= {kind for *_, kind in find(text, names)}
    return [kind for kind in (*DETECTORS, "name") if kind in found]


def redacted(message: str) -> str:
    """A message as a person may see it: personal data that it quotes masked, long lines cut in their middle.

    Characters that a terminal or an editor acts on instead of showing them stand as escapes.
    """
    # Cut twice: the cut must not leave half of what would be masked, nor must a megabyte be searched.
    lines = [_cut(_masked(_cut(line, 10)), 1) for line in message.split("\n")]
    text = _visible("\n".join(lines))
    return text if len(text) <= MESSAGE else f"{text[:MESSAGE]} …"


def _cut(line: str, times: int) -> str:
    first, last = (length * times for length in LINE)
    return f"{line[:first]} … {line[-last:]}" if len(line) > first + last + len(" … ") else line


def _masked(line: str) -> str:
    return "".join(part if place % 2 else mask(part) for place, part in enumerate(_CHECKSUM.split(line)))


def _visible(text: str) -> str:
    """Letters, marks and line ends; what else is not printed (control, direction, lone surrogates) as an escape."""
    if text.isprintable():
        return text
    return "".join(
        letter if letter.isprintable() or letter in "\n\u00a0\u202f" else letter.encode("unicode_escape").decode()
        for letter in text
    )
