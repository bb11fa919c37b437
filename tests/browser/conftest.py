"""The system's Chromium, driven through driver.mjs; what that needs comes with ``npm ci``."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever stands here needs a browser."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


class Chromium:
    """One browser; `open` shows a page, and any other command speaks of that page."""

    def __init__(self, program: str) -> None:
        self._driver = subprocess.Popen(
            ["node", str(HERE / "driver.mjs"), program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def __call__(self, command: str, **given: object) -> object:
        self._driver.stdin.write(json.dumps({"command": command, **given}) + "\n")
        self._driver.stdin.flush()
        answer = self._driver.stdout.readline()
        assert answer, "the driver has ended"
        found = json.loads(answer)
        assert "error" not in found, found["error"]
        return found["value"]

    def open(self, path: Path, **given: object) -> None:
        self("open", url=path.as_uri(), **given)

    def run(self, code: str) -> object:
        return self("evaluate", code=code)

    def texts(self, selector: str) -> list[str]:
        return self("texts", selector=selector)

    def names(self) -> list[str]:
        """The names in the outline, as they stand."""
        return [text.strip() for text in self.texts(".outline tbody th")]

    def close(self) -> None:
        self._driver.stdin.close()
        try:
            self._driver.wait(20)
        except subprocess.TimeoutExpired:
            self._driver.kill()
            self._driver.wait()
        self._driver.stdout.close()


@pytest.fixture(scope="session")
def chromium():
    program = next(filter(None, map(shutil.which, CHROMIUM)), None)
    missing = [name for name in ("node", "npm", "pdftotext") if not shutil.which(name)]
    if program is None or missing:
        pytest.skip(f"no {' and no '.join(missing or ['chromium'])} here: apt install it")
    install()
    browser = Chromium(program)
    yield browser
    browser.close()


def install() -> None:
    """Puts the packages of the lock file in place, where they are not there yet."""
    lock, made = HERE / "package-lock.json", HERE / "node_modules" / ".package-lock.json"
    if not made.exists() or made.stat().st_mtime < lock.stat().st_mtime:
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        subprocess.run(command, cwd=HERE, check=True)
