"""The blocks of config.yaml as frozen dataclasses: every key with its type, its default and what it means.

The JSON schema for editors (`resources/config.schema.yaml`) and docs/reference/config.md are made from these classes
(docs/generators/make_config_page.py). `project.checks.check_config` makes a `Config` of what a user wrote; whoever needs a setting takes
it from there, so a default stands here and nowhere else.
"""

# Over 400 lines: it is a list of declarations, a key after another in the order of config.yaml, with hardly any code between them; whoever
# looks for a key finds all of its block in one file.
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from hrmonitor.project.keys import Text, key
from hrmonitor.project.test_kinds import needed_keys
from hrmonitor.unit import DEFAULT as FACILITY

# The keys of a round under which people's decisions are kept: those on how its exports are read, and those on what answers mean.
READING_KEYS = ("columns", "absent", "notations")
DECISION_KEYS = (*READING_KEYS, "labels", "names", "other")
NOTATIONS = (
    "decimal_point", "decimal_comma", "thousands_comma", "thousands_point", "percents", "fractions", "fractions_below_one", "day_first",
    "month_first", "excel_serial", "stata_days", "unix_days", "codes", "labels", "blank_is_no", "blank_is_missing", "as_number", "no_answer",
)  # fmt: skip
FRAMES = (REGISTER, POPULATION, SAMPLE) = ("register", "population", "sample")
# The first step of the response flow: how many there are.
OF_FRAME = ("register", "population")
ROUND_NAME, NAME = r"^[A-Za-z0-9][A-Za-z0-9_-]*$(?!\n)", r"^[a-z][a-z0-9_]*$(?!\n)"


@dataclass(frozen=True)
class MissingCode:
    """A code that stands for no answer."""

    code: str | int = key("The code as it stands in the file, such as -999 or UNK.")
    means: str = key("Why there is no answer.", choices=("no_answer", "dont_know", "refused", "not_applicable"))
    types: tuple[str, ...] | None = key(
        "Types of question that it stands for; all if left out.",
        None,
        choices=("select_one", "select_multiple", "integer", "decimal", "date", "text"),
        minItems=1,
    )


@dataclass(frozen=True)
class Export:
    """The files of one survey tool, and how to read them."""

    path: str = key("A file, or a pattern such as `raw/2024/returned/*.xlsx`.")
    tool: str = key(
        "The survey tool that wrote the file; `kobo` is ODK Central too, `auto` looks for itself and says what it found, `table` is any "
        "CSV, TSV, workbook or Parquet file.",
        choices="hrmonitor.project.registries:tools",
    )
    mode: str = key("How the answers were given.", choices=("interview", "questionnaire"))
    encoding: str | None = key("Overrules the encoding that is detected.", None)
    delimiter: str | None = key("Overrules the delimiter that is detected.", None, minLength=1, maxLength=1)
    decimal: str | None = key("Overrules the decimal sign that is detected.", None, choices=(".", ","))
    dates: str | None = key(
        "Overrules the order of dates that is detected.", None, choices=("day_first", "month_first")
    )
    notations: dict[str, str | tuple[str, ...]] | None = key(
        "How columns are written that can be read in two ways, by question, or by `numbers`, `percentages`, `dates`, `choices`, `boxes` for "
        "all of a kind; `check` prints the lines. docs/guides/notations.md.",
        None,
        choices=NOTATIONS,
    )
    joiner: str | None = key(
        "Overrules what stands between ticked options that share a cell.", None, minLength=1, maxLength=3
    )
    sheet: str | None = key("The sheet of a workbook to read; the first one if left out.", None)
    heading_rows: int | None = key(
        "Number of rows with headings (`table`, `surveymonkey`, `qualtrics`); 0 for a file without any, whose columns go by `headings` or "
        "by their letters.",
        None,
        minimum=0,
        maximum=9,
    )
    headings: tuple[str, ...] | None = key(
        "Headings of a file that has none, one a column in its order; with `heading_rows`, in place of those in the file.",
        None,
        minItems=1,
    )
    skip_rows: tuple[int, ...] | None = key(
        "Numbers of rows of the file that are no part of the table, such as a title above the headings.",
        None,
        minItems=1,
        uniqueItems=True,
        each={"minimum": 1},
    )
    missing_codes: tuple[MissingCode, ...] | None = key(
        "Codes that the project writes for no answer, in any question that has no such option.", None, minItems=1
    )
    event: str | None = key("The event of a REDCap project to read; the first answer of all events if left out.", None)
    form: str | None = key(
        "The tool's own form, where the export needs it - Qualtrics' `.qsf`, a SAS catalog of formats.", None
    )
    columns: str | None = key(
        "CSV of columns that do not name their question - `column, question`, or `letter, question` by a column's letter (A, B, ...); "
        "`question/choice` for a box, an empty question leaves the column out. It goes before what the reader takes for the tool's own "
        "columns.",
        None,
    )
    ignore: tuple[str, ...] = key(
        'Headings of columns of the export that are no question and may be left out; `""` for columns without a heading.',
        (),
    )
    absent: tuple[str, ...] = key("Questions of the questionnaire that this export does not have.", ())


