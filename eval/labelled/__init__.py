"""Published sets of claims labelled by people: one line for each.

`SETS[name].read(folder / SETS[name].file)` yields its pairs. They measure a judge and may train
one, but not both: what a judge learnt from tells nothing of it. No set is part of the product.
"""

from eval.labelled.climate_fever import CLIMATE_FEVER
from eval.labelled.expertqa import EXPERTQA
from eval.labelled.foolmetwice import FOOLMETWICE
from eval.labelled.healthver import HEALTHVER
from eval.labelled.pairs import Labelled
from eval.labelled.wice import WICE, WICE_CLAIMS

SETS: dict[str, Labelled] = {
    "wice": WICE,
    "wice-claims": WICE_CLAIMS,
    "expertqa": EXPERTQA,
    "climate-fever": CLIMATE_FEVER,
    "healthver": HEALTHVER,
    "foolmetwice": FOOLMETWICE,
}
