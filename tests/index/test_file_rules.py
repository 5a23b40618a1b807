"""Which files of a root count: what git tracks, what is left out by default, what asks to be read all the same."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from funcseek.index.catalogue import known_files, open_catalogue
from funcseek.index.code_index import CodeIndex, Home, search
from funcseek.index.content import MAX_FILE_BYTES
from funcseek.index.files import GENERATED, WANTED, enclosing_root, look, scan
from funcseek.index.hits import Query
from funcseek.index.omissions import Omission, explain, survey
from tests.doubles import lay_out
from tests.index.git_program import git
from tests.index.trees import BY_DEFAULT, CODE, check, plant

if TYPE_CHECKING:
    from pathlib import Path

needs_git = pytest.mark.skipif(not shutil.which("git"), reason="only git can track files")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "repository"
    root.mkdir()
    git(root, "init", "-q", ".")
    return root


def track(root: Path, *paths: str) -> None:
    plant(root, *paths)
    git(root, "add", "-f", "--", *paths)


@needs_git
def test_tracked_files_count_though_git_ignores_them_and_nothing_beside_them_does(repository: Path) -> None:
    track(repository, "gen/a.py", "gen/in/b.py", "x.gen.py")
    plant(repository, "gen/c.py", "gen/in/d.py", "gen/other/e.py", "y.gen.py", "f.py")
    plant(repository, ".gitignore", data=b"gen/\n*.gen.py\n")
    check(repository, "gen/a.py", "gen/in/b.py", "x.gen.py", "f.py")
    assert explain(repository, "gen/c.py") == ('gen/c.py is not searched: line 1 of .gitignore leaves it out ("gen/").')


@needs_git
def test_what_builds_write_counts_where_it_is_tracked_and_dependencies_do_not(repository: Path) -> None:
    track(repository, "src/build/a.py", "vendor/a.py", "dist/a.py", "node_modules/a.js")
    plant(repository, "src/build/out.py", "build/b.py", "target/b.py")
    check(repository, "src/build/a.py")


@needs_git
def test_our_own_ignore_file_is_stronger_than_what_is_tracked(repository: Path) -> None:
    track(repository, "gen/a.py", "gen/b.py", "c.py")
    plant(repository, "gen/d.py")
    plant(repository, ".gitignore", data=b"gen/\n")
    plant(repository, ".funcseekignore", data=b"gen/b.py\nc.py\n")
    check(repository, "gen/a.py")
    plant(repository, ".funcseekignore", data=b"!gen/\n")
    check(repository, "gen/a.py", "gen/b.py", "gen/d.py", "c.py")


@needs_git
def test_a_damaged_index_costs_the_tracked_files_and_is_told(repository: Path) -> None:
    track(repository, "gen/a.py", "b.py")
    plant(repository, ".gitignore", data=b"gen/\n")
    plant(repository, ".git/index", data=b"DIRC" + bytes(100))
    check(repository, "b.py")
    assert explain(repository, "gen/a.py") == (
        'gen/a.py is not searched: line 1 of .gitignore leaves it out ("gen/"); '
        "what git tracks is not known, because its index is of a version that funcseek does not know."
    )


@needs_git
def test_submodules_nested_repositories_and_worktrees_have_their_own_tracked_files(repository: Path) -> None:
    for inner in ("sub", "nested"):
        git(repository, "init", "-q", inner)
        track(repository / inner, "gen/a.py")
        plant(repository / inner, "gen/b.py", "c.log.py")
        plant(repository / inner, ".gitignore", data=b"gen/\n")
        git(repository / inner, "commit", "-q", "-m", "some")
    git(repository, "-c", "advice.addEmbeddedRepo=false", "add", "sub")
    git(repository / "nested", "worktree", "add", "-q", "--detach", "../tree")
    plant(repository, "tree/gen/b.py")
    plant(repository, "tree/.gitignore", data=b"gen/\n")
    # Of a nested repository git sees no more than the one path of its folder.
    plant(repository, ".gitignore", data=b"*.log.py\n")
    check(
        repository, "sub/gen/a.py", "sub/c.log.py", "nested/gen/a.py", "nested/c.log.py", "tree/gen/a.py",
    )  # fmt: skip


@needs_git
def test_a_folder_with_tracked_files_belongs_to_its_repository_though_it_is_ignored(repository: Path) -> None:
    track(repository, "gen/in/a.py")
    plant(repository, "out/a.py")
    plant(repository, ".gitignore", data=b"gen/\nout/\n")
    assert enclosing_root(repository / "gen" / "in") == repository
    assert enclosing_root(repository / "out") == repository / "out"


@needs_git
def test_the_parts_of_a_bare_repository_are_no_source(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "--bare", "store.git")
    plant(tmp_path, "store.git/hooks/a.py", "store.git/refs/heads/b.py", "store.git/tree/c.py")
    # Names alone make none.
    plant(tmp_path, "plain/objects/a.py", "plain/refs/b.py", "plain/hooks/c.py")
    check(tmp_path, "store.git/tree/c.py", "plain/objects/a.py", "plain/refs/b.py", "plain/hooks/c.py")
    assert explain(tmp_path, "store.git/hooks/a.py") == "store.git/hooks/a.py is not searched: it belongs to git."
    check(tmp_path / "store.git", "tree/c.py")


@pytest.mark.parametrize("name", [".env.py", ".env.local.sh", ".env/bin/run.py", "deep/.env.ps1"])
def test_variables_of_an_environment_are_left_out_whatever_language_they_are_in(tmp_path: Path, name: str) -> None:
    plant(tmp_path, "env/a.py", "environment.py", "my.env.py", name)
    check(tmp_path, "env/a.py", "environment.py", "my.env.py")


@pytest.mark.parametrize("name", [".env", ".envrc", "id_rsa", "server.pem", "tls.key", ".npmrc", ".netrc", ".env.bak"])
def test_files_of_secrets_are_not_searched(tmp_path: Path, name: str) -> None:
    plant(tmp_path, name)
    check(tmp_path)


@pytest.mark.parametrize(
    "folder", ["node_modules", "vendor", ".env", "build", "cmake-build-debug", ".ipynb_checkpoints"]
)
def test_a_line_of_our_own_ignore_file_brings_back_what_is_left_out_by_default(tmp_path: Path, folder: str) -> None:
    plant(tmp_path, f"in/{folder}/a.py")
    check(tmp_path)
    assert f'"!{folder[:5]}' in explain(tmp_path, f"in/{folder}")
    plant(tmp_path, ".funcseekignore", data=f"!{folder}/\n".encode())
    check(tmp_path, f"in/{folder}/a.py")


@pytest.mark.parametrize("folder", ["third_party", "external", "deps", "out", "bin", "obj", "env", "coverage", "lib"])
def test_folders_that_people_write_in_are_searched(tmp_path: Path, folder: str) -> None:
    plant(tmp_path, f"{folder}/a.py")
    check(tmp_path, f"{folder}/a.py")


UNFIT = {
    "a.min.js": b"function retry() {}\n",
    "bundle.js": b"function retry(){return 1};" * 200,
    "image.py": CODE + b"\0\0\0",
    "large.py": CODE + b"#" * MAX_FILE_BYTES,
}


def told(root: Path) -> dict[str, str]:
    return {item.path: item.reason if isinstance(item, Omission) else item.language for item in survey(root)}


@pytest.mark.parametrize("name", UNFIT)
def test_a_file_asked_for_by_name_is_read_whatever_it_looks_like(tmp_path: Path, name: str) -> None:
    plant(tmp_path, name, data=UNFIT[name])
    assert told(tmp_path)[name].startswith("is not searched: it is ")
    plant(tmp_path, ".funcseekignore", data=f"!{name}\n".encode())
    assert told(tmp_path)[name] in ("javascript", "python")
    found = look(tmp_path, name)
    assert found is not None
    assert found.marks == WANTED


def test_a_list_of_what_alone_is_searched_asks_for_nothing_unfit(tmp_path: Path) -> None:
    plant(tmp_path, "bundle.js", data=UNFIT["bundle.js"])
    plant(tmp_path, "a.js", "b.py")
    plant(tmp_path, ".funcseekignore", data=b"*\n!*.js\n")
    assert {file.path: file.marks for file in scan(tmp_path)} == {"a.js": 0, "bundle.js": 0}


@pytest.mark.parametrize(
    "name",
    ["net_pb2.py", "net_pb2_grpc.pyi", "net.pb.go", "net.pb.gw.go", "net.pb.cc", "user.g.dart", "user.freezed.dart",
     "Form1.Designer.cs", "schema.generated.ts", "zz_generated.deepcopy.go", "moc_window.cpp", "grammar.tab.c"],
)  # fmt: skip
def test_a_name_that_only_generators_give_is_marked(tmp_path: Path, name: str) -> None:
    plant(tmp_path, f"in/{name}")
    assert [file.marks for file in scan(tmp_path)] == [GENERATED]
    assert explain(tmp_path, f"in/{name}").endswith("although its name or .gitattributes says that a program wrote it.")
    plant(tmp_path, ".gitattributes", data=f"{name} -linguist-generated".encode())
    assert [file.marks for file in scan(tmp_path)] == [0]


@pytest.mark.parametrize("name", ["pb2.py", "generated.py", "designer.cs", "pb.go", "regenerated.go", "code_gen.go"])
def test_a_name_that_people_give_is_not_marked(tmp_path: Path, name: str) -> None:
    plant(tmp_path, name)
    assert [file.marks for file in scan(tmp_path)] == [0]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"*.py linguist-generated", ["a.py", "d/a.py", "d/e/a.py", "d/e/b c.py"]),
        (b"*.py text eol=lf linguist-generated=true diff", ["a.py", "d/a.py", "d/e/a.py", "d/e/b c.py"]),
        (b"/a.py linguist-generated\r\n", ["a.py"]),
        (b"d/* linguist-generated", ["d/a.py"]),
        (b"d/** linguist-generated", ["d/a.py", "d/e/a.py", "d/e/b c.py"]),
        (b"d/ linguist-generated", []),
        (b"*.py linguist-generated\nd/** -linguist-generated", ["a.py"]),
        (b"*.py linguist-generated\na.py linguist-generated=false", ["d/e/b c.py"]),
        (b'"d/e/b c.py" linguist-generated', ["d/e/b c.py"]),
        (b"*.py linguist-vendored", []),
        (b"# *.py linguist-generated\n!*.py linguist-generated\n[attr]x linguist-generated\n", []),
        (b"*.py\n linguist-generated *.py\n\xff\xfe*\0.\0p\0y\0", []),
    ],
)
def test_attributes_mark_what_git_would_give_them_to(tmp_path: Path, line: bytes, expected: list[str]) -> None:
    plant(tmp_path, "a.py", "d/a.py", "d/e/a.py", "d/e/b c.py")
    plant(tmp_path, ".gitattributes", data=line)
    assert [file.path for file in scan(tmp_path) if file.marks & GENERATED] == expected
    for file in scan(tmp_path):
        assert look(tmp_path, file.path) == file


def test_the_nearest_attributes_decide_and_those_of_the_repository_above_all(tmp_path: Path) -> None:
    plant(tmp_path, "a.py", "d/a.py", "d/e/a.py", ".git/HEAD")
    plant(tmp_path, ".gitattributes", data=b"*.py linguist-generated")
    plant(tmp_path, "d/.gitattributes", data=b"*.py -linguist-generated")
    plant(tmp_path, ".git/info/attributes", data=b"d/e/* linguist-generated")
    assert {file.path: file.marks for file in scan(tmp_path)} == {"a.py": 1, "d/a.py": 0, "d/e/a.py": 1}


def test_a_mark_that_changes_is_taken_up_without_a_change_of_the_file(tmp_path: Path) -> None:
    root = lay_out(tmp_path / "root", "--- a.py\ndef retry():\n    pass\n--- b.py\ndef fetch():\n    pass\n")
    home = Home(tmp_path / "home")

    def marked() -> set[str]:
        with CodeIndex(root, home) as index:
            for _ in index.scan():
                pass
            reader = index.reader()
            hits = search([(reader, "")], Query("retry fetch")).hits
            reader.close()
        return {hit.function.name for hit in hits if hit.function.is_generated}

    assert marked() == set()
    plant(root, ".gitattributes", data=b"b.py linguist-generated")
    assert marked() == {"fetch"}
    catalogue = open_catalogue(home.index_of(root) / "catalogue.db", home.vector_cache)
    assert {path: known[5] for path, known in known_files(catalogue).items()} == {"a.py": 0, "b.py": GENERATED}
    catalogue.close()
    (root / ".gitattributes").unlink()
    assert marked() == set()


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-32"])
def test_an_ignore_file_in_another_encoding_says_nothing_as_with_git(tmp_path: Path, encoding: str) -> None:
    plant(tmp_path, "a.py", "d/a.py")
    plant(tmp_path, ".gitignore", ".funcseekignore", data="*.py\r\n/d/\r\n".encode(encoding))
    check(tmp_path, "a.py", "d/a.py")


def test_ignore_files_that_cannot_be_read_leave_nothing_out(tmp_path: Path) -> None:
    plant(tmp_path, "a.py", "b/a.py", "c/a.py")
    os.mkfifo(tmp_path / ".gitignore")
    os.mkfifo(tmp_path / ".gitattributes")
    (tmp_path / ".funcseekignore").symlink_to("/dev/zero")
    (tmp_path / "b" / ".gitignore").mkdir()
    (tmp_path / "c" / ".gitignore").symlink_to(".gitignore")
    (tmp_path / ".git").symlink_to(".git")
    check(tmp_path, "a.py", "b/a.py", "c/a.py")


def test_a_survey_of_a_part_tells_the_same_of_it_as_one_of_all(tmp_path: Path) -> None:
    plant(tmp_path, "a.py", "sub/b.py", "sub/in/c.py", "sub/in/d.log", "sub/dist/e.py", "subway/f.py")
    plant(tmp_path, ".gitignore", data=b"*.log\n")
    whole = list(survey(tmp_path))
    for below in ("sub", "sub/in", "sub/b.py", "sub/dist", "none"):
        inside = [item for item in whole if item.path == below or item.path.startswith(f"{below}/")]
        assert list(survey(tmp_path, below)) == inside
    assert Omission("sub/dist", BY_DEFAULT.format("dist/")) in whole


def test_a_root_inside_another_is_searched_by_the_rules_within_it_alone(tmp_path: Path) -> None:
    plant(tmp_path, "inner/a.py", "inner/gen/b.py", "c.py")
    plant(tmp_path, ".funcseekignore", data=b"gen/\n")
    check(tmp_path, "inner/a.py", "c.py")
    check(tmp_path / "inner", "a.py", "gen/b.py")
