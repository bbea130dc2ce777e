"""One Guildhall a folder, and none kept out by one that was killed."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from guildhall.embedded.folder_lock import FolderLock
from guildhall.refusals import StartRefused

REPOSITORY = Path(__file__).parents[3]
HOLD = (
    "import sys, time, pathlib; from guildhall.embedded.folder_lock import FolderLock\n"
    "with FolderLock(pathlib.Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
)


def test_a_second_start_is_refused_with_the_process_that_holds_it(tmp_path: Path) -> None:
    wanted = f"in use by another Guildhall \\(process {os.getpid()}\\)"
    with FolderLock(tmp_path / "home"), pytest.raises(StartRefused, match=wanted):
        FolderLock(tmp_path / "home").__enter__()
    with FolderLock(tmp_path / "home"):
        pass


def test_a_killed_holder_leaves_no_lock(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None and holder.stdout.readline() == "held\n"
    with pytest.raises(StartRefused, match=f"process {holder.pid}"):
        FolderLock(tmp_path).__enter__()
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    with FolderLock(tmp_path):
        pass


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StartRefused, match=r"cannot write to .*file/home .*--data DIR"):
        FolderLock(tmp_path / "file" / "home").__enter__()
