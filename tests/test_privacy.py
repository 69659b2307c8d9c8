"""Nothing leaves the machine: no name is looked up and nothing but loopback is reached, whatever the proxies say."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from engines.assets import Assets
from tests.strace import outside, trace

# Whole programs start here, and strace slows them.
pytestmark = pytest.mark.timeout(600)

_ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize(
    "line",
    [
        'connect(6, {sa_family=AF_INET, sin_port=htons(443), sin_addr=inet_addr("192.0.2.1")}, 16) = 0',
        '77 connect(6, {sa_family=AF_INET, sin_port=htons(443), sin_addr=inet_addr("192.0.2.1")}, 16) = -1 EINPROGRESS'
        " (Operation now in progress)",
        '77 connect(6, {sa_family=AF_INET, sin_port=htons(443), sin_addr=inet_addr("192.0.2.1")}, 16 <unfinished ...>',
        '77 connect(6, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("127.0.0.53")}, 16) = 0',
        "77 connect(6, {sa_family=AF_INET6, sin6_port=htons(443), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "
        '"2001:db8::1", &sin6_addr), sin6_scope_id=0}, 28) = -1 ENETUNREACH (Network is unreachable)',
        "77 connect(6, {sa_family=AF_INET6, sin6_port=htons(53), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "
        '"::1", &sin6_addr), sin6_scope_id=0}, 28) = 0',
        "77 connect(6, {sa_family=AF_INET6, sin6_port=htons(80), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "
        '"::ffff:192.0.2.1", &sin6_addr), sin6_scope_id=0}, 28) = 0',
        r'77 sendto(6, "\24P\1\0\0\1", 37, MSG_NOSIGNAL, {sa_family=AF_INET, sin_port=htons(53), '
        'sin_addr=inet_addr("192.0.2.53")}, 16) = 37',
        '77 sendmsg(3, {msg_name={sa_family=AF_INET, sin_port=htons(5353), sin_addr=inet_addr("224.0.0.251")}, '
        'msg_namelen=16, msg_iov=[{iov_base="x", iov_len=1}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, 0) = 1',
        '77 sendmmsg(3, [{msg_hdr={msg_name={sa_family=AF_INET, sin_port=htons(9), sin_addr=inet_addr("127.0.0.1")}, '
        'msg_namelen=16}}, {msg_hdr={msg_name={sa_family=AF_INET, sin_port=htons(9), sin_addr=inet_addr("192.0.2.1")}, '
        "msg_namelen=16}}], 2, MSG_NOSIGNAL) = 2",
        '77 connect(7, {sa_family=AF_UNIX, sun_path="/run/systemd/resolve/io.systemd.Resolve"}, 42) = 0',
        '77 connect(7, {sa_family=AF_UNIX, sun_path="/run/avahi-daemon/socket"}, 110) = 0',
        r'77 sendto(7, "\2\0\0\0\r\0\0\0\6\0\0\0hosts\0", 18, MSG_NOSIGNAL, NULL, 0) = 18',
        "77 connect(7, {sa_family=AF_VSOCK, svm_cid=0x2, svm_port=0x1}, 16) = 0",
        '77 connect(7, {sa_family=0x31 /* AF_??? */, sa_data="abc"}, 16) = 0',
    ],
)
def test_a_call_that_leaves_the_machine_is_seen(line: str) -> None:
    assert outside([line]) == [line]


@pytest.mark.parametrize(
    "line",
    [
        "77 socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC|SOCK_NONBLOCK, IPPROTO_TCP) = 6",
        '77 connect(6, {sa_family=AF_INET, sin_port=htons(9), sin_addr=inet_addr("127.0.0.1")}, 16) = -1 EINPROGRESS',
        '77 connect(6, {sa_family=AF_INET6, sin6_port=htons(9), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "::1", '
        "&sin6_addr), sin6_scope_id=0}, 28) = 0",
        "77 connect(6, {sa_family=AF_INET6, sin6_port=htons(9), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "
        '"::ffff:127.0.0.1", &sin6_addr), sin6_scope_id=0}, 28) = 0',
        '77 connect(6, {sa_family=AF_UNIX, sun_path="/var/run/nscd/socket"}, 110) = -1 ENOENT (No such file)',
        '77 connect(6, {sa_family=AF_UNIX, sun_path=@"/tmp/.X11-unix/X99"}, 20) = 0',
        '77 connect(6, {sa_family=AF_UNIX, sun_path="/run/systemd/userdb/io.systemd.DynamicUser"}, 45) = 0',
        r'77 sendto(7, "\2\0\0\0\1\0\0\0\2\0\0\0000\0", 14, MSG_NOSIGNAL, NULL, 0) = 14',
        "77 sendto(3, [{nlmsg_len=20, nlmsg_type=RTM_GETADDR}, {ifa_family=AF_UNSPEC}], 20, 0, "
        "{sa_family=AF_NETLINK, nl_pid=0, nl_groups=00000000}, 12) = 20",
        "77 connect(6, {sa_family=AF_UNSPEC, sa_data=...}, 16) = 0",
        "77 <... connect resumed>) = 0",
        '77 bind(6, {sa_family=AF_INET, sin_port=htons(0), sin_addr=inet_addr("0.0.0.0")}, 16) = 0',
        "77 --- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=78} ---",
        "77 +++ exited with 0 +++",
    ],
)
def test_a_call_that_stays_on_the_machine_is_left_alone(line: str) -> None:
    assert outside([line]) == []


@pytest.fixture(scope="module")
def _strace_works() -> None:
    if shutil.which("strace") is None:
        pytest.skip("needs strace")
    if subprocess.run(["strace", "-f", "-o", os.devnull, "true"], capture_output=True, check=False).returncode != 0:
        pytest.skip("may not trace processes here")


@pytest.fixture(scope="module")
def environment(assets: Assets, child_environment: dict[str, str]) -> dict[str, str]:
    """The worst that a user may have: no display, the model files at hand, and a rule that leads around every proxy.

    Nothing says that this is a test machine, which would keep OpenVINO silent.
    """
    assert not assets.missing()
    hidden = ("DISPLAY", "_PROXY", "TF_BUILD", "JENKINS_URL")
    given = child_environment.items()
    kept = {name: value for name, value in given if name != "CI" and not name.upper().endswith(hidden)}
    return kept | {"no_proxy": "*", "MIEN_OFFLINE": "1"}


def _contacts(command: list[str], folder: Path, environment: dict[str, str], within: Sequence[str] = ()) -> list[str]:
    log = folder / "network.strace"
    done = trace(command, log, folder, environment, within)
    assert done.returncode == 0, done.stdout + done.stderr
    return outside(log.read_text(errors="replace").splitlines())


_REACHES_OUT = """
import socket
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
    datagrams.connect(("192.0.2.1", 9))  # an address for documentation; a datagram socket sends nothing to connect
