"""How patients were prepared for the graft, on made-up groups."""

import pandas as pd
from casebook.evidence import preparation
from made_up import live
from made_up_series import series


def test_what_is_told_of_the_graft_comes_first_and_is_counted():
    head = ["label", "material", "patients", "donor", "conditioning", "prophylaxis", "read_in", "caveat"]
    ready = pd.DataFrame(
        [
            ("Silent", "steel", 3, None, None, None, "abstract", None),
            ("Told", "glass", 2, None, "None.", None, "abstract", "Two."),
        ],
        columns=head,
    )  # fmt: skip
    known = series(pretreatment=ready, dictionary=live().dictionary)
    table = preparation.pretreatment_table(known, "conditioning", "prophylaxis")
    assert table["Transplanted after CAR T cells"].tolist() == ["Told", "Silent"]
    assert table["Read in, and caveat"].tolist() == ["Abstract. Two.", "Abstract."]
    assert preparation.said_told(known, "conditioning") == "1 of 2 groups"
    assert preparation.said_told(known, "prophylaxis") == "none of 2 groups"
