"""The one list of all rules, also of those that `formats` finds while it parses.

The documentation, the corpus, `--select`, `--ignore` and `--explain` derive from it.
"""

from collections.abc import Collection, Mapping
from types import MappingProxyType

from evalmark.checks.rule import Rule
from evalmark.errors import UsageProblem
from evalmark.finding import Finding, Fix, Place, Severity
from evalmark.formats.translate import did_you_mean

_ERROR, _WARNING, _INFO = Severity.ERROR, Severity.WARNING, Severity.INFO

RULES: tuple[Rule, ...] = (
    # The YAML of both files.
    Rule("yaml-encoding", _ERROR, "The file is not UTF-8."),
    Rule("yaml-byte-order-mark", _WARNING, "The file begins with a byte order mark."),
    Rule("yaml-too-large", _ERROR, "The file is larger than 64 kB."),
    Rule("yaml-syntax", _ERROR, "The file is not YAML."),
    Rule("yaml-character", _ERROR, "A character that YAML readers refuse or differ about."),
    Rule("yaml-directive", _ERROR, "A `%` directive."),
    Rule("yaml-several-documents", _ERROR, "More than one YAML document in a file."),
    Rule("yaml-too-deep", _ERROR, "More than eight levels of lists and mappings."),
    Rule("yaml-anchor", _ERROR, "An anchor (`&name`)."),
    Rule("yaml-alias", _ERROR, "An alias (`*name`)."),
    Rule("yaml-tag", _ERROR, "A tag (`!!str`)."),
    Rule("yaml-merge-key", _ERROR, "A merge key (`<<`)."),
    Rule("yaml-duplicate-key", _ERROR, "A key twice in one mapping."),
    Rule("yaml-key", _ERROR, "A key that is no text."),
    Rule(
        "yaml-versions-differ", _ERROR, "A value that YAML 1.1 and 1.2 read differently.", milder=_WARNING, mends=True
    ),
    # Every field.
    Rule("unknown-key", _ERROR, "A key that the format does not have.", milder=_WARNING, mends=True),
    Rule("field-type", _ERROR, "A value of the wrong kind."),
    Rule("field-missing", _ERROR, "A key is missing that its mapping needs."),
    # `.eval_results/*.yaml`.
    Rule("results-empty", _ERROR, "No entries."),
    Rule("results-not-a-list", _ERROR, "The file is not a list of entries."),
    Rule("results-too-many", _ERROR, "More than 200 entries in a file."),
    Rule("entry-not-a-mapping", _ERROR, "An entry without keys."),
    Rule("dataset-missing", _ERROR, "An entry without `dataset`."),
    Rule("dataset-id-missing", _ERROR, "`dataset` without `id`."),
    Rule("dataset-id-form", _ERROR, "`dataset.id` is not `owner/name`."),
    Rule("task-id-missing", _ERROR, "No task id."),
    Rule("revision-form", _ERROR, "`dataset.revision` is not a full git commit."),
    Rule("value-missing", _ERROR, "An entry without `value`."),
    Rule("value-not-a-number", _ERROR, "`value` is not a finite number.", mends=True),
    Rule("value-implausible", _WARNING, "`value` is above 100, so it can hardly be a score."),
    Rule("date-not-quoted", _ERROR, "`date` without quotes is no text to many readers.", mends=True),
    Rule("date-form", _ERROR, "`date` is not an ISO 8601 date or datetime.", mends=True),
    Rule("date-in-future", _WARNING, "`date` has not come yet."),
    Rule("source-url-missing", _ERROR, "`source` without `url`."),
    Rule("source-url-form", _ERROR, "`source.url` is not a web address."),
    Rule("source-no-evidence", _WARNING, "`source.url` is a tool's home page, not what supports the score."),
    Rule("source-is-a-model-card", _INFO, "`source.url` is a model's own page."),
    Rule("source-name-form", _WARNING, "`source.user` or `source.org` is no Hugging Face name.", mends=True),
    Rule("source-user-and-org", _WARNING, "Both `source.user` and `source.org`."),
    Rule("source-org-as-user", _WARNING, "An organisation in `source.user`.", mends=True),
    Rule("notes-spelling", _WARNING, "`notes` names a known set-up in an unusual spelling.", mends=True),
    Rule("notes-default", _WARNING, "`notes` names the usual set-up, which is written by leaving it out.", mends=True),
    Rule("entry-twice", _WARNING, "An entry that is already there."),
    Rule("entry-contradicts", _ERROR, "Two values for one benchmark, task and variant."),
    # Where files are.
    Rule("file-suffix", _ERROR, "A file ends in `.yml`, which the Hub does not read.", mends=True),
    Rule("results-nested", _ERROR, "A results file in a folder below `.eval_results`.", mends=True),
    Rule("results-file-name", _WARNING, "A results file with an unusual name."),
    Rule("results-in-dataset-repo", _ERROR, "`.eval_results` in a dataset repo."),
    Rule("benchmark-not-at-root", _WARNING, "`eval.yaml` below the root.", mends=True),
    Rule("file-is-a-link", _ERROR, "A link instead of a file."),
    # `eval.yaml`.
    Rule("benchmark-not-a-mapping", _ERROR, "The benchmark is not a mapping."),
    Rule("other-format", _ERROR, "An `eval.yaml` of another tool."),
    Rule("euroeval-keys", _WARNING, "Keys that only EuroEval reads."),
    Rule("name-missing", _WARNING, "A benchmark without `name`."),
    Rule("description-missing", _WARNING, "A benchmark without `description`."),
    Rule("framework-missing", _WARNING, "A benchmark without `evaluation_framework`."),
    Rule("framework-unknown", _WARNING, "`evaluation_framework` is not on the Hub's list."),
    Rule("tasks-missing", _ERROR, "A benchmark without tasks."),
    Rule("task-not-a-mapping", _ERROR, "A task without keys."),
    Rule("task-id-duplicate", _ERROR, "Two tasks with one id."),
    Rule("task-id-slash", _WARNING, "A task id with a slash."),
    Rule("dataset-id-hf", _ERROR, "A repo whose name makes Inspect's loader fail."),
    Rule("field-spec-missing", _ERROR, "An Inspect task without `field_spec`."),
    Rule("solvers-missing", _ERROR, "An Inspect task without solvers."),
    Rule("scorers-missing", _ERROR, "An Inspect task without scorers."),
    Rule("solver-unknown", _ERROR, "A solver that Inspect does not allow."),
    Rule("scorer-unknown", _ERROR, "A scorer that Inspect does not allow."),
    Rule("epochs-form", _ERROR, "`epochs` is not a whole number of at least 1."),
    Rule("epoch-reducer-form", _ERROR, "`epoch_reducer` is none of Inspect's."),
    # Can the benchmark be rerun, safely and with the same result?
    Rule("argument-opens-a-place", _ERROR, "An argument that Inspect would open as a file or address."),
    Rule("judge-missing", _WARNING, "A judging scorer without a judge: the model grades itself."),
    Rule("judge-not-pinned", _WARNING, "A judge that can change under its name."),
    Rule("judge-paid", _INFO, "A judge that costs whoever reruns the benchmark."),
    Rule("choices-shuffled", _INFO, "Choices in random order, without a seed."),
    Rule("epochs-multiply-cost", _INFO, "Every sample is answered several times."),
    Rule("tools-need-a-sandbox", _INFO, "The model gets tools."),
    Rule("image-input", _INFO, "Samples with images."),
    # `.evalmark.toml`.
    Rule("toml-encoding", _ERROR, "The declaration is not UTF-8."),
    Rule("toml-byte-order-mark", _WARNING, "The declaration begins with a byte order mark."),
    Rule("toml-too-large", _ERROR, "The declaration is larger than 64 kB."),
    Rule("toml-syntax", _ERROR, "The declaration is not TOML."),
    Rule("toml-too-deep", _ERROR, "More than eight levels of tables and lists."),
    Rule("unit-unknown", _ERROR, "`unit` is neither `fraction` nor `percent`."),
    Rule("direction-unknown", _ERROR, "`direction` does not say which scores are better."),
    Rule("tolerance-range", _ERROR, "`tolerance` is not above 0 and at most 1."),
    Rule("tolerance-loose", _WARNING, "`tolerance` is above 0.05."),
    Rule("noise-range", _ERROR, "`noise` is not from 0 to 0.25."),
    Rule("setting-range", _ERROR, "A setting is none that a model can sample with."),
    Rule("seed-shared", _ERROR, "A `seed` among the settings."),
    Rule("variant-name", _ERROR, "A variant that no entry can name, or one that stands twice."),
    Rule("judge-form", _ERROR, "A judge is neither `self` nor `provider/name`."),
    Rule("tokens-range", _ERROR, "`tokens_per_sample` does not hold numbers of tokens."),
    Rule("trusted-key-form", _ERROR, "A trusted key is not `ed25519:` and 32 bytes in base64."),
    Rule("trusted-key-period", _ERROR, "A trusted key's last day is before its first."),
    Rule("declared-task-unknown", _WARNING, "A task is declared that `eval.yaml` does not define."),
    # With facts.
    Rule("benchmark-exists", _ERROR, "The dataset is missing or no benchmark.", needs_facts=True),
    Rule("benchmark-unusable", _WARNING, "The benchmark's own `eval.yaml` has errors.", needs_facts=True),
    Rule("task-exists", _ERROR, "The benchmark does not define the task.", needs_facts=True),
    Rule("revision-exists", _ERROR, "The benchmark does not have the revision.", needs_facts=True),
    Rule("unit-disagrees", _WARNING, "The value's unit is not the leaderboard's.", needs_facts=True),
    Rule("hub-refuses", _ERROR, "The Hub refuses the file.", needs_facts=True),
    Rule("already-claimed", _INFO, "The same score is already reported.", needs_facts=True),
    Rule("contradicts-a-claim", _WARNING, "Another value is already reported.", needs_facts=True),
    Rule("hub-unreachable", _WARNING, "The Hub could not be asked.", needs_facts=True),
)

RULE_BY_ID: Mapping[str, Rule] = MappingProxyType({rule.id: rule for rule in RULES})


def found(rule: str, place: Place, message: str, advice: str, fix: Fix | None = None) -> Finding:
    """A finding of a registered rule, with its severity."""
    return Finding(rule, RULE_BY_ID[rule].severity, place, message, advice, fix)


def known_rules(ids: Collection[str]) -> frozenset[str]:
    """The ids as a set. Raises `UsageProblem` for one that no rule has."""
    for rule in ids:
        if rule not in RULE_BY_ID:
            meant = did_you_mean(rule, RULE_BY_ID)
            raise UsageProblem(
                f"there is no rule `{rule}`",
                f"did you mean `{meant}`?" if meant else "the rules are listed in docs/rules.md",
            )
    return frozenset(ids)
