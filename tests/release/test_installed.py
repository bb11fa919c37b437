"""What `make versions` runs is what it says: the installed wheel, and the place it promises."""

from __future__ import annotations

import codecs
import locale
import os
import sys
import sysconfig
import time
from pathlib import Path

import pytest

import salesgoal

LANE = os.environ.get("SALESGOAL_LANE", "").split()

pytestmark = pytest.mark.skipif(not LANE, reason="only of `make versions`")


def test_the_package_is_the_installed_one():
    site = Path(sysconfig.get_path("purelib"))
    assert Path(salesgoal.__file__).parent == site / "salesgoal"
    assert not [
        each for each in sys.path if (Path(each) / "salesgoal").is_dir() and Path(each) != site
    ]
    assert (site / "salesgoal" / "py.typed").exists()


def test_python_zone_seed_and_locale_are_those_of_the_lane():
    version, name, zone, seed = LANE
    assert "{}.{}".format(*sys.version_info[:2]) == version
    assert os.environ["TZ"] == zone
    assert (
        -time.timezone
        == {
            "Asia/Shanghai": 8 * 3600,
            "America/St_Johns": -12_600,
            "Pacific/Kiritimati": 14 * 3600,
        }[zone]
    )
    assert os.environ["PYTHONHASHSEED"] == seed
    charset = name.partition(".")[2] or "UTF-8"

    assert locale.setlocale(locale.LC_CTYPE) in {
        name,
        "C.UTF-8",
    }
    assert codecs.lookup(sys.getfilesystemencoding()).name == codecs.lookup(charset).name
