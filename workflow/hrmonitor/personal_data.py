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
# Characters that show nothing, by which an address can be cut in two for programs and for nobody else.
_NO_WIDTH = frozenset("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")
# What machines number things with, and places on the map: their digits are nobody's phone or BSN.
_UUID = re.compile(
    r"(?<![0-9A-Za-z])(?:[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}|[0-9A-Fa-f]{32}|[0-9A-Fa-f]{40}|[0-9A-Fa-f]{64})(?![0-9A-Za-z])"
)
_DEGREES = r"-?(?:0|[1-9]\d{0,2})\.\d{4,}"
# Two degrees, or one that is no phone number behind the code of a country.
_COORDINATES = re.compile(
    rf"(?<![\d.,+-])(?:{_DEGREES}\s*[,; ]\s*{_DEGREES}(?:\s+-?\d{{1,4}}(?:\.\d+)?){{0,2}}|(?!(?:31|32|49)\.){_DEGREES})(?![\d.])"
)

_EMAIL = re.compile(r"[\w.+-]{1,64}(?<![.])@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
# As people write it for others and not for programs: name(at)host.nl, name [at] host [dot] nl, "a name"@host, name@[10.0.0.1].
_OPEN, _CLOSE = r"\s?[(\[{<]\s?", r"\s?[)\]}>]\s?"
_EMAIL_SPELT = re.compile(
    rf"[\w.+-]{{1,64}}{_OPEN}(?:at|@|apenstaartje){_CLOSE}[\w-]{{1,63}}(?:(?:\.|{_OPEN}(?:dot|punt|\.){_CLOSE})[\w-]{{1,63}}){{0,8}}"
    r'|"[^"\n]{1,64}"\s?@\s?[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}|[\w.+-]{1,64}@\[[\w.:]{3,60}\]',
    re.I,
)
_AT = re.compile(r"[(\[{<]\s?(?:at|@|apenstaartje)\s?[)\]}>]", re.I)
_PROFILE = re.compile(
    r"(?:https?://)?(?:[\w-]{1,20}\.)?(?:linkedin\.com/in|facebook\.com|instagram\.com|twitter\.com|x\.com|t\.me)/[\w.%@-]{2,80}",
    re.I,
)
# "0 6 1 2 3 4 5 6 7 8", so that no program sees it.
_DIGIT_BY_DIGIT = re.compile(r"(?<![\w.,-])(?:\+\d|0)(?:[ .-]\d){8,13}(?![\w-])")
_BSN = re.compile(
    r"(?<![\d.,-])(?:\d{9}|\d{4}([ .-])\d{2}\1\d{3}|\d{3}([ .-])\d{3}\2\d{3}|\d{2}([ .-])\d{2}\3\d{2}\3\d{3})(?![.,-]?\d)"
)
_SHORT_BSN = re.compile(r"(?:\bbsn\b|burgerservicenummer|sofi-?nummer)\D{0,12}?(\d{8})(?!\d)", re.I)
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?=[ -]?[A-Za-z0-9])")
_IBAN_LENGTHS = range(34, 14, -1)
_POSTCODE = r"[1-9]\d{3}(?:\s?(?!SA|SD|SS)[A-Z]{2}|(?!sa|sd|ss)[a-z]{2})"
_NUMBER = r"\d{1,5}(?:\s?[-/]?\s?[A-Za-z]\b|[-/]\d{1,4})?(?!\d)"
_ADDRESS = re.compile(
    rf"(?<!\w){_POSTCODE}\b\s?,?\s?(?:(?:nr\.?|nummer|huisnummer|no\.?)\s?)?{_NUMBER}|\b{_NUMBER}\s?,?\s{{0,3}}{_POSTCODE}\b"
)
# Dutch, English, German and French.
_MONTHS = r"(?:jan|feb|f[ée]v|maart|mrt|mar|mär|apr|avr|mei|may|mai|jun|juin|jul|juil|aug|août|aout|sep|okt|oct|nov|dec|dez|déc)[a-zéäû]{0,7}\.?"
_DATE = rf"(?:{_MONTHS}\s?\d{{1,2}}(?:st|nd|rd|th)?,?\s?(?:19|20)\d{{2}}|\d{{1,2}}(?:st|nd|rd|th|er|e)?(?:\s?of)?\s?[-/. ]\s?(?:\d{{1,2}}|{_MONTHS})\s?[-/. ]\s?(?:\d{{4}}|\d{{2}})|(?:19|20)\d{{2}}[-/.]\d{{1,2}}[-/.]\d{{1,2}})(?!\d)"
_BIRTH = re.compile(
    rf"(?:\bgeboren|\bgeb\b\.?|\bgeboorte(?:datum|dag)|\bgeburts(?:datum|tag)|\bn[ée]e? le\b|\bnaissance|\bborn|\bd\.?o\.?b\b\.?|\b(?:date of birth|birth ?date))[^\d\n]{{0,30}}?({_DATE})",
    re.I,
)
_PARTICLES = r"(?:(?:van|von|de|den|der|het|ter|ten|te|la|el|al|in|'t|op)\s{1,3}){0,3}"


