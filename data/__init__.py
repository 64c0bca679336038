"""The samples that come with jobsmock, one JSON file each. A package, so that they are installed and found."""
