"""LASER 2 from the command line to the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.doubles import lay_out
from tests.index.tiny_laser import make
from tests.server.test_model_choice import TREE, Funcseek

if TYPE_CHECKING:
    from pathlib import Path


def test_laser_is_chosen_by_its_folder(fresh_home: Path, tmp_path: Path) -> None:
    funcseek = Funcseek(fresh_home, lay_out(tmp_path / "tree", TREE))
    laser = make(tmp_path / "laser2")
    funcseek.check_refused("model", "use", str(laser), "--pooling", "mean", says="LASER 2 has no settings but")
    funcseek.check("model", "use", str(laser), "--max-tokens", "64", "--device", "cpu")
    funcseek.check("doctor", says=f"{laser} lies in {laser}")
    funcseek.check("index", "--headless")
    assert funcseek.search("--no-service")["model"] == "laser2"
