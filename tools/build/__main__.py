"""Build the site: `builder` says how."""

import sys

from tools.build import builder
from tools.project import processes

sys.exit(processes.until_stopped(builder.main, builder.LEFT))
