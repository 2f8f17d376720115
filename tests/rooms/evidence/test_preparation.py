"""How patients were prepared for the graft, on made-up groups."""

import pandas as pd
from casebook.evidence import preparation
from made_up_series import series


def test_the_groups_of_whom_something_is_told_are_counted():
    ready = pd.DataFrame(
        [("Silent", None, None), ("Told", "None.", None)], columns=["label", "conditioning", "prophylaxis"]
    )
    known = series(pretreatment=ready)
    assert preparation.said_told(known, "conditioning") == "1 of 2 groups"
    assert preparation.said_told(known, "prophylaxis") == "none of 2 groups"