@dataclass(frozen=True)
class AcceptedLoss:
    """A loss of more than a tenth that is meant to be: of answers to a question, or of submissions for one reason."""

    reason: str = key("Why that is right.", minLength=1)
    question: str | None = key("A question of whose answers many are not understood.", None)
    submissions: str | None = key(
        "Why many submissions do not count.",
        None,
        choices=("duplicate", "test", "empty", "out_of_frame", "rejected", "no_consent"),
    )

    @staticmethod
    def conditions() -> list[dict]:
        return [{"minProperties": 2, "maxProperties": 2}]


@dataclass(frozen=True)
class Coding:
    """How people code the open answers; docs/guides/coding.md."""

    themes: str = key("CSV of themes - `question, theme, label_nl, label_en`.")
    coders: tuple[str, ...] = key(
        "The file of each coder - a workbook that `coding-sheets` made, or a CSV with `source, row, question, themes`.",
        (),
        minItems=2,
    )
    consensus: str | None = key(
        "What coders agreed on afterwards, in the same form; it overrules them for the answers that it has.", None
    )

    @property
    def paths(self) -> tuple[str, ...]:
        """The files that people filled in."""
        return (self.themes, *self.coders, *([self.consensus] if self.consensus else []))


@dataclass(frozen=True)
class PersonsStudy:
    """How many persons there are, by how many are on two or three lists at once; docs/methods/persons.md."""

    title: Text = key("Whom the number is about, where and when - `People without a home in the city, 2024`.")
    counts: str = key(
        "CSV of the persons on each list and on each overlap - `lists, persons, source`, and a `label_en`, `label_nl` for each list."
    )
    dependent: tuple[str, ...] = key(
        "With three lists, the pairs that are taken to depend on each other, such as `clinic & shelter`. Without it all three are taken "
        "to be independent.",
        (),
        uniqueItems=True,
    )


@dataclass(frozen=True, kw_only=True)
class RoundExports:
    """The exports of a round, and what decides how they are read."""

    questionnaire: str = key("Folder with the XLSForm as `survey.csv`, `choices.csv` and `settings.csv`.")
    exports: tuple[Export, ...] = key("The files that the survey tools gave.", minItems=1)
    columns: str | None = key(
        "CSV of a person's decisions on columns of all exports - `source, column, letter, question`; no question leaves the column out. "
        "`hrmonitor decide` keeps it.",
        None,
    )
    absent: str | None = key(
        "CSV of questions that an export did not ask - `source, question, decision` (`not_asked`). `hrmonitor decide` keeps it.",
        None,
    )
    notations: str | None = key(
        "CSV of a person's decisions on how a column is written - `source, question, kind, notation`. `hrmonitor decide` keeps it.",
        None,
    )
    labels: str | None = key(
        "CSV of a person's decisions on labels that are none of the question's own - `question, written, option, reason`; the option may be "
        "`no_answer`.",
        None,
    )
    names: str | None = key(
        "CSV of a person's decisions on facility names that the matcher cannot settle - `written, service, facility_id, reason`.",
        None,
    )
    files: tuple[str, ...] = key("The exports' paths, patterns expanded.", (), derived=True)

    @property
    def folder(self) -> PurePosixPath:
        """The round's own folder, in which its questionnaire is."""
        return PurePosixPath(self.questionnaire).parent


