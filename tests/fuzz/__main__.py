"""``python -m tests.fuzz --seconds 60``: looks for inputs that break a target, guided by the coverage of our own code.

The targets share the time, one process each. What is found lies in ``crashes/TARGET/``: commit it, and
``test_corpus.py`` tries it for ever. Inputs that reached new code lie in ``found/``, which git ignores; ``--keep``
copies the smallest of them into ``corpus/``, where the next run begins.
"""

from __future__ import annotations

import argparse
import base64
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).parent
PROGRAMS, CORPUS, FOUND, CRASHES = (HERE / name for name in (".programs", "corpus", "found", "crashes"))
# A file that size is parsed in milliseconds; in one of 9 KB a grammar can ask for gigabytes, which a worker bounds.
MAX_BYTES = 2000
# Two regions at the parser's own limit of time, on a busy machine.
MAX_SECONDS = 60
MAX_MEGABYTES = 3000
# Of each target: some 10 kB.
MOST_KEPT = 60
# Of what is told of a find.
MOST_LINES = 80


def keep(target: str) -> None:
    """Put the smallest inputs that reached new code in place of the corpus."""
    found = [path for path in (FOUND / target).iterdir() if not path.name.startswith("seed")]
    shutil.rmtree(CORPUS / target, ignore_errors=True)
    (CORPUS / target).mkdir(parents=True)
    for path in sorted(found, key=lambda path: path.stat().st_size)[:MOST_KEPT]:
        shutil.copy(path, CORPUS / target)


def run(target: str, seconds: int) -> int:
    """Fuzz one target in a process of its own, print what became of it, and return its exit status."""
    for folder in (FOUND / target, CRASHES / target, CORPUS / target):
        folder.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        [
            sys.executable, "-m", "tests.fuzz", "--inside", target,
            f"-max_total_time={seconds}", f"-max_len={MAX_BYTES}", f"-timeout={MAX_SECONDS}",
            f"-rss_limit_mb={MAX_MEGABYTES}", f"-artifact_prefix={CRASHES / target}/",
            "-print_final_stats=1",
        ],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False,
    )  # fmt: skip
    numbers = dict(line.split(":")[-2:] for line in done.stdout.splitlines() if line.startswith("stat::"))
    runs = numbers.get("number_of_executed_units", "?").strip()
    new = numbers.get("new_units_added", "?").strip()
    print(
        f"{target}: {runs} inputs in {seconds} s, {new} reached new code, {'ok' if not done.returncode else 'FAILED'}"
    )
    if done.returncode:
        # The traceback stands before the fuzzer's last words; the folder itself may be gone with the machine.
        told = [line for line in done.stdout.splitlines() if not line.startswith("#")]
        print(*told[-MOST_LINES:], sep="\n", file=sys.stderr)
        for path in (one for one in (CRASHES / target).iterdir() if one.name in done.stdout):
            print(path.name, base64.b64encode(path.read_bytes()).decode(), file=sys.stderr)
    return done.returncode


def inside(target: str, options: list[str]) -> None:
    """Fuzz in this process, which a crash of native code ends."""
    sys.path.insert(0, str(PROGRAMS))
    import atheris  # type: ignore[import-untyped]  # only here: it is installed for this program alone

    with atheris.instrument_imports(include=["funcseek"]):
        from tests.fuzz.targets import TARGETS, seeds
    for number, seed in enumerate(seeds(target)):
        (FOUND / target / f"seed{number}").write_bytes(seed)
    folders = [str(FOUND / target), str(CORPUS / target)]
    atheris.Setup([sys.argv[0], *options, *folders], TARGETS[target])
    atheris.Fuzz()


def main() -> int:
    """Fuzz every target, or those that are named, and return 1 where one failed."""
    words = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    words.add_argument("targets", nargs="*", help="default: all")
    words.add_argument("--seconds", type=int, default=60, help="of the processor, all targets together")
    words.add_argument("--keep", action="store_true", help="make the corpus of what was found, and fuzz nothing")
    words.add_argument("--inside", metavar="TARGET", help=argparse.SUPPRESS)
    chosen, options = words.parse_known_args()
    if chosen.inside:
        inside(chosen.inside, options)
        return 0
    from tests.fuzz.targets import TARGETS

    names = chosen.targets or list(TARGETS)
    seconds = max(1, chosen.seconds // len(names))
    if chosen.keep:
        for name in names:
            keep(name)
        return 0
    with ThreadPoolExecutor(len(names)) as threads:
        return int(any(threads.map(lambda name: run(name, seconds), names)))


if __name__ == "__main__":
    sys.exit(main())
