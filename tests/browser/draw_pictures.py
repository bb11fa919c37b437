"""Draws the pictures of the page in docs/images, of what the command writes today."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from browser.conftest import CHROMIUM, Chromium, install  # noqa: E402 - found by the line above
from journeys.test_page_journey import lay_out_500_goals  # noqa: E402

from salesgoal.cli.main import run  # noqa: E402

IMAGES = HERE.parents[1] / "docs" / "images"
PICTURES = {
    "page": {"width": 1280, "height": 860},
    "page-tree": {"width": 1180, "height": 620, "theme": "dark"},
    "page-phone": {"width": 390, "height": 760},
}
TREE = "[...document.querySelectorAll('section')].find(each => each.querySelector('.outline'))"
READY = {
    "page": "scrollTo(0, 0)",
    "page-tree": f"{TREE}.querySelectorAll('.fold')[2].click(), {TREE}.scrollIntoView()",
    "page-phone": f"{TREE}.scrollIntoView()",
}


def main() -> None:
    """Writes a report of 500 goals and looks at it three times."""
    install()
    browser = Chromium(next(filter(None, map(shutil.which, CHROMIUM))))
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "report.html"
        plan = lay_out_500_goals(Path(folder) / "plan")
        run(
            [str(each) for each in ("report", plan, "--format", "html", "-o", page)]
            + ["--as-of", "2026-11-25"]
        )
        for name, view in PICTURES.items():
            browser.open(page, **view)
            browser.run(READY[name])
            browser("picture", path=str(IMAGES / f"{name}.png"))
    browser.close()


if __name__ == "__main__":
    main()
