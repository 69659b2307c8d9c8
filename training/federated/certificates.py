"""Makes what a federation needs to know itself: an authority, a certificate of the server, and a key for each client.

Keys are on the curve P-384, files are PEM; private ones can be read by their owner alone.
"""

import datetime
import ipaddress
import re
from collections.abc import Sequence
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from engines.errors import FederationError, OutputError

AUTHORITY, AUTHORITY_KEY = "authority.pem", "authority.key"
SERVER, SERVER_KEY = "server.pem", "server.key"
CLIENTS = "clients"
_YEARS = 3
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,40}")


def make_certificates(folder: Path, hosts: Sequence[str], clients: Sequence[str]) -> None:
    """An authority and a server certificate for ``hosts`` (names or addresses) where missing, and keys for ``clients``.

    In ``folder``: ``authority.pem`` for everybody, ``server.pem`` and ``server.key`` for the server, and for each
    client ``clients/NAME.pem``, which the server is to know, and ``clients/NAME.key``, which is the client's alone.
    What is there stays. Raises ``FederationError`` if a name cannot be one, and ``OutputError`` if nothing can be
    written.
    """
    for name in clients:
        if not _NAME.fullmatch(name):
            raise FederationError(f"{name!r} is no name for a client: use small letters, digits and hyphens.")
    try:
        (folder / CLIENTS).mkdir(parents=True, exist_ok=True)
        if not (folder / SERVER).exists():
            _make_server(folder, hosts)
        for name in clients:
            if not (folder / CLIENTS / f"{name}.key").exists():
                make_key(folder / CLIENTS / f"{name}.key")
    except OSError as error:
        raise OutputError(f"Cannot write to {folder}: {error.strerror or error}; choose another folder.") from error


def make_key(path: Path) -> None:
    """A private key at ``path``, and beside it, as ``.pem``, its public half. Raises ``OSError``."""
    key = ec.generate_private_key(ec.SECP384R1())
    _write_private(path, key)
    path.with_suffix(".pem").write_bytes(_public(key.public_key()))


def read_key(path: Path) -> ec.EllipticCurvePrivateKey:
    """The private key at ``path``. Raises ``FederationError`` if there is none."""
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        raise FederationError(f"Cannot read the key {path}: {error.strerror or error}.") from error
    except (ValueError, TypeError) as error:
        raise FederationError(f"{path} is no private key: make one with federate certificates.") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise FederationError(f"{path} is a key of another kind: make one with federate certificates.")
    return key


def read_clients(folder: Path) -> dict[str, bytes]:
    """The public keys ``NAME.pem`` of ``folder`` by name. Raises ``FederationError`` if none is there, or bad ones."""
    keys = {}
    for path in sorted(folder.glob("*.pem")):
        try:
            key = serialization.load_pem_public_key(path.read_bytes())
        except (OSError, ValueError) as error:
            raise FederationError(f"{path} is no public key: give the NAME.pem that was made with a key.") from error
        if not isinstance(key, ec.EllipticCurvePublicKey):
            raise FederationError(f"{path} is a public key of another kind: make keys with federate certificates.")
        keys[path.stem] = _public(key)
    if not keys:
        raise FederationError(f"{folder} has no public key NAME.pem: put those of the clients there.")
    return keys


def _make_server(folder: Path, hosts: Sequence[str]) -> None:
    authority_key, key = (ec.generate_private_key(ec.SECP384R1()) for _ in range(2))
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Mien federation")])
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, hosts[0])])
    authority = (
        _begun(issuer, issuer, authority_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(authority_key.public_key()), critical=False)
        .sign(authority_key, hashes.SHA384())
    )
    of_authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())
    server = (
        _begun(subject, issuer, key.public_key())
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([_host(host) for host in hosts]), critical=False)
        .add_extension(of_authority, critical=False)
        .sign(authority_key, hashes.SHA384())
    )
    _write_private(folder / AUTHORITY_KEY, authority_key)
    _write_private(folder / SERVER_KEY, key)
    (folder / AUTHORITY).write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    (folder / SERVER).write_bytes(server.public_bytes(serialization.Encoding.PEM))


def _begun(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))  # clocks differ
        .not_valid_after(now + datetime.timedelta(days=365 * _YEARS))
    )


def _usage(*, signs: bool) -> x509.KeyUsage:
    others = ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement")
    never = dict.fromkeys((*others, "encipher_only", "decipher_only"), False)
    return x509.KeyUsage(digital_signature=not signs, key_cert_sign=signs, crl_sign=signs, **never)


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _public(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def _write_private(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    content = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.touch(mode=0o600)
    path.write_bytes(content)