def _emails(text: str) -> Iterator[Span]:
    if "@" in text:
        yield from (match.span() for match in _EMAIL.finditer(text))
    if '"@' in text.replace(" ", "") or "@[" in text or _AT.search(text):
        yield from (match.span() for match in _EMAIL_SPELT.finditer(text))


def _profiles(text: str) -> Iterator[Span]:
    return (match.span() for match in _PROFILE.finditer(text)) if "/" in text else iter(())


def _ibans(text: str) -> Iterator[Span]:
    """A country, two check digits and what follows, as long as it passes mod 97 (ISO 13616)."""
    for match in _IBAN.finditer(text):
        # Loaded when there is something to look at: every start of Snakemake screens names of files.
        from stdnum import iban

        places = [place for place in range(match.start(), min(len(text), match.start() + 50)) if text[place].isalnum()]
        for length in _IBAN_LENGTHS:
            if len(places) < length:
                continue
            end = places[length - 1] + 1
            if not text[end : end + 1].isalnum() and iban.is_valid(text[match.start() : end]):
                yield match.start(), end
                break


def _bsns(text: str) -> Iterator[Span]:
    """Nine digits that pass the 11-test, apart or not; eight, for which the nought was left out, after the word."""
    for match in _BSN.finditer(text):
        from stdnum.nl import bsn

        if bsn.is_valid(re.sub(r"\D", "", match.group())):
            yield match.span()
    for match in _SHORT_BSN.finditer(text):
        from stdnum.nl import bsn

        if bsn.is_valid("0" + match.group(1)):
            yield match.span(1)


def _phones(text: str) -> Iterator[Span]:
    if sum(map(str.isdigit, text)) < LEAST_DIGITS:
        return
    yield from (match.span() for match in _DIGIT_BY_DIGIT.finditer(text))
    from phonenumbers import PhoneNumberMatcher

    for region in REGIONS:
        for match in PhoneNumberMatcher(text, region, leniency=0):
            if sum(map(str.isdigit, match.raw_string)) >= LEAST_DIGITS and not _STAMP.fullmatch(match.raw_string):
                yield match.start, match.end


def _addresses(text: str) -> Iterator[Span]:
    return (match.span() for match in _ADDRESS.finditer(text))


def _births(text: str) -> Iterator[Span]:
    return (match.span(1) for match in _BIRTH.finditer(text))


# In the order in which a hit gets its kind where two detectors see the same.
DETECTORS: dict[str, Callable[[str], Iterator[Span]]] = {
    "e-mail": _emails, "profile": _profiles, "IBAN": _ibans, "date of birth": _births, "address": _addresses,
    "BSN": _bsns, "phone": _phones,
}  # fmt: skip

# What a text must have for any of them to find something in it, as Arrow's regular expressions say it: of most answers a round of
# millions needs to look no further. Nine digits for a phone or a BSN; a postcode; the start of an IBAN; words before a date of birth.
SIGNS = (
    r"(?is)[@/\x{FF20}]|[(\[{<]\s?(?:at|apenstaartje)\s?[)\]}>]|n[ée]e? le|naissance|(?:[\p{Nd}\p{No}][^\p{Nd}\p{No}]*){9}|[1-9]\p{Nd}{3}.?[a-z]{2}|[a-z]{2}\p{Nd}{2}"
    r"|geb|born|d\.?o\.?b|b.rth|b[sſ]n|burger|[sſ]of."
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
    hits += [(*span, "name") for span in _names(text, names, parts)]
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
    """The text with full-width letters and blanks of any kind as the plain ones, and without what shows nothing; where each letter stood."""
    if text.isascii():
        return text, range(len(text) + 1)
    found = [
        (" " if letter.isspace() and letter not in "\n\r\t" else _half_width(letter), place)
        for place, letter in enumerate(text)
        if letter not in _NO_WIDTH
    ]
    return "".join(letter for letter, _ in found), [place for _, place in found]


def _half_width(letter: str) -> str:
    return chr(ord(letter) - 0xFEE0) if "\uff01" <= letter <= "\uff5e" else letter


def _without_numbering(text: str) -> str:
    """The text, letter for letter, with a sign that no detector looks for in the place of UUIDs and coordinates."""
    for pattern in (_UUID, _COORDINATES):
        text = pattern.sub(lambda match: "\u2588" * len(match.group()), text)
    return text


def mask(text: str, names: Sequence[str] = (), parts: bool = True) -> str:
    """`text` with personal data of every kind and the given names replaced."""
    for start, end, _ in reversed(find(text, names, parts)):
        text = text[:start] + MASK + text[end:]
    return text


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
