"""The registry of loaders: one line for each source that a subscription can name."""

from collections.abc import Mapping

from sources.ecfr import ecfr
from sources.federal_register import federal_register
from sources.loaders import Loader
from sources.pages import feed, page
from sources.screening_list import screening_list

LOADERS: Mapping[str, Loader] = {
    "federal_register": federal_register,
    "ecfr": ecfr,
    "screening_list": screening_list,
    "feed": feed,
    "page": page,
}
