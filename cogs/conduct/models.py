"""Tables of the code of conduct are found through this module, those of every part."""

from cogs.conduct.appeals import models as _appeals  # noqa: F401 - tables are found through this module
from cogs.conduct.cases import models as _cases  # noqa: F401
from cogs.conduct.cleaning import models as _cleaning  # noqa: F401
from cogs.conduct.code import models as _code  # noqa: F401
from cogs.conduct.evidence import models as _evidence  # noqa: F401
from cogs.conduct.lockdown import models as _lockdown  # noqa: F401
from cogs.conduct.moderate import models as _moderate  # noqa: F401
from cogs.conduct.reports import models as _reports  # noqa: F401
from cogs.conduct.screening import models as _screening  # noqa: F401