"""


@pytest.mark.usefixtures("_strace_works")
def test_a_program_that_reaches_out_is_caught(tmp_path: Path) -> None:
    contacts = _contacts([sys.executable, "-c", _REACHES_OUT], tmp_path, dict(os.environ))
    assert len(contacts) == 1
    assert "192.0.2.1" in contacts[0]


@pytest.fixture(scope="module")
def demo(
    _strace_works: None, environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> tuple[list[str], Path]:
    """Whom the demo reached, which makes a clip and reads it by the whole video path; and the folder of its results."""
    folder = tmp_path_factory.mktemp("demo")
    contacts = _contacts([sys.executable, str(_ROOT / "scripts" / "demo.py")], folder, environment)
    return contacts, folder / "mien-output"


def test_reading_a_video_reaches_nobody(demo: tuple[list[str], Path]) -> None:
    contacts, results = demo
    assert contacts == []
    summary = json.loads((results / "demo.json").read_text(encoding="utf-8"))
    assert summary["frames_with_faces"] > 0.9 * summary["frames"], "without a face, not all of the path was run"
    assert (results / "demo.annotated.mp4").stat().st_size > 0


_WINDOW = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from gui.app import list_cameras, open_at_its_own_speed
from gui.controller import Controller
from gui.window import Window
from realtime.options import Options

app = QApplication([])
controller = Controller(open_at_its_own_speed, list_cameras)
window = Window(controller, Options(source=sys.argv[1]))
shown = []

def look(scene):
    # Not after so many: a window that is traced may come to no more than the last picture of a film of some seconds.
    if scene.faces and not shown:
        shown.extend(scene.faces)
        QTimer.singleShot(2000, lambda: app.exit(0))

controller.shown.connect(look)
controller.failed.connect(lambda line: app.exit(1))
controller.stopped.connect(lambda: app.exit(2))
controller.refresh_cameras()
window.show()
window.start()
code = app.exec()
controller.shutdown(10.0)
sys.exit(code)
"""


@pytest.mark.parametrize("platform", ["offscreen", "xcb"])
def test_the_window_reaches_nobody(
    demo: tuple[list[str], Path], tmp_path: Path, environment: dict[str, str], platform: str
) -> None:
    if platform == "xcb" and shutil.which("xvfb-run") is None:
        pytest.skip("needs xvfb-run for a real window")
    display = ["xvfb-run", "-a"] if platform == "xcb" else []
    command = [sys.executable, "-c", _WINDOW, str(demo[1] / "demo.mp4")]
    # Xvfb stands outside of what is traced: it looks up this machine's own name.
    assert _contacts(command, tmp_path, environment | {"QT_QPA_PLATFORM": platform}, display) == []
