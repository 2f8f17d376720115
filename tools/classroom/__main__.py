"""Pack the two zips for a class: `zips` says what is in them."""

import sys

from tools.classroom import zips

sys.exit(zips.main())
