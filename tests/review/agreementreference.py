# SPDX-FileCopyrightText: 2026 The Evalwright authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Agreement of ratings by the libraries that others use.

Reads from standard input {"cases": [{"ratings": items x raters, null where a rater did not rate, "categories": how many
are on offer}]} and writes {"versions": of the libraries, "numbers": for each case those below}; null where the library
gives none. Run by tst_agreementreference with the Python that EVALWRIGHT_REFERENCE_PYTHON names.

percent          pairs of raters of an item, mean over items with two ratings: counted here, by definition
fleiss           statsmodels, where nothing is missing
fleiss_missing   irrCAC (Gwet), with and without missing ratings, to the digits it can give
ac1              irrCAC
cohen, cohen_*   scikit-learn for the value, statsmodels for the interval; of exactly two raters
nominal, ordinal krippendorff
"""
import importlib.metadata
import json
import math
import sys
import warnings

import krippendorff
import numpy
import pandas
from irrCAC.raw import CAC
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import aggregate_raters, cohens_kappa, fleiss_kappa

DIGITS = 15


def number(value):
    return float(value) if value is not None and math.isfinite(value) else None


def percent(table):
    shares = []
    for row in table:
        given = [value for value in row if value is not None]
        pairs = len(given) * (len(given) - 1)
        if pairs:
            shares.append(sum(given[i] == given[k] for i in range(len(given)) for k in range(len(given)) if i != k) / pairs)
    return sum(shares) / len(shares) if shares else None


def alpha(data, level):
    try:
        return number(krippendorff.alpha(reliability_data=data.T, level_of_measurement=level))
    except ValueError:  # A single value, or nothing to pair.
        return None


def gwet(data, categories, name):
    rated = data[(~numpy.isnan(data)).any(axis=1)]
    if len(rated) == 0 or data.shape[1] < 2 or not ((~numpy.isnan(rated)).sum(axis=1) >= 2).any():
        return None
    if name == "fleiss" and len(set(rated[~numpy.isnan(rated)])) < 2:
        return None  # 0/0, which comes out as 1, or not at all, as the rounding has it.
    try:
        found = getattr(CAC(pandas.DataFrame(rated), categories=list(range(categories)), digits=DIGITS), name)()
    except ZeroDivisionError:
        return None
    return number(found["est"]["coefficient_value"])


def numbers(case):
    table, categories = case["ratings"], case["categories"]
    data = numpy.array([[numpy.nan if value is None else float(value) for value in row] for row in table])
    out = {"percent": percent(table), "nominal": alpha(data, "nominal"), "ordinal": alpha(data, "ordinal"),
           "fleiss_missing": gwet(data, categories, "fleiss"), "ac1": gwet(data, categories, "gwet"),
           "fleiss": None, "cohen": None, "cohen_low": None, "cohen_high": None}
    used = {value for row in table for value in row if value is not None}
    if data.shape[1] > 1 and not numpy.isnan(data).any() and len(used) > 1:
        counts, _ = aggregate_raters(data.astype(int))
        out["fleiss"] = number(fleiss_kappa(counts, method="fleiss"))
    raters = [k for k in range(data.shape[1]) if not numpy.isnan(data[:, k]).all()]
    if len(raters) == 2:
        pair = data[:, raters]
        pair = pair[~numpy.isnan(pair).any(axis=1)].astype(int)
        if len(pair) and len(set(pair.flatten())) > 1:
            out["cohen"] = number(cohen_kappa_score(pair[:, 0], pair[:, 1]))
            square = numpy.zeros((categories, categories))
            for first, second in pair:
                square[first, second] += 1
            found = cohens_kappa(square)
            out["cohen_low"], out["cohen_high"] = number(found.kappa_low), number(found.kappa_upp)
    return out


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    versions = {name: importlib.metadata.version(name) for name in ("irrCAC", "krippendorff", "scikit-learn", "statsmodels")}
    json.dump({"versions": versions, "numbers": [numbers(case) for case in json.load(sys.stdin)["cases"]]}, sys.stdout)
