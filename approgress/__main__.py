"""`python -m approgress`: the same as the command `approgress`."""

import sys

from approgress.app import main

sys.exit(main())