@dataclass(frozen=True)
class SampleDesign:
    """How a sample was drawn, in questions of the form that the export has; as `svydesign` of R's survey package."""

    strata: str | None = key("The question with the stratum; without it there is one.", None)
    cluster: str | None = key(
        "The question with the primary sampling unit, such as the place of interview; without it each respondent is one.",
        None,
    )
    weight: str | None = key("The question with the respondent's weight, a number above 0.", None)
    fpc: str | None = key(
        "The question with the number of primary sampling units in the population of the stratum, or the share of them that was drawn; "
        "without it the population is taken to be endless.",
        None,
    )
    lonely: str = key(
        "What is done with a stratum of one primary sampling unit, which shows no variance. `fail` stops the build, `adjust` takes it from "
        "the mean of all, `certainty` takes it as drawn for certain.",
        "fail",
        choices=("fail", "adjust", "certainty"),
    )

    @property
    def questions(self) -> tuple[str, ...]:
        return tuple(name for name in (self.strata, self.cluster, self.weight, self.fpc) if name)


@dataclass(frozen=True)
class Frame:
    """Of whom the round speaks, and who a submission is; docs/guides/frames.md."""

    kind: str = key(
        "`register` knows every facility by name (the default), `population` how many there are of each type of service, `sample` only "
        "those who answered.",
        choices=FRAMES,
    )
    identity: str | None = key(
        "The question that tells who answered, of which only the best submission counts; without it every row of an export is another "
        "respondent. Not for `register`, which goes by `facility_name`.",
        None,
    )
    counts: str | None = key("Of `population`, the CSV with how many there are - `service, population`.", None)
    design: SampleDesign | None = key("Of `sample`, how it was drawn; without it all respondents count alike.", None)
    sizes: dict[str, int] | None = key("Type of service -> how many there are, as `counts` says.", None, derived=True)

    @property
    def aside(self) -> tuple[str, ...]:
        """Questions that say who answered and how they were drawn, and are no answers."""
        return (*([self.identity] if self.identity else []), *(self.design.questions if self.design else ()))


@dataclass(frozen=True, kw_only=True)
class RoundConfig(RoundExports):
    """A survey round: a questionnaire, its exports and what people decided about them."""

    year: int = key(
        "Year of fieldwork; facilities open at some time in it are the population.", minimum=1900, maximum=2200
    )
    frame: Frame | None = key(
        "Of whom the round speaks; without it, of the facilities of the register. docs/guides/frames.md.", None
    )
    title: Text = key("What the round is called in the report.")
    group: str | None = key(
        "The group that it belongs to, one of `groups.names`; each round has one, or none has. docs/guides/groups.md.",
        None,
    )
    contacts: str | None = key(
        "CSV of the facilities approached - `facility_id, approached_on, outcome` (docs/methods/response.md has its words).",
        None,
    )
    other: str | None = key(
        'CSV or workbook of a person\'s decisions on answers to "other, namely" - `question, written, decision, reason`; '
        "docs/guides/coding.md.",
        None,
    )
    coding: Coding | None = key(
        "How people code the open answers - `themes`, then `coders` and `consensus`; docs/guides/coding.md.", None
    )
    persons: dict[str, PersonsStudy] | None = key(
        "Estimates of a number of persons from lists that overlap, by a short name; docs/methods/persons.md.",
        None,
        propertyNames={"pattern": NAME},
    )
    least_answered: float = key(
        "A submission that answers a smaller share of the questions that it was asked counts as empty.",
        0.05,
        minimum=0,
        maximum=1,
    )
    accept: tuple[AcceptedLoss, ...] = key(
        "Losses of more than a tenth that are meant to be; any other stops the build.", ()
    )
    files_beside: tuple[str, ...] = key("What the exports need to be read.", (), derived=True)
    preregistration: str | None = key(
        "What its findings were to be tested by, if that was registered.", None, derived=True
    )

    @property
    def framed_by(self) -> str:
        """The kind of its frame."""
        return self.frame.kind if self.frame else REGISTER

    @property
    def decision_files(self) -> tuple[str, ...]:
        """What people decided about the round: who was approached, `DECISION_KEYS`, what was registered, coding, overlaps of lists, the population."""
        files = (getattr(self, key) for key in ("contacts", *DECISION_KEYS, "preregistration"))
        counts = [study.counts for study in (self.persons or {}).values()]
        if self.frame and self.frame.counts:
            counts.append(self.frame.counts)
        return (*(file for file in files if file), *(self.coding.paths if self.coding else ()), *dict.fromkeys(counts))


