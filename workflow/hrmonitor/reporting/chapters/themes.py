"""The chapter on open answers: themes, how alike the coders coded, saturation, cleared quotes, and "other, namely"."""

from __future__ import annotations

import pandas as pd

from hrmonitor.cleaning.other_answers import COLUMNS, OTHER, other_questions, read_other, same
from hrmonitor.declarations.csv_files import read_table
from hrmonitor.language import capital, escape_markdown, interval, join, listed, number, percent, quoted, share_or_count
from hrmonitor.reporting.markdown import at_least, counted, who
from hrmonitor.themes.agreement import NO_OTHER
from hrmonitor.themes.codebook import read_themes
from hrmonitor.themes.coding import PLACE
from hrmonitor.themes.saturation import summarise

# Below this alpha no conclusion is drawn (Krippendorff 2004).
TENTATIVE = 0.667
# The section of figures on changes that no finding is about.
OTHER_CHANGES = "other_changes"


def chapter(story) -> str:
    """The whole chapter as Markdown; `story` is the report's `Story`."""
    words = story.words["themes_chapter"]
    coded = [name for name, block in story.config.rounds.items() if block.coding and block.coding.coders]
    parts = [story._heading(words["title"], "themes"), *(words["text"] if coded else [words["none"]])]
    for name in coded:
        parts += _Round(story, name).sections(len(coded) > 1)
    parts += [story._figures("themes"), _other(story)]
    return story._join(parts)


def in_short(story) -> str:
    """What else staff report: other changes, the themes named most in their own words, and cleared quotes; nothing where neither is."""
    words, other = story.words["own_words"], story.figures(OTHER_CHANGES)
    coded = [name for name, block in story.config.rounds.items() if block.coding and block.coding.coders]
    told, quotes = [], []
    for name in coded[-1:]:
        own = _Round(story, name)
        told = [*own.most(words), words["see"].format(annex=story.link("themes"))]
        quotes = [own.cleared()]
    if not other and not told:
        return ""
    called = join([f"@{story.figure_id(name)}" for name in other], story.lang)
    return story._join([
        story._heading(words["title"], "words"), words["figure"].format(figure=called) if other else "", *map(story.figure, other),
        " ".join(told), *quotes,
    ])  # fmt: skip


