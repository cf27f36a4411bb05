"""Writes docs/norrkoping.md from the figures of the commands that it shows.

python -m docs.tools.norrkoping keep      # run every command again (minutes) and keep its figures
python -m docs.tools.norrkoping > docs/norrkoping.md
"""

import sys

from docs.tools.norrkoping.figures import keep
from docs.tools.norrkoping.page import page

if sys.argv[1:2] == ["keep"]:
    keep()
else:
    sys.stdout.write(page())
