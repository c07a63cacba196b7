"""The numbers for Prometheus."""

from evalmark.web.metrics import Metrics


def test_metrics__verdicts_by_their_words() -> None:
    metrics = Metrics()
    metrics.verified("2 mismatch, 1 not-rerunnable; answered", 12.0)
    metrics.verified("no claims; nothing was said", 0.5)
    metrics.verified("9 acme/evil; 7 verified", 0.5)
    text = metrics.text().decode()

    assert 'evalmark_verdicts_total{verdict="mismatch"} 2.0' in text
    assert 'evalmark_verdicts_total{verdict="not-rerunnable"} 1.0' in text
    assert 'verdict="verified"' not in text
    assert "evil" not in text
    assert "evalmark_verification_seconds_count 3.0" in text