@dataclass(frozen=True)
class Groups:
    """The groups that rounds belong to, set side by side in one report; docs/guides/groups.md."""

    kind: Text = key("What a group is, as the head of a column says it - country, region, city.")
    names: dict[str, Text] = key(
        "The groups by their codes, in the order in which the report has them.",
        minProperties=2,
        propertyNames={"pattern": ROUND_NAME},
    )
    services: str = key(
        "What the question `service` tells apart - `types` that all groups share, each compared by its code, or `parts` of a group that no other "
        "has, such as its cities, so that only groups as a whole are compared.",
        "types",
        choices=("types", "parts"),
    )


@dataclass(frozen=True)
class Estimation:
    """How estimates and their intervals are made; docs/methods/estimation.md says what to choose when."""

    share_interval: str = key(
        "Interval of a share; `exact` is hypergeometric.", "exact", choices=("exact", "wilson", "clopper_pearson")
    )
    quantile_interval: str = key("Interval of a median or percentile.", "woodruff", choices=("woodruff", "bootstrap"))
    variance: str = key(
        "How means, totals and ratios get their interval; `linearised` is Taylor's.",
        "linearised",
        choices=("linearised", "bootstrap"),
    )
    strata: str = key(
        "Strata; a province is one of its own where `minimum_stratum` facilities answered.",
        "service",
        choices=("service", "service_province"),
    )
    minimum_stratum: int = key(
        "Fewest answers in a stratum or a group to weight to; smaller ones are joined.", 5, minimum=2
    )
    weights: str = key(
        "Whether weights are fitted to the register; `design` is facilities over answers.",
        "design",
        choices=("design", "poststratified", "raked"),
    )
    margins: tuple[str, ...] = key(
        "Columns of the register to fit to, within each type of service, such as `province`.", (), uniqueItems=True
    )
    trim: float = key("No weight above so many times the median; 0 does not trim.", 0, minimum=0)
    clusters: str = key(
        "Whether the answers of one organisation (`respondent_group` in the register, where it has that column) are taken to vary together; "
        "`auto` does so where more than a fifth of the answers come from organisations with three or more.",
        "auto",
        choices=("auto", "organisation", "none"),
    )


@dataclass(frozen=True)
class Imputation:
    """Whether unanswered questions get the answer of another facility, marked as such."""

    method: str = key(
        "`none` leaves gaps as they are; `hot_deck` fills choices and numbers with the answer of a facility drawn at random; `chained` leaves "
        "them too, and tests findings a second time on several completed sets of answers (multiple imputation).",
        choices=("none", "hot_deck", "chained"),
    )
    classes: tuple[str, ...] = key(
        "What donor and recipient must have in common, the most important first.",
        ("service",),
        choices=("service", "province", "mode"),
        uniqueItems=True,
    )
    sets: int = key("How many completed sets of answers `chained` makes.", 20, minimum=2, maximum=200)


