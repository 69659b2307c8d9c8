"""Runs a command under strace and says whom it tried to reach outside this machine."""

import ipaddress
import re
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

_REACHES_OUT = re.compile(r"^(?:\d+ +)?(?P<call>connect|sendto|sendmsg|sendmmsg)\(")
_FAMILY = re.compile(r"sa_family=(?P<family>[^,}]+)")
_INTERNET = re.compile(
    r'sa_family=AF_INET, sin_port=htons\((?P<port4>\d+)\), sin_addr=inet_addr\("(?P<ip4>[^"]+)"\)'
    r'|sa_family=AF_INET6, sin6_port=htons\((?P<port6>\d+)\), .*?inet_pton\(AF_INET6, "(?P<ip6>[^"]+)"'
)
_DNS_PORT = 53
_STAYS_HERE = ("AF_UNIX", "AF_LOCAL", "AF_NETLINK", "AF_UNSPEC")
_RESOLVERS = ("/systemd/resolve", "/avahi-daemon/socket")
_NSCD_ASKED_FOR_HOSTS = r"hosts\0"


def outside(trace: Iterable[str]) -> list[str]:
    """The calls of an ``strace -f -e trace=network`` log that look up a name or reach beyond loopback, one a line.

    What a call was given stands in its first line, also where strace cut it in two (``<unfinished ...>``); so the
    second halves, and calls that only receive, need no reading: nothing is received that was not asked for.
    """
    return [line.strip() for line in trace if (found := _REACHES_OUT.match(line)) and _leaves(found["call"], line)]


def _leaves(call: str, line: str) -> bool:
    if call != "connect" and _NSCD_ASKED_FOR_HOSTS in line:
        return True
    families = {match["family"] for match in _FAMILY.finditer(line)} - set(_STAYS_HERE)
    if not families:
        return any(resolver in line for resolver in _RESOLVERS)
    addresses = list(_INTERNET.finditer(line))
    return families - {"AF_INET", "AF_INET6"} != set() or not addresses or not all(map(_is_loopback, addresses))


def _is_loopback(address: re.Match[str]) -> bool:
    if int(address["port4"] or address["port6"]) == _DNS_PORT:
        return False  # a resolver on this machine asks others
    ip = ipaddress.ip_address(address["ip4"] or address["ip6"])
    mapped = ip.ipv4_mapped if isinstance(ip, ipaddress.IPv6Address) else None
    return (mapped or ip).is_loopback


def trace(
    command: Sequence[str], log: Path, folder: Path, environment: Mapping[str, str], within: Sequence[str] = ()
) -> subprocess.CompletedProcess[str]:
    """Run ``command`` in ``folder``, its network calls and its children's written to ``log``.

    ``within`` is a command that runs it in its turn, and is not traced itself.
    """
    strace = ["strace", "-f", "--seccomp-bpf", "-qq", "-e", "trace=network", "-o", str(log)]
    return subprocess.run(
        [*within, *strace, *command], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
