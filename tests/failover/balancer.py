"""HAProxy: addresses that lead to the primary, each in another way, and addresses that lead to the services."""

import contextlib
import socket
from dataclasses import dataclass
from pathlib import Path

from failover.folder import spawn
from failover.node import Node
from failover.programs import program
from stack.processes import is_listening
from stack.waiting import eventually


@dataclass(frozen=True)
class Ports:
    """`primary` cuts the connections to a node that is primary no more, `lasting` leaves them; `manual` leads where
    `lead_to` says."""

    primary: int
    lasting: int
    manual: int


@dataclass(frozen=True)
class ServicePorts:
    """Where the two of each kind listen, and where HAProxy does in front of both."""

    auth: tuple[int, int]
    internal: tuple[int, int]
    api: tuple[int, int]
    balanced_auth: int
    balanced_internal: int
    balanced_api: int


class Balancer:
    def __init__(self, folder: Path, ports: Ports, nodes: tuple[Node, ...], services: ServicePorts) -> None:
        self.ports = ports
        self._folder = folder
        self._nodes = nodes
        self._services = services
        self._socket = folder / "control"

    def start(self) -> None:
        self._folder.mkdir()
        configuration = self._folder / "haproxy.cfg"
        configuration.write_text(self._configuration())
        spawn([program("haproxy"), "-db", "-f", configuration], self._folder)
        eventually(lambda: is_listening(self.ports.manual), within_seconds=60)

    def lead_to(self, wanted: Node) -> None:
        """The address `manual`; connections to where it led before are cut."""
        for node in self._nodes:
            verb = "enable" if node is wanted else "disable"
            self._tell(f"{verb} server manual/{node.name}")
        for node in self._nodes:
            if node is not wanted:
                self._tell(f"shutdown sessions server manual/{node.name}")

    def is_up(self, port: int) -> bool:
        """Whether HAProxy sends requests to the service at this port."""
        rows = [row.split(",") for row in self._tell("show stat").splitlines()]
        return all(row[17].startswith("UP") for row in rows if len(row) > 17 and row[1] == f"at-{port}")

    def _tell(self, command: str) -> str:
        with contextlib.closing(socket.socket(socket.AF_UNIX)) as control:
            control.connect(str(self._socket))
            control.sendall(f"{command}\n".encode())
            return b"".join(iter(lambda: control.recv(65536), b"")).decode()

    def _configuration(self) -> str:
        services = self._services
        return "\n".join(
            [
                _GLOBAL.format(socket=self._socket),
                self._to_primary("primary", self.ports.primary, " on-marked-down shutdown-sessions"),
                self._to_primary("lasting", self.ports.lasting, ""),
                _listen("manual", self.ports.manual, [f"server {n.name} 127.0.0.1:{n.port}" for n in self._nodes]),
                _to_services("auth", services.balanced_auth, services.auth, services.auth),
                _to_services("internal", services.balanced_internal, services.internal, services.auth),
                _to_services("api", services.balanced_api, services.api, services.api),
            ]
        )

    def _to_primary(self, name: str, port: int, when_down: str) -> str:
        checked = f"check inter 500ms fastinter 250ms fall 2 rise 1{when_down}"
        servers = [f"server {n.name} 127.0.0.1:{n.port} {checked} port {n.api_port}" for n in self._nodes]
        return _listen(name, port, ["option httpchk GET /primary", "http-check expect status 200", *servers])


def _listen(name: str, port: int, lines: list[str]) -> str:
    return "\n  ".join([f"listen {name}", f"bind 127.0.0.1:{port}", *lines]) + "\n"


def _to_services(name: str, port: int, targets: tuple[int, int], checked: tuple[int, int]) -> str:
    """What they say about themselves decides. Nothing is tried twice: whoever stops has to say so first."""
    servers = [
        f"server at-{target} 127.0.0.1:{target} check port {check} inter 250ms fall 2 rise 1"
        for target, check in zip(targets, checked, strict=True)
    ]
    lines = ["mode http", "retries 0", "option httpchk GET /health/ready", "http-check expect status 200", *servers]
    return _listen(name, port, lines)


_GLOBAL = """global
  stats socket {socket} mode 600 level admin
defaults
  mode tcp
  timeout connect 1s
  timeout client 1h
  timeout server 1h
  timeout check 1s
"""
