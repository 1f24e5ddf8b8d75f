"""The shop, release 2: wants a module that nobody installed."""

import shop_payments

shop_payments.serve()
