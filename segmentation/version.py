"""The version, in the one place that packaging, the command line and manifests read."""

VERSION = "0.1.0"