@dataclass(frozen=True)
class FindingTest:
    """A test of a finding: what it measures and what it must keep clear of."""

    test: str = key(
        "The kind of test; docs/methods/findings.md explains each.", choices="hrmonitor.project.registries:test_kinds"
    )
    why: str | Text = key(
        "What the test asks of the claim, as the report says it beside the outcome; `{en, nl}`, or one text for both."
    )
    short: str | Text | None = key(
        "What the test asks in some six words, beside its line in the figure of all findings; `why` if left out.", None
    )
    question: str | None = key("The question whose answers are tested.", None)
    categories: tuple[str, ...] | None = key("The answers whose share is tested.", None, minItems=1)
    services: tuple[str, ...] | None = key("Only these types of service.", None, minItems=1)
    now: str | None = key("The question with the later number.", None)
    then: str | None = key("The question with the earlier number.", None)
    since: str | None = key("The earlier round.", None)
    by: str | None = key("What tells the two groups apart - `service`, `province`, `mode` or a question.", None)
    group: tuple[str, ...] | None = key("The answers of one group.", None, minItems=1)
    against: tuple[str, ...] | None = key("The answers of the other.", None, minItems=1)
    theme: str | None = key("The theme.", None)
    series: str | None = key("A published series of `report.reference`.", None)
    from_: int | None = key("First year of the series.", None, name="from")
    to: int | None = key("Last year of the series.", None)
    edition: str | None = key("The edition, where the series has several.", None)
    threshold: float | None = key("What the interval must keep clear of.", None)
    margin: float | None = key(
        "Of `not_more_increased` - by how much the share of facilities that report a rise may exceed the share that report a fall. "
        "Default 0.1.",
        None,
        exclusiveMinimum=0,
        maximum=1,
    )
    necessary: bool = key(
        "Whether the claim falls with this test - if it does not pass, the finding is not supported at all; if its opposite is "
        "significant, it is contradicted. Default false.",
        False,
    )
    min_alpha: float | None = key(
        "Least agreement between coders - the lower end of the interval of Krippendorff's alpha must reach it.",
        None,
        minimum=0,
        maximum=1,
    )

    @staticmethod
    def conditions() -> list[dict]:
        return needed_keys()


@dataclass(frozen=True)
class PublishedSeries:
    """A published series that the report sets beside a finding."""

    series: str = key("A series of `report.reference`.")
    from_: int | None = key("First year that is told; the first of the series if left out.", None, name="from")
    expect: str | None = key(
        "How the series would move if the finding held in it - `rise`, `fall` or `no_rise`; the report says whether it does. Left out "
        "where the series is background.",
        None,
        choices=("rise", "fall", "no_rise"),
    )
    says: Text | None = key("What the figure means for the finding, where no direction can tell.", None)


@dataclass(frozen=True)
class Finding:
    """A claim that the data can refute, with its tests."""

    number: int = key("Its place in the report.", minimum=1)
    round: str = key("The round whose answers test it.")
    statement: Text = key("The claim.")
    reason: str | Text = key(
        "Why these tests stand for the claim, and why their thresholds lie where they do; the report prints it beside the tests. `{en, "
        "nl}`, or one text for both."
    )
    tests: tuple[FindingTest, ...] = key("What must hold for the claim to be supported.", minItems=1)
    operationalised: Text | None = key(
        "How the claim became these tests and what speaks against it, in two sentences. Braces hold a number of the results - "
        "`{test 1}`, `{test 1 by clients}`, `{n 1}`, or `{question: answer, answer}` for a share of facilities. docs/methods/operationalisation.md.",
        None,
    )
    clients: str | None = key(
        "The question with the number of clients of a facility, to show each test by clients beside by facilities.",
        None,
    )
    published: tuple[PublishedSeries, ...] = key("Published series that the report sets beside the finding.", ())


@dataclass(frozen=True)
class FigureOptions:
    """A figure of the report; each kind takes options of its own, which docs/reference/figures.md lists."""

    kind: str = key("The kind of figure.", choices="hrmonitor.project.registries:figure_kinds")
    title: Text = key("What the figure is about; the report prints it below the headline, which follows from the data.")
    section: str = key("Where in the report it stands.")
    headline: Text | None = key(
        "Of `scale` - the headline where a finding tests a share of the question; `{share}` in it becomes `six in ten facilities` and the "
        "like, so it must be true of any share.",
        None,
    )
    round: str | None = key("The round that it shows.", None)
    question: str | None = key("The question that it shows.", None)
    questions: tuple[str, ...] | None = key("The questions that it shows, in their order.", None, minItems=1)
    indicator: str | None = key("Of `groups` - the indicator that it shows.", None)
    answers: tuple[str, ...] | None = key(
        "Of `groups` - the answers that it shows, in their order; all if left out.", None, minItems=1
    )
    statistic: str | None = key(
        "Of `groups` - the statistic that it shows; the first that the indicator has if left out.",
        None,
        choices="hrmonitor.questionnaire.statistics:STATISTICS",
    )
    service: str | None = key("Of `groups` - the type of service that it shows; all together if left out.", None)
    then: str | None = key("The question with the earlier answer.", None)
    now: str | None = key("The question with the later answer.", None)
    year_then: int | None = key("The year of the earlier answer.", None)
    year_now: int | None = key("The year of the later answer.", None)
    labels: dict[str, Text] | None = key("Short labels, by question.", None)
    series: tuple[str, ...] | None = key("The published series that it shows.", None, minItems=1)
    tiles: dict[str, tuple[int, ...]] | None = key(
        "Of `coverage_map` - column and row of the tile of each province of the register, counted from 0 at the top left.",
        None,
        minProperties=1,
    )


