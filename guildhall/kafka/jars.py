"""Where Apache Kafka comes from: the jars that `deploy/kafka/pom.xml` names, brought once by Maven."""

import hashlib
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from guildhall.refusals import StartRefused

OLDEST_JAVA = 17
_CHECKOUT = Path(__file__).resolve().parents[2]
POM = _CHECKOUT / "deploy" / "kafka" / "pom.xml"
LOGGING = _CHECKOUT / "deploy" / "kafka" / "log4j2.properties"
TOOLS = _CHECKOUT / ".tools" / "kafka"
_BRINGING_SECONDS_MAX = 900


def what_is_missing() -> str | None:
    """Why no broker can be launched on this machine, or None."""
    java = shutil.which("java")
    if java is None:
        return f"no java on this machine (Java {OLDEST_JAVA} or newer runs Kafka)"
    version = _java_version(java)
    if version < OLDEST_JAVA:
        return f"java is version {version}, and Kafka needs {OLDEST_JAVA} or newer"
    if not _folder().exists() and shutil.which("mvn") is None:
        return "no mvn on this machine (Maven brings Kafka's jars)"
    return None


def bring_jars() -> Path:
    """The folder of the jars, brought by Maven where they are not there yet. Raises StartRefused."""
    folder = _folder()
    if folder.exists():
        return folder
    missing = what_is_missing()
    if missing is not None:
        raise StartRefused(f"{missing}: install it, or set KAFKA_BOOTSTRAP to a cluster")
    TOOLS.mkdir(parents=True, exist_ok=True)
    bringing = Path(tempfile.mkdtemp(prefix="bringing-", dir=TOOLS))
    try:
        _bring(bringing)
        bringing.rename(folder)
    except OSError:
        if not folder.exists():  # else another start was quicker
            raise
    finally:
        shutil.rmtree(bringing, ignore_errors=True)
    return folder


def _bring(folder: Path) -> None:
    log = TOOLS / "maven.log"
    with log.open("wb") as out:
        done = subprocess.run(
            [
                *("mvn", "--batch-mode", "--quiet", "--no-transfer-progress", "--strict-checksums"),
                *("-f", POM, "dependency:copy-dependencies"),
                *(f"-DoutputDirectory={folder}", "-DincludeScope=runtime"),
            ],
            stdout=out,
            stderr=out,
            stdin=subprocess.DEVNULL,
            timeout=_BRINGING_SECONDS_MAX,
            check=False,
        )
    if done.returncode != 0:
        raise StartRefused(f"Maven could not bring Kafka: see {log}")


def _folder() -> Path:
    """Named by the text of the pom: another version has another folder."""
    return TOOLS / hashlib.sha256(POM.read_bytes()).hexdigest()[:16]


def _java_version(java: str) -> int:
    answer = subprocess.run([java, "-version"], capture_output=True, text=True, check=False, timeout=60)
    match = re.search(r'version "(\d+)', answer.stderr + answer.stdout)
    return int(match[1]) if match else 0
