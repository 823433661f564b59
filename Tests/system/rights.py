"""The rights on Kafka that docs/RIGHTS.md tells, as ACLs that can be granted."""

import re
import subprocess
from typing import NamedTuple

from confluent_kafka.admin import AclBinding, AclOperation, AclPermissionType, ResourcePatternType, ResourceType

from program import ROOT

_DOCUMENT = (ROOT / "docs/RIGHTS.md").read_text()
_SCRIPT = re.search(r"```sh\n(.*?)```", _DOCUMENT, re.DOTALL)[1]
_RESOURCES = {"--topic": "TOPIC", "--group": "GROUP", "--transactional-id": "TRANSACTIONAL_ID"}
_OPERATIONS = {"DescribeConfigs": "DESCRIBE_CONFIGS"}


class Right(NamedTuple):
    operation: str
    resource: str
    name: str
    pattern: str

    def __str__(self):
        return f"{self.operation}-{self.resource}-{self.name}".lower()

    def binding(self, user):
        return AclBinding(
            ResourceType[self.resource], self.name, ResourcePatternType[self.pattern], f"User:{user}", "*",
            AclOperation[self.operation], AclPermissionType.ALLOW)


def documented():
    """The arguments of `allow` for each command, in the order of the table."""
    commands, current = {}, []
    for line in _DOCUMENT.splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) != 4 or not cells[2].startswith("`--operation"):
            continue
        current = re.findall("`(.*?)`", cells[1]) or current
        for command in current:
            commands.setdefault(command, []).append(cells[2].strip("`"))
    return commands


def shell(command, prefix, application, **options):
    """Runs a command in the document's own shell, for topics with this prefix, and copies with `new-` before it."""
    script = re.sub("^P=.*", f"P={prefix}", _SCRIPT, flags=re.MULTILINE)
    script = re.sub("^A=.*", f"A={application}", script, flags=re.MULTILINE)
    script = re.sub("^Q=.*", f"Q=new-{prefix}", script, flags=re.MULTILINE) + command
    return subprocess.run(["bash", "-euc", script], check=True, capture_output=True, text=True, **options).stdout


def rights(arguments, prefix, application):
    """Those that one row of the table grants, one for each operation on each resource."""
    words = iter(shell(f"printf '%s\\n' {arguments}", prefix, application).split())
    operations, resources, pattern = [], [], "LITERAL"
    for word in words:
        value = next(words)
        if word == "--operation":
            operations.append(_OPERATIONS.get(value, value.upper()))
        elif word == "--resource-pattern-type":
            pattern = value.upper()
        else:
            resources.append((_RESOURCES[word], value))
    return [Right(operation, *resource, pattern) for operation in operations for resource in resources]