@dataclass(frozen=True)
class Disclosure:
    """What published tables must hide; docs/methods/disclosure.md says why and what follows from it."""

    minimum_cell: int = key(
        "Estimates that rest on fewer facilities are not shown, nor are answers by type of service to `sensitive` questions that fewer "
        "gave.",
        minimum=1,
    )
    minimum_organisations: int = key(
        "Estimates that rest on facilities of fewer organisations are not shown.", 3, minimum=1
    )
    p_percent: float = key(
        "The p% rule for totals and means of numbers. One is hidden when the second largest organisation could reckon the largest one's "
        "part to within so many per cent of it; 0 is no such rule.",
        10,
        minimum=0,
        maximum=100,
    )
    protection: float = key(
        "How near, in per cent, anybody may come to a number that is hidden for its few facilities; the audit stops the build when "
        "somebody can come nearer.",
        10,
        minimum=0,
        maximum=100,
    )
    rounding_base: int = key(
        "Totals are shown as multiples of this number, and means no finer; 0 leaves them as they are.", 0, minimum=0
    )
    minimum_spread: int = key(
        "Standard errors, design effects and intervals of numbers that rest on fewer facilities are not shown: with the estimate they would "
        "tell single answers.",
        10,
        minimum=5,
    )
    sensitive: tuple[str, ...] = key(
        "Indicators of which small counts, not only small bases, are hidden; for answers that would harm or point to somebody.",
        (),
    )
    round_sensitive: int = key(
        "What the counts of answers to `sensitive` questions are multiples of, adding up to their number, where small ones are not to be "
        "hidden; 0 hides them. Then none of these shares has an interval and no change is shown.",
        0,
        choices=(0, 3, 5),
    )


@dataclass(frozen=True)
class Report:
    """The report: its title page, colophon, typesetting engine, and the published figures it compares with."""

    engine: str = key(
        "Typesetting engine; `auto` takes Quarto 1.9 or newer if it is on PATH, else the built-in one.",
        choices=("auto", "quarto", "pandoc"),
    )
    title: Text = key("Title of the report.")
    subtitle: Text = key("Subtitle of the report.")
    authors: tuple[str, ...] = key("Authors as they stand on the title page.", minItems=1)
    reference: str = key("Folder with the published national series.")
    about: Text | None = key(
        "Where the findings come from, as page one says it; `[@key]` cites an entry of report/study/references.bib.",
        None,
    )
    name: str = key(
        "What the publication is called in its open data and its provenance; the title in the first language if left out.",
        "",
    )
    keywords: tuple[str, ...] = key("What the open data are about, for catalogues; `survey` is added.", ())
    contact: str = key("Whom to write to, as the colophon says it; without it the colophon names the authors only.", "")
    portraits: dict[str, tuple[str, ...]] | None = key(
        "The indicators that a type of service is portrayed by, by its code; without it the first six of its own.", None
    )


