"""The version of jobsmock, for the command, the package and what is exported."""

VERSION = "0.1.0"
