"""HTTP to the loopback, without the authorities of TLS, which take longer to load than a request takes."""

import httpx

# Each request has a connection of its own, since the other side may be killed in between.
local = httpx.Client(
    verify=False, trust_env=False, timeout=90, limits=httpx.Limits(max_keepalive_connections=0)
)
