"""Contacts in open text are masked; everything else stays."""

import pytest
from hrmonitor.personal_data import MASK, mask


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("mail a.b@zorg.example aub", f"mail {MASK} aub"),
        ("bel 06-12345678.", f"bel {MASK}."),
        ("bel +31 20 794 0800 of +32 470 12 34 56", f"bel {MASK} of {MASK}"),
        ("vraag naar Anna de Vries", f"vraag naar {MASK}"),
        ("VRAAG NAAR ANNA DE VRIES", f"VRAAG NAAR {MASK}"),
    ],
)
def test_contacts_are_masked(text, clean):
    assert mask(text, ["Anna de Vries"]) == clean


@pytest.mark.parametrize("text", ["in 2020 kwamen er 120 mensen", "=SOM(A1:A9)", "van 10-15 naar 20-25", "🙂 heroïne"])
def test_ordinary_text_stays(text):
    assert mask(text, ["Anna de Vries"]) == text