@dataclass(frozen=True, kw_only=True)
class Config:
    """What a user of Harm Reduction Monitor edits for a new survey round."""

    synthetic: bool = key("true when the answers under `raw/` are made up; the report then says so on its first page.")
    seed: int = key("The one source of randomness (bootstrap intervals, synthetic data).", minimum=0)
    confidence: float = key("Confidence level of every interval and test.", minimum=0.5, maximum=0.999)
    languages: tuple[str, ...] = key(
        "Languages in which the report is made.", choices="hrmonitor.language:LANGUAGES", minItems=1, uniqueItems=True
    )
    register: str | None = key(
        "CSV file with every facility known - `facility_id, name, aliases, organisation, service, province, municipality, opened, closed`; "
        "the frame of every round that names no other. Not needed where each names one.",
        None,
    )
    unit: str = key(
        "What the survey is of, in every sentence, figure and table - `facility`, `person`, `city`, `event`, `organisation`, or one whose words "
        "report/study has. docs/reference/study-texts.md.",
        FACILITY,
        pattern=NAME,
    )
    rounds: dict[str, RoundConfig] = key(
        "The survey rounds, by a short name of letters, digits, `-` and `_`.",
        minProperties=1,
        propertyNames={"pattern": ROUND_NAME},
    )
    groups: Groups | None = key(
        "Countries, regions or cities whose rounds stand side by side in one report; without it, all rounds are of one. docs/guides/groups.md.",
        None,
    )
    findings: dict[str, Finding] = key(
        "Claims that the data can refute, by a short name.", propertyNames={"pattern": NAME}
    )
    figures: dict[str, FigureOptions] = key(
        "The figures of the report, by the name of their files under `results/figures/`.",
        propertyNames={"pattern": NAME},
    )
    disclosure: Disclosure = key(
        "What published tables must hide; `docs/methods/disclosure.md` says why and what follows from it."
    )
    report: Report = key("The report: its title page, the typesetting engine, the published figures.")
    estimation: Estimation = key(
        "How estimates and their intervals are made; docs/methods/estimation.md says what to choose when.", Estimation()
    )
    minimum_facilities: int = key(
        "A test that rests on fewer facilities makes its finding not assessable.", 10, minimum=2
    )
    minimum_organisations: int = key(
        "A test that rests on facilities of fewer organisations makes its finding not assessable.", 5, minimum=1
    )
    dont_know_in_base: bool = key(
        'Whether "don\'t know" counts in the base of a share, as a category of its own.', True
    )
    imputation: Imputation = key(
        "Whether unanswered questions get the answer of another facility, marked as such; without it gaps stay as they are.",
        Imputation("none"),
    )
    waiting: tuple[str, ...] = key("Rounds that are prepared and have no exports yet.", (), derived=True)

    @property
    def main_round(self) -> str:
        """The round with the most findings: the one that the report is about."""
        rounds = [finding.round for finding in self.findings.values()]
        return max(self.rounds, key=lambda name: (rounds.count(name), self.rounds[name].year))

    @property
    def newest_year(self) -> int:
        return max(round_.year for round_ in self.rounds.values())

    @property
    def latest_rounds(self) -> dict[str, str]:
        """The latest round of each group that has one with answers, by group, in the order of `groups.names`."""
        codes = self.groups.names if self.groups else ()
        found: dict[str, str] = {}
        for code in codes:
            own = [name for name, round_ in self.rounds.items() if round_.group == code]
            if own:
                found[code] = max(own, key=lambda name: self.rounds[name].year)
        return found

    @property
    def framed_by(self) -> str:
        """The kind of frame of the round that the report is about."""
        return self.rounds[self.main_round].framed_by if self.rounds else REGISTER

    @property
    def frames(self) -> set[str]:
        """The kinds of frame that the rounds have."""
        return {round_.framed_by for round_ in self.rounds.values()}

    @property
    def has_register(self) -> bool:
        """Whether a round speaks of facilities that a register knows."""
        return REGISTER in self.frames

    @property
    def coded(self) -> dict[str, RoundConfig]:
        """The rounds whose open answers are coded."""
        return {name: round_ for name, round_ in self.rounds.items() if round_.coding}

    def tested_themes(self) -> Iterator[tuple[str, str, str]]:
        """(round, question, theme) of each theme that a finding rests on."""
        for finding in self.findings.values():
            for test in finding.tests:
                if test.theme:
                    yield finding.round, test.question or "", test.theme
