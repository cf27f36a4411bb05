"""Writes docs/guarantee-funds.md from the figures of its runs.

python -m docs.tools.guarantee_funds keep results      # figures.json from the newest runs
python -m docs.tools.guarantee_funds > docs/guarantee-funds.md
"""

import sys
from pathlib import Path

from docs.tools.guarantee_funds.figures import keep
from docs.tools.guarantee_funds.page import page

if sys.argv[1:2] == ["keep"]:
    keep(Path(sys.argv[2] if len(sys.argv) > 2 else "results"))
else:
    sys.stdout.write(page())
