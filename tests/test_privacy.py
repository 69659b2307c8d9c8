"""Nothing leaves the machine: no name is looked up and nothing but loopback is reached, whatever the proxies say."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from engines.assets import Assets
from tests.strace import outside, trace

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


@pytest.fixture
def environment() -> dict[str, str]:
    """The worst that a user may have: model files at hand, no display, and a rule that leads around every proxy."""
    if Assets().missing():
        pytest.skip("needs the model files: main.py doctor --fetch")
    hidden = {"DISPLAY", "WAYLAND_DISPLAY", "https_proxy", "HTTPS_PROXY", "NO_PROXY"}
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    return kept | {"no_proxy": "*", "MIEN_OFFLINE": "1", "QT_QPA_PLATFORM": "offscreen"}


def _contacts(command: list[str], folder: Path, environment: dict[str, str]) -> list[str]:
    log = folder / "network.strace"
    done = trace([sys.executable, *command], log, environment)
    assert done.returncode == 0, done.stderr
    return outside(log.read_text(errors="replace").splitlines())


_REACHES_OUT = """
import socket
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
    datagrams.connect(("192.0.2.1", 9))  # an address for documentation; a datagram socket sends nothing to connect
"""


@pytest.mark.usefixtures("_strace_works")
def test_a_program_that_reaches_out_is_caught(tmp_path: Path) -> None:
    assert "192.0.2.1" in _contacts(["-c", _REACHES_OUT], tmp_path, dict(os.environ))[0]
