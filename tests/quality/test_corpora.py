"""Archives are unpacked with care, and what cannot be had is said in a sentence."""

from __future__ import annotations

import io
import json
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

from bench.quality.archives import Unavailable, unpack
from bench.quality.corpora import bring_all, functions_in
from bench.quality.packages import Package, packages
from bench.quality.questions import read_questions

PACKAGE = Package("pool", "npm", "pool", "1.0", "0" * 64, ("python",), (), "fit")
MULTILINGUAL = Path(__file__).parents[2] / "bench" / "quality" / "multilingual.jsonl"


def archive(folder: Path, *names: str, link: str = "") -> Path:
    place = folder / "pool.tgz"
    with tarfile.open(place, "w:gz") as tar:
        for name in names:
            member = tarfile.TarInfo(name)
            member.size = 4
            tar.addfile(member, io.BytesIO(b"x=1\n"))
        if link:
            member = tarfile.TarInfo("pool/link")
            member.type, member.linkname = tarfile.SYMTYPE, link
            tar.addfile(member)
    return place


def unpacked(folder: Path, place: Path, folders: tuple[str, ...] = ()) -> list[str]:
    target = folder / "out"
    unpack(place, target, folders)
    return sorted(str(one.relative_to(target)) for one in target.rglob("*") if one.is_file())


def test_top_folder_is_left_away_and_links_are_not_followed(tmp_path: Path) -> None:
    place = archive(tmp_path, "pool/a.py", "./pool/b/c.py", link="/etc/passwd")
    assert unpacked(tmp_path, place) == ["a.py", "b/c.py"]


def test_only_the_folders_and_patterns_named_are_kept(tmp_path: Path) -> None:
    place = archive(tmp_path, "p/src/a.c", "p/src/b.h", "p/src/deep/c.c", "p/lib/d.c", "p/e.c")
    assert unpacked(tmp_path, place, ("src/*.c", "lib")) == ["lib/d.c", "src/a.c"]


@pytest.mark.parametrize("name", ["pool/../../evil.py", "../evil.py", "pool\\..\\evil.py"])
def test_archive_that_reaches_outside_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(Unavailable, match="unsafe"):
        unpacked(tmp_path, archive(tmp_path, name))
    assert not (tmp_path / "evil.py").exists()


def test_package_that_cannot_be_had_is_named_and_the_others_are_brought(tmp_path: Path) -> None:
    here = tmp_path / "corpora" / PACKAGE.key
    here.mkdir(parents=True)
    (here / "a.py").write_text("def take(): pass\n", encoding="utf-8")
    gone = replace(PACKAGE, name="gone", registry="npm", package="./no-such-folder-here")
    roots, missing = bring_all([gone, PACKAGE], tmp_path)
    assert roots == {"pool": here}
    assert len(missing) == 1
    assert missing[0].startswith("gone is left out: npm did not give ./no-such-folder-here 1.0")
    assert [(path, one.name) for path, one in functions_in(here)] == [("a.py", "take")]


def test_multilingual_questions_are_about_packages_of_the_table() -> None:
    asked, table = list(read_questions(MULTILINGUAL)), packages()
    assert len(asked) == 332
    assert {one.corpus for one in asked} <= set(table)
    intent = MULTILINGUAL.with_name("intent.jsonl")
    if not intent.exists():
        pytest.skip("the questions they translate are not here")
    answers = {one["id"]: one["answers"] for one in map(json.loads, intent.read_text(encoding="utf-8").splitlines())}
    for one in map(json.loads, MULTILINGUAL.read_text(encoding="utf-8").splitlines()):
        assert one["answers"] == answers["intent:" + one["id"].split(":", 2)[2]]


def test_nonsense_alone_may_have_no_answers(tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    fields = {"id": "n", "query": "q", "corpus": "c", "language": "go", "kind": "nonsense", "answers": []}
    file.write_text(json.dumps(fields) + "\n", encoding="utf-8")
    assert [one.answers for one in read_questions(file)] == [()]
    file.write_text(json.dumps({**fields, "kind": "doc"}) + "\n", encoding="utf-8")
    with pytest.raises(ValueError, match="line 1"):
        list(read_questions(file))
