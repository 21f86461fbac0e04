from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "starscal.settings.local")

application = get_wsgi_application()  # loads the apps, which the key needs

from accounts.tokens.ring import key_ring  # noqa: E402

key_ring().signer()  # a web server without a key refuses to start
