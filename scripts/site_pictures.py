"""Make a picture of each page of the dashboard, light and dark, wide and as on a phone, to look at.

    python -m scripts.site_pictures FOLDER

Needs Debian's `chromium`. The pictures are not kept.
"""

import sys
import tempfile
from pathlib import Path

from tests.browser.world import browser, claim_of, static_site

SIZES = {"wide": (1360, 900), "phone": (390, 844)}
LONGEST = 1900


def pages() -> dict[str, str]:
    """Every kind of page, by its name in the pictures."""
    return {
        "front": "",
        "board": "boards/acme/sums/sums/",
        "board-filtered": "boards/acme/sums/sums/?min_rung=sampled&sort=score",
        "board-small": "boards/acme/errors/wer/",
        "models": "models/",
        "model": "models/acme/adder/",
        "model-disputed": "models/delta/said/",
        "model-hostile": "models/evil/name/",
        "claim": f"claims/{claim_of('acme/adder').id}/",
        "claim-contradicted": f"claims/{claim_of('zeta/boast').id}/",
        "claim-hostile": f"claims/{claim_of('evil/name').id}/",
        "conflicts": "conflicts/",
        "missing": "404.html",
    }


def main(argv: list[str]) -> int:
    """Write `FOLDER/<page>-<size>-<colours>.png`."""
    folder = Path(argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place, static_site(Path(place)) as address, browser() as chromium:
        for size, (width, height) in SIZES.items():
            for colours in ("light", "dark"):
                with chromium.new_context(
                    viewport={"width": width, "height": height}, color_scheme="dark" if colours == "dark" else "light"
                ) as context:
                    page = context.new_page()
                    for name, where in pages().items():
                        page.goto(f"{address}{where}", wait_until="networkidle")
                        height_of_page = int(page.evaluate("document.body.scrollHeight"))
                        page.set_viewport_size({"width": width, "height": min(max(height_of_page, height), LONGEST)})
                        page.screenshot(path=folder / f"{name}-{size}-{colours}.png")
                        page.set_viewport_size({"width": width, "height": height})
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
