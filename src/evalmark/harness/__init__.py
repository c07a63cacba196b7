"""Results of other harnesses, read into one form: one module a harness, each a pure function of parsed files."""

from evalmark.harness.every_eval_ever import EveryEvalEver
from evalmark.harness.helm import Helm
from evalmark.harness.lighteval import Lighteval
from evalmark.harness.lm_eval import LmEval
from evalmark.harness.mteb import Mteb
from evalmark.harness.reader import Reader

READERS: tuple[Reader, ...] = (LmEval(), Lighteval(), Helm(), Mteb(), EveryEvalEver())
