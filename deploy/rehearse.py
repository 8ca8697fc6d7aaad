"""Take the Dockerfile's steps without Docker: in an empty folder, line by line, then serve from what they made.

What is the image's root there is a folder here, and base images are the Python that runs this. Where root runs it on Linux, what
was made is served as compose.yaml has it: by the image's user, without any rights, over a root that is read only but for `/tmp`
and `var`. Run from the repository's root. Exits with 1 and the step when one fails.
"""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PATIENCE_SECONDS = 300
_CONFINED = """
root=$1 app=$2 python=$3 user=$4; shift 4
mount -t tmpfs none "$root"
for name in bin sbin lib lib64; do if [ -L "/$name" ]; then ln -s "$(readlink "/$name")" "$root/$name"; fi; done
for each in /usr /etc "$python"; do mkdir -p "$root$each"; mount --bind "$each" "$root$each"; mount -o remount,bind,ro "$root$each"; done
for each in /proc /dev; do mkdir "$root$each"; mount --rbind "$each" "$root$each"; done
mkdir "$root/tmp"; mount -t tmpfs -o mode=1777 none "$root/tmp"
mkdir -p "$root$app"; mount --bind "$app" "$root$app"; mount -o remount,bind,ro "$root$app"
mount --bind "$app/var" "$root$app/var"; mount -o remount,bind,rw "$root$app/var"
mount -o remount,ro "$root"
exec chroot "$root" setpriv --reuid "$user" --regid "$user" --clear-groups --bounding-set=-all --inh-caps=-all --no-new-privs \
    env -C "$app" "$@"
"""
"""Builds, for this process alone, the root that a container would have, and becomes the command in it."""
_KEPT = frozenset(
    {"HOME", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"}
)


def main() -> int:
    """Build both stages, start what the image would start, and ask what the image's own health check asks."""
    with tempfile.TemporaryDirectory(prefix="image-") as scratch:
        root = Path(scratch)
        steps = instructions((ROOT / "Dockerfile").read_text(encoding="utf-8"))
        image = Image(root)
        for kind, rest in steps:
            print(f"{kind} {rest[:110]}", flush=True)
            image.take(kind, rest)
        print(f"The image would hold {size_of(image.app) / 1e6:.0f} MB beside Python.")
        return image.serve()


def instructions(text: str) -> list[tuple[str, str]]:
    """Return the Dockerfile's instructions in order, each with what follows it on one line."""
    joined = re.sub(r"\\\n\s*", "", "\n".join(line for line in text.splitlines() if not line.startswith("#")))
    found = [line.partition(" ") for line in joined.splitlines() if line.strip()]
    return [(kind, rest.strip()) for kind, _, rest in found]


class Image:
    """One image in the making."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.app = root / "app"
        self._stage = ""
        self._built: dict[str, Path] = {}
        # What says how this machine is reached from, and reaches, the network stays; what would be a setting goes.
        self._environment = {name: value for name, value in os.environ.items() if name in _KEPT or "PIP" in name}
        self._environment["PATH"] = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        self._health: list[str] = []
        self._command: list[str] = []
        self._user = ""

    def take(self, kind: str, rest: str) -> None:
        """Take one step. Raises LookupError for an instruction that is not known here, and what the step itself raises."""
        match kind:
            case "FROM":
                self._begin(rest)
            case "WORKDIR":
                self.app.mkdir(parents=True, exist_ok=True)
            case "RUN":
                # The user is Docker's to make; who owns the folder follows from it.
                command = re.sub(r"useradd [^&]*&& | && chown \d+ var", "", rest)
                subprocess.run(self._here(command), shell=True, cwd=self.app, env=self._environment, check=True)
            case "COPY":
                self._copy(rest.split())
            case "ENV":
                for name, value in re.findall(r"(\w+)=(\S+)", self._here(rest)):
                    self._environment[name] = value.replace("$PATH", self._environment["PATH"])
            case "HEALTHCHECK":
                self._health = json.loads(rest[rest.index("[") :])
            case "CMD":
                self._command = json.loads(rest)
            case "USER":
                self._user = rest
            case "VOLUME" | "EXPOSE":
                pass
            case _:
                raise LookupError(f"{kind} is not known here")

    def serve(self) -> int:
        """Start the image's command in production over an empty database; return 0 once its health check passes."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        settings = {
            "PORT": str(port),
            "ENVIRONMENT": "production",
            "BASE_URL": "https://ask.example.org",
            "SECRET_KEY": "nobody will ever use this one again, after the rehearsal",
            "MAIL": f"file:{self.app}/var/mail",
        }
        environment = {**self._environment, **settings}
        process = subprocess.Popen(self._confined(), cwd=self.app, env=environment, start_new_session=True)
        try:
            deadline = time.monotonic() + PATIENCE_SECONDS
            while process.poll() is None and time.monotonic() < deadline:
                if subprocess.run(self._health, env=environment, check=False, capture_output=True).returncode == 0:
                    print("Healthy.")
                    os.kill(process.pid, signal.SIGTERM)
                    status = process.wait(PATIENCE_SECONDS)
                    print(f"It was told to stop, and ended with {status}.")
                    return status
                time.sleep(0.5)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
        print("It never became healthy.", file=sys.stderr)
        return 1

    def _confined(self) -> list[str]:
        """Return the image's command as its user and over a read-only root, where this machine can do that."""
        if os.geteuid() != 0 or not all(map(shutil.which, ("unshare", "chroot", "setpriv"))):
            print("Served by whoever runs this, who may write anywhere: the rest takes Linux and root.")
            return self._command
        root = self._root / "root"
        root.mkdir()
        os.chown(self.app / "var", int(self._user), -1)
        given = (str(root), str(self.app), sys.base_prefix, self._user)
        return ["unshare", "--mount", "sh", "-euc", _CONFINED, "sh", *given, *self._command]

    def _begin(self, rest: str) -> None:
        if self._stage:
            self._built[self._stage] = self._root / f"built-{self._stage}"
            self.app.rename(self._built[self._stage])
        self._stage = rest.rpartition(" AS ")[2] if " AS " in rest else "image"

    def _copy(self, words: list[str]) -> None:
        source = ROOT
        if words[0].startswith("--from="):
            source = self._built[words.pop(0).removeprefix("--from=")]
            words[0] = words[0].removeprefix("/app/")
        *names, target = words
        for name in names:
            place = self.app / target / Path(name).name if target.endswith("/") else self.app / target
            place.parent.mkdir(parents=True, exist_ok=True)
            if (source / name).is_dir():
                left_out = shutil.ignore_patterns(
                    "__pycache__", *(["static", "node_modules"] if source == ROOT else [])
                )
                shutil.copytree(source / name, place, symlinks=True, ignore=left_out, dirs_exist_ok=True)
            else:
                shutil.copy2(source / name, place)

    def _here(self, text: str) -> str:
        return re.sub(r"(?<![\w.])/(app|node)\b", lambda found: f"{self._root}/{found[1]}", text)


def size_of(folder: Path) -> int:
    """Return how many bytes a folder's files have."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


if __name__ == "__main__":
    sys.exit(main())
