"""What the command can refuse or fail at; the text is for the person at the terminal and says what to do next.

CommandError
├── DeployError
│   ├── PackagingError   an app cannot be packaged
│   └── StackError       CloudFormation gave up
└── LocalStackError      the local stack cannot do what was asked
"""


class CommandError(Exception):
    """Shown without a traceback; the command ends with status 1."""


class DeployError(CommandError):
    """A deployment did not go through."""
