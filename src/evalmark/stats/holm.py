"""Several claims at once: which of them are wrong, if none may be accused by chance."""

from collections.abc import Sequence


def holm(p_values: Sequence[float], alpha: float) -> tuple[int, ...]:
    """Places of the claims to reject, ascending: one of them is right with a chance of at most alpha (Holm 1979).

    For the entries of one pull request. Holds for anytime p-values (`Result.p_value`), however they depend.
    """
    ranked = sorted(range(len(p_values)), key=p_values.__getitem__)
    rejected = []
    for rank, place in enumerate(ranked):
        if p_values[place] > alpha / (len(ranked) - rank):
            break
        rejected.append(place)
    return tuple(sorted(rejected))


def e_bh(e_values: Sequence[float], alpha: float) -> tuple[int, ...]:
    """Places of the claims to reject, ascending: of these at most a share of alpha is right, on average (e-BH: Wang and
    Ramdas 2022).

    For queues of pull requests. The e-values must be those at the time of stopping, never the largest so far.
    """
    ranked = sorted(range(len(e_values)), key=e_values.__getitem__, reverse=True)
    enough = [rank for rank, place in enumerate(ranked, 1) if e_values[place] * rank >= len(ranked) / alpha]
    return tuple(sorted(ranked[: max(enough, default=0)]))
