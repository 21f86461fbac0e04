from __future__ import annotations

import os

from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "starscal.settings.local")

http_application = get_asgi_application()  # loads the apps, which the routes below need

from accounts.tokens.ring import key_ring  # noqa: E402
from events.routing import websocket_urlpatterns  # noqa: E402
from events.streams import LiveStreams  # noqa: E402
from starscal.turnstile import turnstile  # noqa: E402
from telegram_link.configuration import bot_mode_log  # noqa: E402
from telegram_link.deliveries import TelegramDeliveries  # noqa: E402

key_ring().signer()  # a web server without a key refuses to start
bot_mode_log()

application = ProtocolTypeRouter(
    {
        "http": LiveStreams(TelegramDeliveries(turnstile(http_application))),
        "websocket": URLRouter(websocket_urlpatterns),
    }
)
