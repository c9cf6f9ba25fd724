"""What published tables may say about a single facility or organisation, and what they must hide so that nobody can work it out.

`rules`: which cells are confidential. `linked`: how published cells hang together, and what follows from those that are shown.
`complementary`: which further cells must be hidden, as few as possible. `pattern`: all of that for the rounds of a survey, and
blanking. `small`: small groups of one table. `rounding`: totals, and marks of a figure. `audit` attacks what was published; it uses
none of the others. docs/disclosure.md says what is protected, by which rules and why.
"""
