"""Make a release: `dist` says what is in it."""

import sys

from tools.release import dist

sys.exit(dist.main())
