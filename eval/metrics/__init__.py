"""Every metric by name: to add one, write its file and a line here.

A metric is a function of case, answer and judge (`eval.types.Scorer`) with what must be known to
read its figure (`eval.types.Metric`). Order is the order of reports.
"""

from eval.metrics.abstention import FALSE_ABSTENTION, HELD_BACK
from eval.metrics.as_of import AS_OF_CORRECTNESS
from eval.metrics.citations import CITATION_PRECISION, CITATION_RECALL
from eval.metrics.conflict import CONFLICT_SHOWN
from eval.metrics.context import CONTEXT_PRECISION, CONTEXT_RECALL
from eval.metrics.copying import COPY_RATE
from eval.metrics.correctness import ANSWER_CORRECTNESS
from eval.metrics.cost import COST
from eval.metrics.hard import (
    HARD_DATE,
    HARD_ID,
    HARD_IDENTIFIER,
    HARD_LOCATOR,
    HARD_NUMBER,
    HARD_PRODUCT,
)
from eval.metrics.latency import LATENCY
from eval.metrics.never import NEVER_SAID
from eval.metrics.noise import NOISE_IRRELEVANT, NOISE_RELEVANT
from eval.metrics.nuggets import (
    NUGGET_LENIENT_ALL,
    NUGGET_LENIENT_VITAL,
    NUGGET_STRICT_ALL,
    NUGGET_STRICT_VITAL,
)
from eval.metrics.quotes import QUOTE_EXACTNESS
from eval.metrics.repass import REPASS
from eval.metrics.retrieval import RETRIEVAL_MAP, RETRIEVAL_NDCG, RETRIEVAL_RECALL
from eval.metrics.support import CLAIM_SUPPORT, CONTRADICTION_RATE
from eval.types import Metric

METRICS: dict[str, Metric] = {
    "answer_correctness": ANSWER_CORRECTNESS,
    "nugget_strict_vital": NUGGET_STRICT_VITAL,
    "nugget_strict_all": NUGGET_STRICT_ALL,
    "nugget_lenient_vital": NUGGET_LENIENT_VITAL,
    "nugget_lenient_all": NUGGET_LENIENT_ALL,
    "false_abstention": FALSE_ABSTENTION,
    "unanswerable_held_back": HELD_BACK,
    "conflict_shown": CONFLICT_SHOWN,
    "quote_exactness": QUOTE_EXACTNESS,
    "as_of_correctness": AS_OF_CORRECTNESS,
    "hard_id": HARD_ID,
    "hard_locator": HARD_LOCATOR,
    "hard_number": HARD_NUMBER,
    "hard_date": HARD_DATE,
    "hard_identifier": HARD_IDENTIFIER,
    "hard_product": HARD_PRODUCT,
    "never_said": NEVER_SAID,
    "citation_recall": CITATION_RECALL,
    "citation_precision": CITATION_PRECISION,
    "claim_support": CLAIM_SUPPORT,
    "contradiction_rate": CONTRADICTION_RATE,
    "noise_relevant": NOISE_RELEVANT,
    "noise_irrelevant": NOISE_IRRELEVANT,
    "context_recall": CONTEXT_RECALL,
    "context_precision": CONTEXT_PRECISION,
    "retrieval_recall_10": RETRIEVAL_RECALL,
    "retrieval_map_10": RETRIEVAL_MAP,
    "retrieval_ndcg_10": RETRIEVAL_NDCG,
    "repass_local": REPASS,
    "copy_rate": COPY_RATE,
    "latency": LATENCY,
    "cost": COST,
}