class _Round:
    """The sections on one coded round."""

    def __init__(self, story, name: str):
        self.story, self.name, self.lang = story, name, story.lang
        self.words = story.words["themes_chapter"]
        self.least = story.config.disclosure.minimum_cell
        book = read_themes(story.root / story.config.rounds[name].coding.themes)
        self.labels = book.set_index(["question", "theme"])[f"label_{self.lang}"].map(escape_markdown).to_dict()
        self.questions = list(dict.fromkeys(book["question"]))
        self.tables = {
            table: self._read(table)
            for table in ("themes", "theme_agreement", "theme_confusion", "theme_saturation", "theme_basis")
        }
        quotes = pd.read_parquet(story.results / "theme_quotes.parquet")
        self.quotes = quotes[quotes["round"] == name]

    def _read(self, name: str) -> pd.DataFrame:
        table = read_table(name, self.story.results / f"{name}.csv")
        return table[table["round"] == self.name]

    def sections(self, several: bool) -> list[str]:
        title = escape_markdown(self.story.config.rounds[self.name].title[self.lang])
        return [
            f"## {title}" if several else "",
            self.basis(),
            *[self.prevalence(question) for question in self.questions],
            self.agreement(),
            self.confusion(),
            self.saturation(),
            self.cleared(),
        ]

    def _label(self, question: str) -> str:
        return escape_markdown(self.story.forms[self.name][question].label(self.lang))

    def _name(self, table: str, question: str = "") -> str:
        return "-".join(f"tbl-{table}-{self.name}-{question}".rstrip("-").lower().split("_"))

    def most(self, words: dict) -> list[str]:
        """Question by question the theme that most facilities bring up, where coders agree on it."""
        table, told = self.tables["themes"], []
        for question in self.questions:
            own = table[
                (table["question"] == question) & (table["service"] == "all") & (table["agreement"] >= TENTATIVE)
            ]
            if own.empty:
                continue
            top = own.sort_values(["estimate", "theme"], ascending=[False, True]).iloc[0]
            whom = who(top["estimate"], top["ci_low"], top["ci_high"], int(top["n"]), self.lang)
            told.append(
                capital(
                    words["most"].format(
                        question=self._label(question), theme=self.labels[question, top["theme"]], who=whom
                    )
                )
            )
        return told

    def basis(self) -> str:
        """How many answers were coded, and what counts for them."""
        answers = self.tables["theme_basis"].groupby(PLACE)["basis"].agg(set)
        coders = len(self.story.config.rounds[self.name].coding.coders)
        kinds = {
            "consensus": answers.map(lambda found: "consensus" in found),
            "one_coder": answers.map(lambda found: "one_coder" in found),
            "disputed": answers.map(lambda found: "disputed" in found),
        }
        facts = {kind: at_least(int(chosen.sum()), self.least, self.lang) for kind, chosen in kinds.items()}
        told = [
            self.words["coded"].format(
                answers=number(len(answers), self.lang), coders=counted(coders, "people", self.lang)
            )
        ]
        told += [self.words["basis"][kind].format(n=facts[kind]) for kind in kinds if kinds[kind].any()]
        return " ".join(told)

    def prevalence(self, question: str) -> str:
        """The share of facilities that bring up each theme: all of them with interval, and each type of service."""
        table = self.tables["themes"]
        table = table[table["question"] == question]
        n = table.drop_duplicates("service").set_index("service")["n"]
        services = [code for code in self.story.forms[self.name]["service"].codes if n.get(code, 0)]
        if not services:
            return ""
        rows = []
        for theme in table.loc[table["service"] == "all"].sort_values("estimate", ascending=False, kind="stable")[
            "theme"
        ]:
            by = table[table["theme"] == theme].set_index("service")
            range_ = interval(by.loc["all", "ci_low"], by.loc["all", "ci_high"], self.lang)
            shares = [self._share(by.loc[service, "estimate"], n[service]) for service in ("all", *services)]
            rows.append([self.labels[question, theme], shares[0], range_, *shares[1:]])
        short = self.story.study.services(self.lang, "short")
        headings = [f"{short.get(code, code)} (n\u00a0=\u00a0{self.story._count(int(n[code]))})" for code in services]
        caption = self.words["caption"].format(question=self._label(question), n=self.story._count(int(n["all"])))
        widths, align = [28, 9, 11, *[52 // len(services)] * len(services)], "lrr" + "r" * len(services)
        return self.story._table(
            [*self.words["columns"], *headings], rows, widths, caption, self._name("themes", question), align
        )

    def _share(self, estimate: float, n: float) -> str:
        return self.words["hidden"] if pd.isna(estimate) else share_or_count(estimate, n, self.lang)

    def agreement(self) -> str:
        """Alpha of all coders with its interval, and kappa and percent agreement of each pair."""
        words, rows, low, unsure = self.words["agreement"], [], [], []
        table = self.tables["theme_agreement"]
        for (question, theme), group in table.groupby(["question", "theme"], sort=False):
            alpha = group[group["statistic"] == "alpha"].iloc[0]
            if alpha["n"] < self.least:
                continue
            kappas = group[group["statistic"] == "kappa"]
            shares = group.loc[group["statistic"] == "percent_agreement", "estimate"]
            if not alpha["estimate"] >= TENTATIVE:
                low.append(self.labels[question, theme])
            elif alpha["ci_low"] < TENTATIVE:
                unsure.append(self.labels[question, theme])
            rows.append([
                self.labels[question, theme],
                self._number(alpha["estimate"]),
                self._interval(alpha),
                listed((self._number(one) for one in kappas["estimate"]), self.lang),
                listed((self._interval(one) for one in kappas.to_dict("records")), self.lang),
                listed((percent(one, self.lang) for one in shares), self.lang),
                number(alpha["n"], self.lang),
            ])  # fmt: skip
        if not rows:
            return ""
        verdict = words["low"].format(themes=self._quoted(low)) if low else words["fine"]
        if unsure:
            verdict += " " + words["unsure"].format(themes=self._quoted(unsure))
        confidence = percent(self.story.config.confidence, self.lang)
        return self.story._join([
            f"## {words['title']}",
            f"{words['text'].format(confidence=confidence)} {verdict}",
            self.story._table(words["columns"], rows, [30, 8, 14, 10, 14, 14, 8], words["caption"], self._name("agreement"), "lrrrrrr"),
        ])  # fmt: skip

    def _quoted(self, labels: list[str]) -> str:
        return join([quoted(label, self.lang) for label in labels], self.lang)

    def _number(self, value: float) -> str:
        return number(None if pd.isna(value) else value, self.lang, 2)

    def _interval(self, row) -> str:
        return interval(row["ci_low"], row["ci_high"], self.lang, 2, share=False)

    def confusion(self) -> str:
        """Themes that one coder gives where another gives another, or none; pairs in fewer answers than the minimum are left out."""
        words, table = self.words["confusion"], self.tables["theme_confusion"]
        differing = table[table["theme_a"] != table["theme_b"]]
        # Who of the two gave which does not matter: {a, b} is one pair; "none" comes second.
        pairs = [
            (question, *sorted((a, b), key=lambda theme: (theme == NO_OTHER, theme)), n)
            for question, a, b, n in differing[["question", "theme_a", "theme_b", "n"]].itertuples(index=False)
        ]
        together = pd.DataFrame(pairs, columns=["question", "a", "b", "n"])
        together = together.groupby(["question", "a", "b"], as_index=False, sort=False)["n"].sum()
        together = together[together["n"] >= self.least].sort_values("n", ascending=False, kind="stable")
        if together.empty:
            return words["none"].format(n=number(self.least, self.lang))
        rows = [
            [self.labels[one.question, one.a], words["nothing"] if one.b == NO_OTHER else self.labels[one.question, one.b], number(one.n, self.lang)]
            for one in together.itertuples()
        ]  # fmt: skip
        table = self.story._table(
            words["columns"], rows, [40, 40, 20], words["caption"], self._name("confusion"), "llr"
        )
        return self.story._join([words["text"].format(n=number(self.least, self.lang)), table])

    def saturation(self) -> str:
        """After how many answers no new theme appeared."""
        words, rows = self.words["saturation"], []
        for one in summarise(self.tables["theme_saturation"]).to_dict("records"):
            rows.append([self._label(one["question"]), *[number(one[key], self.lang) for key in ("themes", "answers", "half", "sure")],
                         words["reached" if one["saturated"] else "not_reached"]])  # fmt: skip
        if not rows:
            return ""
        return self.story._join([
            f"## {words['title']}", words["text"],
            self.story._table(words["columns"], rows, [40, 11, 13, 12, 12, 12], words["caption"], self._name("saturation"), "lrrrrl"),
        ])  # fmt: skip

    def cleared(self) -> str:
        """Quotes that a person has cleared; none of a theme that fewer facilities bring up than may be shown."""
        words, basis = self.words["quotes"], self.tables["theme_basis"]
        present = (
            basis[basis["present"].astype("str") == "True"].groupby(["question", "theme"])["facility_id"].nunique()
        )
        lines = []
        for one in self.quotes.to_dict("records"):
            themes = [theme for theme in one["themes"].split("|") if theme]
            if any(present.get((one["question"], theme), 0) < self.least for theme in themes):
                continue
            named = ", ".join(self.labels[one["question"], theme] for theme in themes) or words["no_theme"]
            lines.append(f"> {quoted(escape_markdown(one['quote']), self.lang)} ({named})")
        lead = words["none"]
        if lines:
            lead = words["invented"] if self.story.config.synthetic else words["text"]
        return self.story._join([f"## {words['title']}", lead, *lines])


def _other(story) -> str:
    """What became of answers to "other, namely" in each round, by question."""
    words, rows = story.words["themes_chapter"]["other"], []
    for name, form in story.forms.items():
        block, facilities = story.config.rounds[name], story.facilities[name]
        hidden = story.questions_with_hidden_counts(name)
        decisions = read_other(story.root / block.other, form) if block.other else pd.DataFrame(columns=COLUMNS)
        audit = read_table("audit", story.results / name / "audit.csv")
        recoded = audit[audit["rule"] == "other_recoded"].groupby("question")["facility_id"].nunique()
        for question in other_questions(form):
            text = f"{question}_{OTHER}"
            if text not in facilities or question in hidden:
                continue
            decided = decisions[decisions["question"] == question].set_index("written")["decision"].to_dict()
            left = facilities[text].dropna().map(lambda written, known=decided: known.get(same(written), "")).tolist()
            new = sum("new" in decision.split("|") for decision in left)
            counts = [recoded.get(question, 0), len(left) - new - left.count(""), new, left.count("")]
            if any(counts):
                year = block.year
                rows.append([escape_markdown(form[question].label(story.lang)), str(year), *[story._count(int(n)) for n in counts]])  # fmt: skip
    if not rows:
        return ""
    table = story._table(words["columns"], rows, [44, 8, 14, 12, 12, 12], words["caption"], "tbl-other", "llrrrr")
    return story._join([f"## {words['title']}", words["text"], table])
